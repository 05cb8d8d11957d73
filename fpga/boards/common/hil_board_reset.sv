// A reset that ends when the clock has been locked for Cycles without a break. Registers begin at zero after configuration, so it holds from the
// first cycle on. Latency: a loss of lock is seen three cycles later.
module hil_board_reset #(
  parameter int unsigned Cycles = 1024
) (
  input  logic clk_i,
  input  logic lock_i,
  output logic rst_o
);
  localparam int unsigned CountW = $clog2(Cycles + 1);

  logic              locked, running_q;
  logic [CountW-1:0] count_q;
  hil_synchroniser u_lock (
    .clk_i,
    .in_i (lock_i),
    .out_o(locked)
  );

  assign rst_o = !running_q;
  always_ff @(posedge clk_i) begin
    count_q   <= !locked ? '0 : running_q ? count_q : count_q + 1'b1;
    running_q <= locked && (running_q || count_q == CountW'(Cycles - 1));
  end
endmodule
