// Properties of hil_round_shift: every value and shift against the definition (numerics, section 1): the quotient by a power of two, rounded
// half to even, then clipped.
module formal_round_shift (
  input logic                  clk_i,
  input logic [`HIL_WIDTH-1:0] value_i,
  input logic [5:0]            shift_i
);
  localparam int unsigned Width = `HIL_WIDTH;

  logic [7:0]  index, narrow;
  logic [15:0] wide;
  hil_round_shift #(
    .Width(Width)
  ) dut (
    .value_i,
    .shift_i,
    .index_o (index),
    .narrow_o(narrow),
    .wide_o  (wide)
  );

  // The value over 64 bits of fraction.
  logic signed [Width+63:0] exact, shifted;
  logic signed [Width:0]    floor, rounded;
  logic        [63:0]       fraction;
  logic                     up;
  assign exact    = {value_i, 64'b0};
  assign shifted  = exact >>> shift_i;
  assign floor    = {shifted[Width+63], shifted[Width+63:64]};
  assign fraction = shifted[63:0];
  assign up       = fraction > 64'h8000_0000_0000_0000 || (fraction == 64'h8000_0000_0000_0000 && floor[0]);
  assign rounded  = up ? floor + 1 : floor;

  logic signed [Width:0] as_index, as_narrow, as_wide;
  assign as_index  = rounded > 127 ? 127 : rounded < -128 ? -128 : rounded;
  assign as_narrow = rounded > 127 ? 127 : rounded < -127 ? -127 : rounded;
  assign as_wide   = rounded > 32767 ? 32767 : rounded < -32767 ? -32767 : rounded;
  always_ff @(posedge clk_i) begin
    assert (index == as_index[7:0]);
    assert (narrow == as_narrow[7:0]);
    assert (wide == as_wide[15:0]);
  end
endmodule
