// hil_array_row on the UP5K: two neighbouring cells share one SB_MAC16 that works as two 8x8 products.
// Written out by hand: inference merges registers of a weight-stationary array into the blocks wrongly.
// Latency, throughput, ordering: as fpga/rtl/compute/hil_array_row.sv. Columns is even.
module hil_array_row #(
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 18
) (
  input  logic                     clk_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic                     weights_we_i,
  input  logic                     swap_i,
  input  logic [7:0]               act_i,
  input  logic [Columns*PsumW-1:0] psums_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  logic [Columns:0]       swap;
  logic [Columns*8+7:0]   act;
  logic [Columns*8-1:0]   active;
  logic [Columns*16-1:0]  products;

  assign swap[0]  = swap_i;
  assign act[7:0] = act_i;

  for (genvar p = 0; p < Columns / 2; p++) begin : gen_pair
    SB_MAC16 #(
      .A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b1), .TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10)
    ) u_products (
      .A(act[p*16+:16]), .B(active[p*16+:16]), .O(products[p*32+:32]), .CLK(clk_i), .CE(1'b1), .C(16'b0), .D(16'b0),
      .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
      .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
      .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
    );
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_cell
    logic [7:0]       shadow_q, active_q, act_q;
    logic             swap_q;
    logic [PsumW-1:0] psum_q;

    assign active[c*8+:8]          = active_q;
    assign swap[c+1]               = swap_q;
    assign act[c*8+8+:8]           = act_q;
    assign psums_o[c*PsumW+:PsumW] = psum_q;

    always_ff @(posedge clk_i) begin
      if (weights_we_i) shadow_q <= weights_i[c*8+:8];
      if (swap[c]) active_q <= shadow_q;
      swap_q <= swap[c];
      act_q  <= act[c*8+:8];
      psum_q <= psums_i[c*PsumW+:PsumW] + {{(PsumW - 16){products[c*16+15]}}, products[c*16+:16]};
    end
  end

  // What leaves the last column goes nowhere.
  logic unused;
  assign unused = ^{swap[Columns], act[Columns*8+:8]};
endmodule
