// Brings a signal that knows nothing of the clock into it, by two registers.
// Latency: two to three cycles. Throughput: what is shorter than a cycle may be lost. Ordering: none between two of these.
module hil_synchroniser (
  input  logic clk_i,
  input  logic in_i,
  output logic out_o
);
  logic first_q;
  always_ff @(posedge clk_i) begin
    first_q <= in_i;
    out_o   <= first_q;
  end
endmodule
