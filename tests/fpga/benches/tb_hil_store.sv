// hil_store as a whole against docs/numerics.md section 2 and docs/timing.md section 5: rows of any length and distance, a port that grants late and takes beats with
// pauses or without, from the burst's first cycle on, resets anywhere. For machines with a writable region. Arguments: +seed=N, +instructions=N.
`timescale 1ns / 100ps
module tb_hil_store;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  if (HasWritableRegion == 0) $error("there is nothing to store to");

  `include "unit_run.svh"
  logic                 waiting, last, request, grant, burst_last, beat, retire, valid, pad_en;
  logic [MainAddrW-1:0] addr;
  logic [BurstW-1:0]    burst_bytes;
  logic [PortBits-1:0]  data;
  logic [BankW-1:0]     pad_bank;
  logic [WordAddrW-1:0] pad_addr;
  logic [WordBits-1:0]  pad_rdata = '0;
  hil_store u_dut (
    .clk_i(clk), .rst_i(rst), .start_i(start), .word_i(word), .waiting_o(waiting), .last_o(last), .request_o(request), .addr_o(addr), .bytes_o(burst_bytes),
    .grant_i(grant), .burst_last_i(burst_last), .take_i(beat), .valid_o(valid), .data_o(data), .pad_en_o(pad_en), .pad_bank_o(pad_bank), .pad_addr_o(pad_addr),
    .pad_rdata_i(pad_rdata)
  );
  int unsigned main, length, pace = 1, at;
  port_side u_port (
    .clk_i(clk), .rst_i(rst), .start_i(start), .main_i(main), .length_i(length), .pace_i(pace), .request_i(request), .addr_i(addr), .bytes_i(burst_bytes),
    .waiting_i(waiting), .grant_o(grant), .last_o(burst_last), .beat_o(beat), .at_o(at), .retire_o(retire)
  );

  logic [WordBits-1:0] read_word;
  int unsigned bank, source, rows, row_words, stride, taken, reads, offset, n;
  logic        ends, was_read;
  int unsigned instructions = 500, seen, seen_long, seen_at_once, beats;
  logic [7:0]  due;

  // What a cycle shows, just before its end.
  task automatic cycle();
    #4;
    if (!rst && last != (runs && retire)) $fatal(1, "last %b in cycle %0d", last, age);
    if (!rst && !runs && pad_en) $fatal(1, "reads, and no instruction runs");
    was_read = pad_en;
    if (pad_en) begin
      if (reads >= rows * row_words) $fatal(1, "a read too many");
      if (pad_bank != BankW'(bank) || 32'(pad_addr) != source / WordBytes + reads / row_words * stride + reads % row_words)
        $fatal(1, "read %0d is of word %0d in bank %0d", reads, pad_addr, pad_bank);
      read_word = pad[bank*BankWords+32'(pad_addr)];
      reads++;
    end
    if (runs && beat) begin
      if (!valid) $fatal(1, "byte %0d is not there", taken);
      if (at != main + taken) $fatal(1, "byte %0d goes to %06x", taken, at);
      for (int unsigned b = 0; b < PortBytes; b++) begin
        n      = taken + b;
        offset = source + (n / (row_words * WordBytes)) * stride * WordBytes + n % (row_words * WordBytes);
        due    = pad_byte(bank, offset);
        if (data[8*b+:8] != due) $fatal(1, "byte %0d is %h, not %h", n, data[8*b+:8], due);
      end
      if (age == 2) seen_at_once++;
      taken += PortBytes;
      beats++;
    end
    if (runs && last && (taken != length || reads != rows * row_words)) $fatal(1, "retires with %0d reads and %0d of %0d bytes", reads, taken, length);
    ends = runs && last;
    @(negedge clk);
    // Between reads nobody promises what the bank gives.
    pad_rdata = was_read ? read_word : WordBits'({$urandom, $urandom, $urandom, $urandom});
    if (ends) runs = 1'b0;
    age++;
  endtask

  task automatic beside();
  endtask

  task automatic instruction();
    logic whole;
    pace      = 1 + $urandom % 3;
    main      = 16 * ($urandom % 65536);
    bank      = $urandom % Banks;
    rows      = 1 + $urandom % 5;
    row_words = 1 + $urandom % ($urandom % 6 == 0 ? 40 : 6);
    // A word may be read over and over.
    stride    = $urandom % 10;
    source    = WordBytes * ($urandom % (BankWords - 5 * 50));
    length    = rows * row_words * WordBytes;
    word      = {$urandom, $urandom, $urandom, $urandom};
    word[5:0] = OpStore;
    word[StoreMainLsb+:32]     = main;
    word[StoreScratchLsb+:24]  = 24'(bank * BankBytes + source);
    word[StoreRowsLsb+:12]     = 12'(rows);
    word[StoreRowWordsLsb+:12] = 12'(row_words);
    word[StoreStrideLsb+:12]   = 12'(stride);
    {taken, reads} = '0;
    run_word(8, 80, whole);
    if (whole) begin
      seen++;
      if (length > LargestBurstBytes) seen_long++;
    end
    repeat ($urandom % 3) cycle();
  endtask

  initial begin
    void'($value$plusargs("instructions=%d", instructions));
    {reads, rows, row_words} = '0;
    begin_bench();
    repeat (instructions) instruction();
    if (seen == 0 || seen_long == 0 || seen_at_once == 0 || broken == 0) $fatal(1, "something never happened");
    $display("bench: %0d instructions, %0d of several bursts, %0d taken at once, %0d broken off; %0d beats", seen, seen_long, seen_at_once, broken, beats);
    $finish;
  end
endmodule
