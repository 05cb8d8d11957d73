// A product of two signed 16-bit values. Boards may replace it by a vendor's multiplier.
// Latency: one cycle if Registered, and then held while en_i is 0; else none. Throughput: one product a cycle. Ordering: kept. Overflow: none.
module hil_product #(
  parameter bit Registered = 1'b0
) (
  input  logic        clk_i,
  input  logic        en_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  output logic [31:0] product_o
);
  logic [31:0] product;
  assign product = 32'(signed'(a_i)) * 32'(signed'(b_i));
  if (Registered) begin : gen_registered
    always_ff @(posedge clk_i) if (en_i) product_o <= product;
  end else begin : gen_direct
    assign product_o = product;
    // A wire needs neither.
    logic unused;
    assign unused = clk_i ^ en_i;
  end
endmodule
