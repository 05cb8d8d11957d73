// The Arty A7-100T: its oscillator's 100 MHz through a clock manager (at 1 GHz, AMD UG472), reset, and the system. To be counted; NOT FOR LOADING.
module hil_arty_top (
  input  logic       clk_100m_i,
  input  logic       uart_rx_i,
  output logic       uart_tx_o,
  input  logic       button_i,
  output logic [1:0] led_o
);
  logic clk, rst, lock, made, back;
  MMCME2_BASE #(
    .CLKIN1_PERIOD(10.0), .CLKFBOUT_MULT_F(10.0), .DIVCLK_DIVIDE(1), .CLKOUT0_DIVIDE_F(10.0)
  ) u_clock (
    .CLKIN1(clk_100m_i), .CLKFBIN(back), .CLKFBOUT(back), .CLKOUT0(made), .LOCKED(lock), .RST(1'b0), .PWRDWN(1'b0)
  );
  BUFG u_clk (
    .I(made),
    .O(clk)
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
