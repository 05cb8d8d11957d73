// hil_array_row on the ECP5, whose 156 multipliers are fewer than the cells of the array and the vector unit want: the first row's products are made of LUTs.
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

  if (Columns % 2 != 0) $error("columns come in pairs");

  // act[p] and take[p] are those that pair p registers.
  logic [Pairs*8+7:0] act;
  logic [Pairs:0]     take;

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

    for (genvar c = 2 * p; c < 2 * p + 2; c++) begin : gen_cell
      logic [7:0]       weight_q;
      logic [15:0]      product;
      logic [PsumW-1:0] north, south;

      if (First) begin : gen_luts
        hil_soft_product u_product (.a_i(act_q), .b_i(weight_q), .product_o(product));
        assign north = '0;
      end else begin : gen_block
        assign product = signed'(act_q) * signed'(weight_q);
        assign north   = psums_i[c*PsumW+:PsumW];
      end

      assign psums_o[c*PsumW+:PsumW] = south;
      always_ff @(posedge clk_i) begin
        if (take[p]) weight_q <= weights_i[c*8+:8];
        south <= clear_i ? '0 : north + {{(PsumW - 16){product[15]}}, product};
      end
    end
  end

  // What leaves the last pair goes nowhere; the first row has nothing to its north.
  logic unused;
  assign unused = ^{take[Pairs], act[Pairs*8+:8], psums_i};
endmodule
