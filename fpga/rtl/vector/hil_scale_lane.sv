// One lane of requantization: (accumulator + bias, saturated) x multiplier, one rounding half to even, clipped (numerics, section 5).
// Latency: four cycles from the inputs to the outputs, three to the product. Throughput: one value a cycle. Ordering: kept.
// Overflow: a 32-bit value times a 16-bit unsigned multiplier takes 48 bits signed.
module hil_scale_lane (
  input  logic        clk_i,
  input  logic [31:0] acc_i,
  input  logic [31:0] bias_i,
  input  logic [15:0] multiplier_i,
  // Of the value that entered three cycles before.
  input  logic [5:0]  shift_i,
  output logic [47:0] product_o,
  // Clipped to -128..127 (table index), -127..127, -32767..32767.
  output logic [7:0]  index_o,
  output logic [7:0]  narrow_o,
  output logic [15:0] wide_o
);
  logic signed [32:0] sum;
  logic signed [31:0] sum_q;
  logic        [15:0] multiplier_q;

  assign sum = 33'(signed'(acc_i)) + 33'(signed'(bias_i));

  always_ff @(posedge clk_i) begin
    sum_q        <= sum[32] == sum[31] ? sum[31:0] : {sum[32], {31{!sum[32]}}};
    multiplier_q <= multiplier_i;
  end

  hil_multiply u_multiply (
    .clk_i,
    .value_i     (sum_q),
    .multiplier_i(multiplier_q),
    .product_o
  );

  logic [7:0]  index, narrow;
  logic [15:0] wide;
  hil_round_shift #(
    .Width(48)
  ) u_round (
    .value_i (product_o),
    .shift_i,
    .index_o (index),
    .narrow_o(narrow),
    .wide_o  (wide)
  );

  always_ff @(posedge clk_i) begin
    index_o  <= index;
    narrow_o <= narrow;
    wide_o   <= wide;
  end
endmodule
