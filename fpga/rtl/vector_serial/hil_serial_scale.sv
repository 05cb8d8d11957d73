// A stream of 16-bit digits, lowest first, times a 16-bit multiplier, times a power of two below 2^16: two multipliers that each keep what
// is above the digit given for the next one, so that the stream's length is the only width.
//
//   digit_i -> (x multiplier + carry) -> low half -> (x 2^g + carry) -> low half -> scaled_o
//
// Latency: a digit given in cycle t is scaled_o in t+3. Throughput: a digit a cycle. Ordering: kept.
// Overflow: (2^16-1)^2 + 2^16-1 is below 2^32. A two's complement number ends with digits of its sign.
module hil_serial_scale (
  input  logic        clk_i,
  // first_i begins a number: what the one before it carried is dropped.
  input  logic        first_i,
  input  logic [15:0] digit_i,
  // Loaded with load_i, for the digits given in that cycle and later.
  input  logic        load_i,
  input  logic [15:0] multiplier_i,
  // The number's shift: looked at in the two cycles after first_i. g is its negative, modulo 16.
  input  logic [5:0]  shift_i,
  output logic [15:0] scaled_o,
  // With the first digit of scaled_o; and which digit of it the shift leads to.
  output logic        first_o,
  output logic [2:0]  digit_o
);
  logic [2:0]  first_q;
  logic [3:0]  power;
  logic [31:0] product, scaled;
  logic [15:0] product_carry, scaled_carry;
  always_ff @(posedge clk_i) begin
    first_q <= {first_q[1:0], first_i};
    if (first_q[1]) digit_o <= {1'b0, shift_i[5:4]} + 3'(shift_i[3:0] != '0);
  end
  assign power         = 4'd0 - shift_i[3:0];
  assign first_o       = first_q[2];
  assign product_carry = first_q[0] ? 16'b0 : product[31:16];
  assign scaled_carry  = first_q[1] ? 16'b0 : scaled[31:16];

  hil_serial_multiply u_product (
    .clk_i,
    .a_i    (digit_i),
    .b_i    (multiplier_i),
    .b_we_i (load_i),
    .carry_i(product_carry),
    .o_o    (product)
  );
  hil_serial_multiply #(.DirectA(1'b1)) u_scaled (
    .clk_i,
    .a_i    (product[15:0]),
    .b_i    (16'b1 << power),
    .b_we_i (first_q[0]),
    .carry_i(scaled_carry),
    .o_o    (scaled)
  );
  assign scaled_o = scaled[15:0];
endmodule
