// The ULX3S-85F: 50 MHz from the oscillator's 25 MHz (the PLL at 600 MHz, Lattice FPGA-TN-02200), reset, and the system. To be counted; NOT FOR LOADING.
module hil_ulx3s_top (
  input  logic       clk_25m_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  input  logic       button_i,
  output logic [1:0] led_o
);
  logic clk, rst, lock;
  EHXPLLL #(
    .CLKI_DIV(1), .CLKFB_DIV(2), .CLKOP_DIV(12), .CLKOP_CPHASE(5), .CLKOP_ENABLE("ENABLED"), .FEEDBK_PATH("CLKOP"), .OUTDIVIDER_MUXA("DIVA")
  ) u_pll (
    .CLKI(clk_25m_i), .CLKFB(clk), .CLKOP(clk), .LOCK(lock), .RST(1'b0), .STDBY(1'b0), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b0),
    .PHASESTEP(1'b0), .PHASELOADREG(1'b0), .PLLWAKESYNC(1'b0), .ENCLKOP(1'b0)
  );

  hil_board_reset u_reset (
    .clk_i (clk),
    .lock_i(lock),
    .rst_o (rst)
  );
  hil_board_system u_system (
    .clk_i    (clk),
    .rst_i    (rst),
    .rx_i     (uart_rx_i),
    .button_i (button_i),
    .tx_o     (uart_tx_o),
    .running_o(led_o[0]),
    .trapped_o(led_o[1])
  );
endmodule
