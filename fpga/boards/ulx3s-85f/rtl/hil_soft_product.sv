// A product of two signed bytes without a multiplier: the second factor's bits choose what is added, the highest one is subtracted.
// Latency: none. Throughput: one product a cycle. Ordering: kept. Overflow: none.
module hil_soft_product (
  input  logic [7:0]  a_i,
  input  logic [7:0]  b_i,
  output logic [15:0] product_o
);
  logic [15:0] wide;
  assign wide = {{8{a_i[7]}}, a_i};
  always_comb begin
    product_o = b_i[7] ? 16'b0 - (wide << 7) : 16'b0;
    for (int unsigned i = 0; i < 7; i++) product_o = product_o + (b_i[i] ? wide << i : 16'b0);
  end
endmodule
