// One lane of requantization: (accumulator + bias, saturated) x multiplier, one rounding half to even, clipped (numerics, section 5).
// Latency: four cycles from the inputs to the outputs. Throughput: one value a cycle. Ordering: kept.
// Overflow: a 32-bit value times a 16-bit unsigned multiplier takes 48 bits signed.
module hil_scale_lane (
  input  logic        clk_i,
  input  logic [31:0] acc_i,
  input  logic [31:0] bias_i,
  input  logic [15:0] multiplier_i,
  // Of the value that entered three cycles before.
  input  logic [5:0]  shift_i,
  // Clipped to -128..127 (table index), -127..127, -32767..32767.
  output logic [7:0]  index_o,
  output logic [7:0]  narrow_o,
  output logic [15:0] wide_o
);
  logic signed [32:0] sum;
  logic signed [31:0] sum_q;
  logic        [15:0] multiplier_q;
  logic        [47:0] product;

  assign sum = 33'(signed'(acc_i)) + 33'(signed'(bias_i));

  always_ff @(posedge clk_i) begin
    sum_q        <= sum[32] == sum[31] ? sum[31:0] : {sum[32], {31{!sum[32]}}};
    multiplier_q <= multiplier_i;
  end

  hil_multiply u_multiply (
    .clk_i,
    .value_i     (sum_q),
    .multiplier_i(multiplier_q),
    .product_o   (product)
  );

  // A shift by stages, with one bit more below for the half and all that falls out gathered.
  logic signed [48:0] shifted;
  logic               sticky;
  always_comb begin
    shifted = {product, 1'b0};
    sticky  = 1'b0;
    for (int unsigned s = 0; s < 6; s++) begin
      if (shift_i[s]) begin
        // The bits that fall out: 2^s of them, at most all.
        sticky  = sticky || (shifted & ((49'd1 << (1 << s)) - 49'd1)) != '0;
        shifted = shifted >>> (1 << s);
      end
    end
  end

  logic signed [48:0] rounded;
  assign rounded = 49'(signed'(shifted[48:1])) + 49'(shifted[0] && (sticky || shifted[1]));

  logic sign, fits8, fits16;
  assign sign   = rounded[48];
  assign fits8  = rounded[48:7] == {42{sign}};
  assign fits16 = rounded[48:15] == {34{sign}};

  always_ff @(posedge clk_i) begin
    index_o  <= fits8 ? rounded[7:0] : {sign, {7{!sign}}};
    narrow_o <= fits8 && rounded[7:0] != 8'h80 ? rounded[7:0] : {sign, {6{!sign}}, 1'b1};
    wide_o   <= fits16 && rounded[15:0] != 16'h8000 ? rounded[15:0] : {sign, {14{!sign}}, 1'b1};
  end
endmodule
