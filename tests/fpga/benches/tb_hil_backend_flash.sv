// hil_backend_flash against the model of the flash, through pads with delays: every byte, every length, what happens after each state that the flash
// may be found in, and a reset in the middle of a burst. HIL_GATES: what Yosys made of it. Arguments: +seed=N, +bursts=N.
`timescale 1ns / 100ps
module tb_hil_backend_flash #(
  parameter bit          Asleep        = 1'b1,
  parameter bit          Continuous    = 1'b0,
  parameter bit          Qe            = 1'b0,
  parameter bit          QeStuck       = 1'b0,
  parameter int unsigned LatencyCycles = 16,
  parameter int unsigned TclqvNs       = 7
);
  localparam int unsigned ClockHz = 24_000_000;
  localparam realtime HalfNs = 500_000_000.0 / ClockHz;
  // Through the pads of the FPGA, out and in, and along the board; the slow end of docs/icebreaker.md.
  localparam realtime OutNs = 9.0;
  localparam realtime InNs = 4.0;

  logic       clk = 1'b0, rst = 1'b1;
  logic       ready, fault, start = 1'b0, read, last;
  logic [23:0] addr = '0;
  logic [8:0]  bytes = '0;
  logic [7:0]  rdata;
  logic        cs_n, sck_en;
  logic [3:0]  io, io_oe, io_in_q;
  always #(HalfNs) clk = !clk;

`ifdef HIL_GATES
  hil_backend_flash u_dut (
`else
  hil_backend_flash #(
    .ClockHz(ClockHz), .BurstW(9), .LatencyCycles(LatencyCycles)
  ) u_dut (
`endif
    .clk_i(clk), .rst_i(rst), .ready_o(ready), .fault_o(fault), .start_i(start), .addr_i(addr), .bytes_i(bytes), .read_o(read), .rdata_o(rdata),
    .last_o(last), .cs_no(cs_n), .sck_en_o(sck_en), .io_o(io), .io_oe_o(io_oe), .io_i(io_in_q)
  );

  // The pads: a register each, SCK in the second half of the cycle. They begin at zero, as all registers of the chip do.
  logic       cs_n_q = 1'b0, sck_en_q = 1'b0;
  logic [3:0] io_q = '0, io_oe_q = '0, flash_io, flash_oe;
  always_ff @(posedge clk) begin
    cs_n_q   <= cs_n;
    sck_en_q <= sck_en;
    io_q     <= io;
    io_oe_q  <= io_oe;
  end
  wire cs_n_pin, sck_pin;
  wire [3:0] io_pin, io_back;
  assign #(OutNs) cs_n_pin = cs_n_q;
  assign #(OutNs) sck_pin = sck_en_q && !clk;
  // Nobody drives: pulled up.
  assign #(OutNs) io_pin = (io_q & io_oe_q) | (flash_io & flash_oe) | ~(io_oe_q | flash_oe);
  assign #(InNs) io_back = (io_q & io_oe_q) | (flash_io & flash_oe) | ~(io_oe_q | flash_oe);
  always_ff @(posedge clk) io_in_q <= io_back;

  hil_flash_model #(
    .Asleep(Asleep), .Continuous(Continuous), .Qe(Qe), .QeStuck(QeStuck), .TclqvNs(TclqvNs)
  ) u_flash (
    .cs_ni(cs_n_pin), .sck_i(sck_pin), .io_i(io_pin), .io_o(flash_io), .io_oe_o(flash_oe)
  );
  always @(posedge clk) begin
    if ((io_oe_q & flash_oe) != '0) $fatal(1, "both sides drive the flash's pins");
  end

  int unsigned seed = 1, bursts = 300, total = 0, age, got, n, a, wait_cycles;

  task automatic burst(input int unsigned at, input int unsigned length, input bit cut);
    @(negedge clk);
    start = 1'b1;
    addr  = 24'(at);
    bytes = 9'(length);
    @(negedge clk);
    start = 1'b0;
    age   = 1;
    got   = 0;
    forever begin
      if (read) begin
        if (got >= length) $fatal(1, "more bytes than asked for");
        if (rdata !== u_flash.mem[at+got]) $fatal(1, "byte %0d at %06x: %02x instead of %02x", got, at, rdata, u_flash.mem[at+got]);
        got++;
        total++;
      end
      if (last) break;
      if (cut && got == length / 2 + 1) break;
      if (age > LatencyCycles + 2 * length) $fatal(1, "a burst of %0d does not end", length);
      @(negedge clk);
      age++;
    end
    if (!cut && (got != length || age != LatencyCycles + 2 * length))
      $fatal(1, "a burst of %0d bytes gave %0d in %0d cycles", length, got, age);
  endtask

  task automatic wake();
    rst = 1'b1;
    repeat (5) @(negedge clk);
    rst = 1'b0;
    wait_cycles = 0;
    while (!ready && !fault && wait_cycles < 2000) begin
      @(negedge clk);
      wait_cycles++;
    end
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("bursts=%d", bursts));
    void'($urandom(seed));
    for (int unsigned i = 0; i < 1 << 24; i++) u_flash.mem[i] = 8'((i * 32'd2654435761) >> 21);
    wake();
    if (QeStuck) begin
      if (ready || !fault) $fatal(1, "a flash without QE was taken");
      $display("bench: refused after %0d cycles", wait_cycles);
    end else begin
      if (!ready || fault) $fatal(1, "the flash does not wake");
      for (int unsigned i = 0; i < bursts; i++) begin
        n = i == 0 ? 1 : i == 1 ? 256 : 1 + $urandom % 256;
        a = i == 2 ? (1 << 24) - n : $urandom % ((1 << 24) - n);
        burst(a, n, 1'b0);
        // The next one in the very next cycle, or later.
        if ($urandom % 2 == 0) repeat ($urandom % 20) @(negedge clk);
        if (i == bursts / 2) begin
          burst(a, n, 1'b1);
          wake();
          if (!ready || fault) $fatal(1, "the flash does not come back after a reset within a burst");
        end
      end
      repeat (20) @(negedge clk);
      if (u_flash.errors != 0) $fatal(1, "the flash saw %0d faults", u_flash.errors);
      $display("bench: %0d bursts, %0d bytes, awake after %0d cycles", bursts, total, wait_cycles);
    end
    $finish;
  end
endmodule
