// hil_backend_ram against an array: random bursts of reads and writes, back to back and with pauses; every byte, every length. +seed=N, +bursts=N.
`timescale 1ns / 100ps
module tb_hil_backend_ram #(
  parameter int unsigned BeatBytes          = 1,
  parameter int unsigned WordBytes          = 4,
  parameter int unsigned ReadLatencyCycles  = 1,
  parameter int unsigned WriteLatencyCycles = 0
);
  localparam int unsigned Words = 1024;
  localparam int unsigned Bytes = Words * WordBytes;

  logic                   clk = 1'b0, rst = 1'b1, start = 1'b0, is_write = 1'b0, read, write, last;
  logic [23:0]            addr = '0;
  logic [8:0]             bytes = '0;
  logic [8*BeatBytes-1:0] rdata, wdata = '0;
  always #5 clk = !clk;

  hil_backend_ram #(
    .AddrW(24), .BurstW(9), .BeatBytes(BeatBytes), .WordBytes(WordBytes), .Words(Words),
    .ReadLatencyCycles(ReadLatencyCycles), .WriteLatencyCycles(WriteLatencyCycles)
  ) u_dut (
    .clk_i(clk), .rst_i(rst), .start_i(start), .is_write_i(is_write), .addr_i(addr), .bytes_i(bytes), .read_o(read), .rdata_o(rdata),
    .write_o(write), .wdata_i(wdata), .last_o(last)
  );

  logic [7:0]  expected[0:Bytes-1];
  int unsigned seed = 1, bursts = 400, reads = 0, writes = 0, age, moved, n, a, length;

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("bursts=%d", bursts));
    void'($urandom(seed));
    repeat (3) @(negedge clk);
    rst = 1'b0;
    for (int unsigned i = 0; i < bursts + Bytes / 256; i++) begin
      // First everything is written once; then what comes.
      is_write = i < Bytes / 256 || $urandom % 2 == 0;
      n = i < Bytes / 256 ? 256 : 1 + $urandom % 256;
      a = i < Bytes / 256 ? i * 256 : $urandom % (Bytes - n) / BeatBytes * BeatBytes;
      length = (is_write ? WriteLatencyCycles : ReadLatencyCycles) + (n + BeatBytes - 1) / BeatBytes;
      addr  = 24'(a);
      bytes = 9'(n);
      start = 1'b1;
      @(negedge clk);
      start = 1'b0;
      // The address is taken with start; what stands there later does not matter.
      addr  = 24'($urandom);
      moved = 0;
      age   = 1;
      forever begin
        if (write) begin
          if (!is_write) $fatal(1, "a read takes data");
          for (int unsigned b = 0; b < BeatBytes; b++) begin
            wdata[b*8+:8] = 8'($urandom);
            if (moved + b < n) expected[a+moved+b] = wdata[b*8+:8];
          end
          moved += BeatBytes;
          writes++;
        end
        if (read) begin
          if (is_write) $fatal(1, "a write gives data");
          for (int unsigned b = 0; b < BeatBytes; b++) begin
            if (moved + b < n && rdata[b*8+:8] !== expected[a+moved+b])
              $fatal(1, "byte %0d of %0d at %0d: %02x instead of %02x", moved + b, n, a, rdata[b*8+:8], expected[a+moved+b]);
          end
          moved += BeatBytes;
          reads++;
        end
        if (last) break;
        if (age > length) $fatal(1, "a burst of %0d does not end", n);
        @(negedge clk);
        age++;
      end
      if (age != length || moved < n || moved >= n + BeatBytes) $fatal(1, "a burst of %0d bytes moved %0d in %0d cycles, not %0d", n, moved, age, length);
      @(negedge clk);
      if ($urandom % 2 == 0) repeat ($urandom % 10) @(negedge clk);
    end
    $display("bench: %0d bursts, %0d beats read, %0d beats written", bursts, reads, writes);
    $finish;
  end
endmodule
