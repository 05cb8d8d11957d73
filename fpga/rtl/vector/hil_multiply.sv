// A signed 32-bit value times an unsigned 16-bit multiplier. Boards may replace it by a vendor's multipliers.
// Latency: two cycles. Throughput: one product a cycle. Ordering: kept. Overflow: none, 48 bits hold every product.
module hil_multiply (
  input  logic        clk_i,
  input  logic [31:0] value_i,
  input  logic [15:0] multiplier_i,
  output logic [47:0] product_o
);
  logic signed [47:0] product_q;
  always_ff @(posedge clk_i) begin
    product_q <= 48'(signed'(value_i) * signed'({1'b0, multiplier_i}));
    product_o <= product_q;
  end
endmodule
