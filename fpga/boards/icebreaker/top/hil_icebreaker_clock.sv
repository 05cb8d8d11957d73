// The board's clock and reset: 24 MHz from the oscillator's 12 MHz (divider 1, times 64, by 32), and a reset that ends when the PLL has been
// locked for ResetCycles without a break.
// Registers begin at zero after configuration, so the reset holds from the first cycle on. Block RAM reads zero for some microseconds then: 1024
// cycles are 42.
// Latency: a loss of lock is seen three cycles later. Not checked: that the oscillator runs.
module hil_icebreaker_clock #(
  parameter int unsigned ResetCycles = 1024
) (
  input  logic clk_12m_i,
  output logic clk_o,
  output logic rst_o
);
  localparam int unsigned CountW = $clog2(ResetCycles + 1);

  logic              lock, locked;
  logic [CountW-1:0] count_q;
  logic              running_q;

  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(7'd63), .DIVQ(3'd5), .FILTER_RANGE(3'd1)
  ) u_pll (
    .PACKAGEPIN(clk_12m_i), .PLLOUTGLOBAL(clk_o), .PLLOUTCORE(), .LOCK(lock), .RESETB(1'b1), .BYPASS(1'b0),
    .EXTFEEDBACK(1'b0), .DYNAMICDELAY(8'b0), .LATCHINPUTVALUE(1'b0), .SDI(1'b0), .SCLK(1'b0), .SDO()
  );
  hil_synchroniser u_lock (
    .clk_i(clk_o),
    .in_i (lock),
    .out_o(locked)
  );

  assign rst_o = !running_q;
  always_ff @(posedge clk_o) begin
    count_q   <= !locked ? '0 : running_q ? count_q : count_q + 1'b1;
    running_q <= locked && (running_q || count_q == CountW'(ResetCycles - 1));
  end
endmodule
