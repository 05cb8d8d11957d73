// hil_array_row on the UP5K: the two cells of a pair share one SB_MAC16 that works as two 8x8 products. Its input registers hold the
// activation and the weights; in the first row its product registers hold the sums.
// Written out by hand: inference merges registers of a weight-stationary array into the blocks wrongly.
// Latency, throughput, ordering: as fpga/rtl/compute/hil_array_row.sv.
module hil_array_row #(
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 18,
  parameter bit          First   = 1'b0
) (
  input  logic                     clk_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic                     take_i,
  input  logic                     clear_i,
  input  logic [7:0]               act_i,
  input  logic [Columns*PsumW-1:0] psums_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  localparam int unsigned Pairs = Columns / 2;

  // act[p] and take[p] are those that pair p registers.
  logic [Pairs*8+7:0]    act;
  logic [Pairs:0]        take;
  logic [Columns*16-1:0] products;

  assign act[7:0] = act_i;
  assign take[0]  = take_i;

  for (genvar p = 0; p < Pairs; p++) begin : gen_pair
    logic [7:0] act_q;
    logic       take_q;
    assign act[p*8+8+:8] = act_q;
    assign take[p+1]     = take_q;
    always_ff @(posedge clk_i) begin
      act_q  <= act[p*8+:8];
      take_q <= take[p];
    end

    SB_MAC16 #(
      .A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b1), .TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10),
      .A_REG(1'b1), .B_REG(1'b1), .TOP_8x8_MULT_REG(First), .BOT_8x8_MULT_REG(First)
    ) u_products (
      .A({act[p*8+:8], act[p*8+:8]}), .B(weights_i[p*16+:16]), .BHOLD(!take[p]), .O(products[p*32+:32]), .CLK(clk_i), .CE(1'b1),
      .C(16'b0), .D(16'b0), .AHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
      .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
      .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
    );
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_cell
    logic [PsumW-1:0] product;
    assign product = {{(PsumW - 16){products[c*16+15]}}, products[c*16+:16]};
    if (First) begin : gen_product
      assign psums_o[c*PsumW+:PsumW] = product;
    end else begin : gen_sum
      logic [PsumW-1:0] psum_q;
      assign psums_o[c*PsumW+:PsumW] = psum_q;
      always_ff @(posedge clk_i) psum_q <= clear_i ? '0 : psums_i[c*PsumW+:PsumW] + product;
    end
  end

  // What leaves the last pair goes nowhere; the first row has nothing to its north.
  logic unused;
  assign unused = ^{take[Pairs], act[Pairs*8+:8], psums_i, clear_i};
endmodule
