// A sum of products of signed 16-bit numbers, in two's complement of 42 bits. Boards may replace it by a vendor's multiplier.
// Latency: the sum has a cycle's product in the next. Throughput: one product a cycle.
// Overflow: 1024 squares of int16 are at most 2^40 (LAYER_NORM); two products and less elsewhere.
module hil_serial_accumulate (
  input  logic        clk_i,
  input  logic        clear_i,
  input  logic        add_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  output logic [41:0] sum_o
);
  logic signed [31:0] product;
  assign product = 32'(signed'(a_i)) * 32'(signed'(b_i));
  always_ff @(posedge clk_i) begin
    if (clear_i) sum_o <= '0;
    else if (add_i) sum_o <= sum_o + 42'(product);
  end
endmodule
