// Stand-in for the small peripherals, a byte each: timer, watchdog, bit-banged I2C pins, LEDs. The counters are the core's.
// A read of the timer's first byte keeps the others. Not checked: the time-out's length.
module hil_fit_peripherals (
  input  logic       clk_i,
  input  logic       rst_i,
  input  logic [2:0] addr_i,
  input  logic [7:0] wdata_i,
  input  logic       we_i,
  input  logic       re_i,
  output logic [7:0] rdata_o,
  output logic       watchdog_o,
  output logic       scl_oe_o,
  output logic       sda_oe_o,
  // These two know the clock already.
  input  logic       scl_i,
  input  logic       sda_i,
  // Low is on.
  output logic [1:0] led_o
);
  logic [31:0] timer_q;
  logic [23:0] kept_q;
  logic [3:0]  dog_q;
  logic        last_q;

  always_ff @(posedge clk_i) begin
    timer_q <= timer_q + 32'd1;
    last_q  <= timer_q[19];
    if (last_q && !timer_q[19]) dog_q <= dog_q + 4'd1;
    if (re_i && addr_i == 3'd0) kept_q <= timer_q[31:8];
    else if (re_i) kept_q <= {8'd0, kept_q[23:8]};
    if (we_i && addr_i == 3'd0) dog_q <= '0;
    if (we_i && addr_i == 3'd1) {scl_oe_o, sda_oe_o, led_o} <= wdata_i[3:0];
    if (rst_i) begin
      dog_q <= '0;
      {scl_oe_o, sda_oe_o, led_o} <= 4'b0011;
    end
  end
  assign watchdog_o = dog_q == '1;
  assign rdata_o = addr_i[1] ? {6'd0, scl_i, sda_i} : addr_i[0] ? kept_q[7:0] : timer_q[7:0];
endmodule
