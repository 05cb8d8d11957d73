// A sum of products of signed 16-bit numbers, in two's complement of 42 bits. Boards may replace hil_product by a vendor's multiplier.
// Latency: factors given in one cycle are multiplied in the next, the sum has them in the one after. Throughput: one product a cycle.
// Overflow: 1024 squares of int16 are at most 2^40 (LAYER_NORM); two products and less elsewhere.
module hil_serial_sums (
  input  logic        clk_i,
  input  logic [2:0]  sums_i,
  input  logic        gate_i,
  input  logic [15:0] a_i,
  input  logic        b_we_i,
  input  logic [15:0] b_i,
  output logic [47:0] sum_o
);
  logic [15:0]        a_q, b_q;
  logic [31:0]        product;
  logic signed [41:0] sum_q;
  logic               keep, add;
  always_ff @(posedge clk_i) begin
    a_q <= a_i;
    if (b_we_i) b_q <= b_i;
  end
  hil_product u_product (.clk_i, .en_i(1'b1), .a_i(a_q), .b_i(b_q), .product_o(product));

  // 1 the product, 2 add it, 3 add it if let through, 4 zero.
  assign keep = sums_i != 3'd1 && sums_i != 3'd4;
  assign add  = sums_i == 3'd1 || sums_i == 3'd2 || (sums_i == 3'd3 && gate_i);
  always_ff @(posedge clk_i) sum_q <= (keep ? sum_q : 42'sd0) + (add ? 42'(signed'(product)) : 42'sd0);
  assign sum_o = 48'(sum_q);
endmodule
