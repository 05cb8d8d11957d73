// The bring-up design with its pads and the flash's model on its pins: the green LED comes on after two equal
// readings, of 2 KB here, the red one after a byte has changed.
`timescale 1ns / 100ps

module tb_hil_icebreaker_bringup;
  localparam realtime HalfNs = 500.0 / 24;
  localparam int unsigned Bursts = 8;
  // Cycles of one reading: bursts of 256 bytes, each 16 + 512 and one to begin.
  localparam int unsigned ReadingCycles = Bursts * (16 + 512 + 1);

  logic       clk = 1'b0, red_n, green_n, cs_n, sck;
  wire [3:0]  io;
  logic [3:0] flash_io, flash_oe;
  always #(HalfNs) clk = !clk;

  hil_icebreaker_bringup #(
    .Bursts(Bursts)
  ) u_dut (
    .clk_12m_i(clk), .button_ni(1'b1), .led_red_no(red_n), .led_green_no(green_n), .flash_cs_no(cs_n), .flash_sck_o(sck), .flash_io(io)
  );
  for (genvar i = 0; i < 4; i++) begin : gen_io
    assign io[i] = flash_oe[i] ? flash_io[i] : 1'bz;
  end
  hil_flash_model u_flash (
    .cs_ni(cs_n), .sck_i(sck), .io_i(io), .io_o(flash_io), .io_oe_o(flash_oe)
  );

  int unsigned readings;
  initial begin
    for (int unsigned i = 0; i < 1 << 16; i++) u_flash.mem[i] = 8'((i * 32'd2654435761) >> 21);
    // 21 us: the lock is lost then, so that the reset lasts 64 us.
    repeat (1500) @(posedge clk);
    if (u_flash.reads != 0) $fatal(1, "the flash is read before the reset is over");
    repeat (1500) @(posedge clk);
    if (u_flash.reads < 2) $fatal(1, "the flash is not read");
    if (!green_n || !red_n) $fatal(1, "an LED is on before anything was compared");
    repeat (2 * ReadingCycles) @(posedge clk);
    if (green_n || !red_n) $fatal(1, "two equal readings: green %b, red %b", !green_n, !red_n);
    readings = u_flash.reads;
    u_flash.mem[1234] = ~u_flash.mem[1234];
    repeat (2 * ReadingCycles) @(posedge clk);
    if (!green_n || red_n) $fatal(1, "a byte has changed: green %b, red %b", !green_n, !red_n);
    if (u_flash.errors != 0) $fatal(1, "the flash saw %0d faults", u_flash.errors);
    $display("bench: %0d bursts, %0d of them after a byte has changed", u_flash.reads, u_flash.reads - readings);
    $finish;
  end
endmodule
