// Stand-in for the small peripherals: timer, watchdog, bit-banged I2C pins with input filters, LEDs. The counters are the core's.
module hil_fit_peripherals (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic [4:0]  addr_i,
  input  logic [31:0] wdata_i,
  input  logic        we_i,
  output logic [31:0] rdata_o,
  output logic        irq_o,
  output logic        watchdog_o,
  output logic        scl_oe_o,
  output logic        sda_oe_o,
  input  logic        scl_i,
  input  logic        sda_i,
  output logic [2:0]  led_o
);
  logic [31:0] timer_q, compare_q;
  logic [23:0] dog_q;
  logic [2:0]  scl_q, sda_q;

  always_ff @(posedge clk_i) begin
    timer_q <= timer_q + 32'd1;
    dog_q <= dog_q + 24'd1;
    scl_q <= {scl_q[1:0], scl_i};
    sda_q <= {sda_q[1:0], sda_i};
    if (we_i) begin
      unique case (addr_i)
        5'd0: compare_q <= wdata_i;
        5'd1: dog_q <= 24'd0;
        5'd2: {scl_oe_o, sda_oe_o, led_o} <= wdata_i[4:0];
        default: ;
      endcase
    end
    irq_o <= timer_q == compare_q;
    watchdog_o <= dog_q == 24'hffffff;
    if (rst_i) begin
      timer_q <= 32'd0;
      dog_q <= 24'd0;
      {scl_oe_o, sda_oe_o, led_o} <= 5'd0;
    end
  end
  always_comb begin
    unique case (addr_i)
      5'd0: rdata_o = timer_q;
      5'd1: rdata_o = {8'd0, dog_q};
      5'd2: rdata_o = {30'd0, scl_q[2], sda_q[2]};
      default: rdata_o = compare_q;
    endcase
  end
endmodule
