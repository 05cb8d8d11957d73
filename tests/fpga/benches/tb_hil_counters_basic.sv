// hil_counters_basic against counts in plain numbers: segments of every length from one cycle on, events from none to one a cycle, read by parts as soon as
// they are ready, segments that are broken off or never read; the identity after each. Arguments: +seed=N, +segments=N, +long=CYCLES for one segment more.
`timescale 1ns / 100ps
module tb_hil_counters_basic;
  localparam int unsigned Counters = 5;
  localparam int unsigned LowBits = hil_machine_pkg::CounterLowBits;
  // Two sweeps of six cycles a counter, and what the last one had begun.
  localparam int unsigned MostSettle = 2 * 6 * Counters + 2;
  // No word twice.
  function automatic logic [1023:0] words();
    for (int i = 0; i < 64; i++) words[16*i+:16] = 16'(i * 40503 + 12345);
  endfunction
  localparam logic [1023:0] Identity = words();

  logic clk = 1'b0, rst = 1'b1, running = 1'b0;
  logic [Counters-1:0] events = '0;
  logic [3:0]  select = '0;
  logic        ready, identity = 1'b0;
  logic [1:0]  part = '0;
  logic [15:0] word;
  always #5 clk = !clk;
  hil_counters_basic #(
    .Counters(Counters), .Identity(Identity)
  ) u_dut (
    .clk_i(clk), .rst_i(rst), .running_i(running), .event_i(events), .ready_o(ready), .identity_i(identity), .select_i(select), .part_i(part), .word_o(word)
  );

  longint      counted[Counters], value;
  int unsigned often[Counters];
  int unsigned seed = 1, segments = 300, long_cycles = 0, checked, broken_off, length, rate, waited, at;

  task automatic segment(input int unsigned cycles, input bit read, input int unsigned longest);
    rst     = 1'b1;
    running = 1'b0;
    @(negedge clk);
    rst     = 1'b0;
    running = 1'b1;
    for (int c = 0; c < Counters; c++) begin
      counted[c] = 0;
      rate       = $urandom % 4;
      often[c]   = rate == 0 ? 0 : rate == 1 ? 1 : rate == 2 ? 2 : 40;
      if (longest != 0 && c == 0) often[c] = 1;
    end
    repeat (cycles) begin
      for (int c = 0; c < Counters; c++) begin
        events[c] = often[c] != 0 && $urandom % often[c] == 0;
        if (events[c]) counted[c]++;
      end
      @(negedge clk);
    end
    running = 1'b0;
    if (!read) begin
      broken_off++;
      return;
    end
    // Nothing counts behind the segment, whatever the units still say.
    waited = 0;
    #1;
    while (!ready) begin
      events = Counters'($urandom);
      @(negedge clk);
      #1 waited++;
      if (waited > MostSettle) $fatal(1, "not ready %0d cycles after the segment", waited);
    end
    for (int c = 0; c < Counters; c++) begin
      value  = 0;
      for (int p = 3; p >= 0; p--) begin
        select = 4'(c);
        part   = 2'(p);
        @(posedge clk);
        // Held by nobody.
        #1 select = 4'($urandom % 8);
        part = 2'($urandom);
        @(negedge clk);
        value = p == 0 ? (value << LowBits) | longint'(word[LowBits-1:0]) : (value << 16) | longint'(word);
      end
      if (value != counted[c]) $fatal(1, "counter %0d after %0d cycles: %0d, counted were %0d", c, cycles, value, counted[c]);
      checked++;
    end
    // One that is not there.
    select = 4'd7;
    for (int p = 3; p >= 0; p--) begin
      part = 2'(p);
      @(negedge clk);
      if (p == 0 ? word[LowBits-1:0] != '0 : word != '0) $fatal(1, "part %0d of no counter: %h", p, word);
    end
    identity = 1'b1;
    repeat (8) begin
      at             = $urandom % 64;
      {select, part} = 6'(at);
      @(negedge clk);
      if (word != Identity[16*at+:16]) $fatal(1, "word %0d of the identity: %h", at, word);
    end
    identity = 1'b0;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("segments=%d", segments));
    void'($value$plusargs("long=%d", long_cycles));
    void'($urandom(seed));
    @(negedge clk);
    for (int unsigned i = 0; i < segments; i++) begin
      length = $urandom % 3 == 0 ? 1 + $urandom % 8 : 1 + $urandom % 3000;
      rate   = $urandom % 4;
      segment(length, rate != 0, 0);
    end
    if (long_cycles != 0) segment(long_cycles, 1'b1, 1);
    $display("bench: %0d counters read, %0d segments broken off", checked, broken_off);
    $finish;
  end
endmodule
