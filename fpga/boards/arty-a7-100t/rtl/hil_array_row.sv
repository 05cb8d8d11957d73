// hil_array_row on the Artix-7: the two cells of a pair share one DSP48E1, whose 25-bit factor holds both weights, 16 bits apart.
// The product of the lower weight reaches into the upper one's bits by its sign; the adder of the upper sum takes that back with its carry.
// Two int8 products a DSP block are a known idea (AMD WP486, there for the larger blocks of a later family, 18 bits apart).
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
    logic [7:0]         low, high;
    logic signed [24:0] weights_q;
    logic signed [7:0]  act_q;
    logic signed [32:0] product;
    logic [15:0]        upper;
    logic               take_q;

    assign {high, low}       = weights_i[p*16+:16];
    assign act[p*8+8+:8]     = act_q;
    assign take[p+1]         = take_q;
    assign product           = weights_q * act_q;
    // The carry makes of it the upper product.
    assign upper             = product[31:16];

    // (high << 16) + low, both signed.
    always_ff @(posedge clk_i) begin
      act_q  <= act[p*8+:8];
      take_q <= take[p];
      if (take[p]) weights_q <= {{high[7], high} - {8'b0, low[7]}, {8{low[7]}}, low};
    end

    logic [PsumW-1:0] south_low, south_high, north_low, north_high;
    assign north_low  = First ? '0 : psums_i[2*p*PsumW+:PsumW];
    assign north_high = First ? '0 : psums_i[(2*p+1)*PsumW+:PsumW];
    assign psums_o[2*p*PsumW+:PsumW]     = south_low;
    assign psums_o[(2*p+1)*PsumW+:PsumW] = south_high;
    always_ff @(posedge clk_i) begin
      south_low  <= clear_i ? '0 : north_low + {{(PsumW - 16){product[15]}}, product[15:0]};
      south_high <= clear_i ? '0 : north_high + {{(PsumW - 16){upper[15]}}, upper} + {{(PsumW - 1){1'b0}}, product[15]};
    end

    // Its sign, twice.
    logic unused;
    assign unused = product[32];
  end

  // What leaves the last pair goes nowhere; the first row has nothing to its north.
  logic unused;
  assign unused = ^{take[Pairs], act[Pairs*8+:8], psums_i};
endmodule
