// a times b plus a carry, all unsigned, with b held. Boards may replace it by a vendor's multiplier.
// Latency: a given in cycle t is in o_o in t+2 (DirectA: t+1); b and the carry count one cycle later than a. Throughput: one a cycle.
// Overflow: none, (2^16-1)^2 + 2^16-1 is below 2^32.
module hil_serial_multiply #(
  parameter bit DirectA = 1'b0
) (
  input  logic        clk_i,
  input  logic [15:0] a_i,
  input  logic        b_we_i,
  input  logic [15:0] b_i,
  input  logic [15:0] carry_i,
  output logic [31:0] o_o
);
  logic [15:0] a_q, b_q, a;
  assign a = DirectA ? a_i : a_q;
  always_ff @(posedge clk_i) begin
    a_q <= a_i;
    if (b_we_i) b_q <= b_i;
    o_o <= 32'(a) * 32'(b_q) + 32'(carry_i);
  end
endmodule
