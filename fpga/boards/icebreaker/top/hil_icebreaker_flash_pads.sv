// The pads of the quad SPI flash: a register in each, outputs, enables and inputs alike, so that no path through the fabric counts against the
// flash. SCK is low in the first half of a cycle and high in the second, from the pad's double-rate register.
// Latency: outputs a cycle, the clock with them; an input is that of the end of the cycle before. docs/icebreaker.md has the timing budget.
module hil_icebreaker_flash_pads (
  input  logic       clk_i,
  input  logic       cs_ni,
  input  logic       sck_en_i,
  input  logic [3:0] io_i,
  input  logic [3:0] io_oe_i,
  output logic [3:0] io_o,
  output logic       flash_cs_no,
  output logic       flash_sck_o,
  inout  wire  [3:0] flash_io
);
  // PIN_TYPE of SB_IO, Lattice technical note FPGA-TN-02026: the output in bits 5:2, the input in bits 1:0.
  localparam logic [5:0] RegisteredOutput = 6'b0101_01;
  localparam logic [5:0] DoubleRateOutput = 6'b0100_01;
  localparam logic [5:0] AllRegistered = 6'b1101_00;

  // The pad takes the second half's value at the falling edge, so it must come a cycle later than what is taken at the rising one.
  logic sck_en_q;
  always_ff @(posedge clk_i) sck_en_q <= sck_en_i;

  SB_IO #(
    .PIN_TYPE(RegisteredOutput)
  ) u_cs (
    .PACKAGE_PIN(flash_cs_no), .OUTPUT_CLK(clk_i), .CLOCK_ENABLE(1'b1), .D_OUT_0(cs_ni)
  );
  SB_IO #(
    .PIN_TYPE(DoubleRateOutput)
  ) u_sck (
    .PACKAGE_PIN(flash_sck_o), .OUTPUT_CLK(clk_i), .CLOCK_ENABLE(1'b1), .D_OUT_0(1'b0), .D_OUT_1(sck_en_q)
  );
  for (genvar i = 0; i < 4; i++) begin : gen_io
    SB_IO #(
      .PIN_TYPE(AllRegistered), .PULLUP(1'b1)
    ) u_io (
      .PACKAGE_PIN(flash_io[i]), .INPUT_CLK(clk_i), .OUTPUT_CLK(clk_i), .CLOCK_ENABLE(1'b1), .OUTPUT_ENABLE(io_oe_i[i]),
      .D_OUT_0(io_i[i]), .D_IN_0(io_o[i])
    );
  end
endmodule
