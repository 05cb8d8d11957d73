// One lane of the Vector unit. Two stages, each a multiplication, one rounding and clipping:
//
//   scale: (a + bias) x multiplier >> shift                          REQUANTIZE, MAP, SOFTMAX's exponentials, LAYER_NORM's x^
//   gain:  value x gain + addend >> shift, or sums of squares        LAYER_NORM's outputs, ADD
//
// Latency: scale four cycles to its outputs; gain one to its sum, whose rounding is combinational. Throughput: one value a cycle in each.
// Ordering: kept. Overflow: a square is at most 2^30, 1024 of them 2^40; x^ x G + B and a x Ma + b x Mb take 33 bits.
module hil_vector_lane (
  input  logic        clk_i,
  // Scale.
  input  logic [31:0] acc_i,
  input  logic [31:0] bias_i,
  input  logic [15:0] multiplier_i,
  input  logic [5:0]  shift_i,
  output logic [47:0] product_o,
  output logic [7:0]  index_o,
  output logic [7:0]  narrow_o,
  output logic [15:0] wide_o,
  // The operand, times a factor: registered while hold_i is 0.
  input  logic [15:0] x_i,
  input  logic [15:0] factor_i,
  input  logic        hold_i,
  output logic [31:0] scaled_o,
  // Gain: of the operand of the cycle before, or of scale's output; its square, added up, from zero after clear_i.
  input  logic [15:0] other_i,
  input  logic        clear_i,
  input  logic        square_i,
  input  logic        gain_en_i,
  input  logic        normed_i,
  input  logic [15:0] gain_i,
  input  logic [31:0] offset_i,
  output logic [40:0] squares_o,
  input  logic [5:0]  narrow_shift_i,
  input  logic [5:0]  wide_shift_i,
  output logic [7:0]  gained_narrow_o,
  output logic [15:0] gained_wide_o
);
  hil_scale_lane u_scale (
    .clk_i,
    .acc_i,
    .bias_i,
    .multiplier_i,
    .shift_i,
    .product_o,
    .index_o,
    .narrow_o,
    .wide_o
  );

  hil_product #(
    .Registered(1'b1)
  ) u_factor (
    .clk_i,
    .en_i     (!hold_i),
    .a_i      (x_i),
    .b_i      (factor_i),
    .product_o(scaled_o)
  );

  logic [15:0] x_q;
  always_ff @(posedge clk_i) x_q <= other_i;

  logic [31:0]        gained;
  logic signed [40:0] sum_q, addend;
  hil_product u_gain (
    .clk_i,
    .en_i     (1'b1),
    .a_i      (normed_i ? wide_o : x_q),
    .b_i      (square_i ? x_q : gain_i),
    .product_o(gained)
  );
  assign addend = square_i ? sum_q : 41'(signed'(normed_i ? offset_i : scaled_o));
  always_ff @(posedge clk_i) begin
    if (clear_i) sum_q <= '0;
    else if (gain_en_i) sum_q <= 41'(signed'(gained)) + addend;
  end
  assign squares_o = sum_q;

  logic [7:0]  index_wide, narrow_wide, index_narrow;
  logic [15:0] wide_narrow;
  hil_round_shift #(
    .Width(33)
  ) u_round_wide (
    .value_i (sum_q[32:0]),
    .shift_i (wide_shift_i),
    .index_o (index_wide),
    .narrow_o(narrow_wide),
    .wide_o  (gained_wide_o)
  );
  // Where both outputs can be written at once, each has a rounding of its own.
  if (hil_machine_pkg::VectorPorts > 2) begin : gen_both
    hil_round_shift #(
      .Width(33)
    ) u_round_narrow (
      .value_i (sum_q[32:0]),
      .shift_i (narrow_shift_i),
      .index_o (index_narrow),
      .narrow_o(gained_narrow_o),
      .wide_o  (wide_narrow)
    );
  end else begin : gen_shared
    assign gained_narrow_o = narrow_wide;
    assign index_narrow    = '0;
    assign wide_narrow     = '0;
    logic unused;
    assign unused = ^narrow_shift_i;
  end
  logic unused;
  assign unused = ^{index_wide, narrow_wide, index_narrow, wide_narrow};
endmodule
