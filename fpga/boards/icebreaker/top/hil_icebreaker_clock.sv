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
  logic lock;

  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(7'd63), .DIVQ(3'd5), .FILTER_RANGE(3'd1)
  ) u_pll (
    .PACKAGEPIN(clk_12m_i), .PLLOUTGLOBAL(clk_o), .PLLOUTCORE(), .LOCK(lock), .RESETB(1'b1), .BYPASS(1'b0),
    .EXTFEEDBACK(1'b0), .DYNAMICDELAY(8'b0), .LATCHINPUTVALUE(1'b0), .SDI(1'b0), .SCLK(1'b0), .SDO()
  );
  hil_board_reset #(
    .Cycles(ResetCycles)
  ) u_reset (
    .clk_i (clk_o),
    .lock_i(lock),
    .rst_o
  );
endmodule
