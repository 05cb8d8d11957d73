// The core behind its registers, as a controller sees it: identity, segments that end or trap, a start while one runs, resets in the middle, counters. The programs
// are COMPUTE of one row without tiles, then END or an opcode that is none. Arguments: +seed=N, +segments=N.
`timescale 1ns / 100ps
module tb_hil_system;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  localparam int unsigned MainBytes = 4096;
  localparam int unsigned Most = 20;

  logic clk = 1'b0, rst = 1'b1, valid = 1'b0, write = 1'b0, answered;
  always #5 clk = !clk;
  logic [11:0] addr = '0, byte_addr;
  logic [31:0] wdata = '0, rdata;
  logic [7:0]  byte_wdata, byte_rdata;
  logic        byte_we, byte_re, core_rst, start, running, done, counters_ready, counter_read, mem_start, mem_write, mem_read = 1'b0, mem_last = 1'b0;
  logic [MainAddrW-1:0] entry, mem_addr;
  logic [IndexW-1:0]    count, trap_index;
  logic [3:0]  trap_reason;
  logic [5:0]  select;
  logic [1:0]  part;
  logic [15:0] counter_word;
  logic [BurstW-1:0]   mem_bytes;
  logic [PortBits-1:0] mem_rdata = '0;
  hil_registers_word u_word (
    .clk_i(clk), .rst_i(rst), .valid_i(valid), .write_i(write), .addr_i(addr), .wdata_i(wdata), .valid_o(answered), .rdata_o(rdata),
    .addr_o(byte_addr), .wdata_o(byte_wdata), .we_o(byte_we), .re_o(byte_re), .rdata_i(byte_rdata)
  );
  hil_registers u_registers (
    .clk_i(clk), .rst_i(rst), .addr_i(byte_addr), .wdata_i(byte_wdata), .we_i(byte_we), .re_i(byte_re), .others_i('0), .rdata_o(byte_rdata), .ready_i(1'b1),
    .core_rst_o(core_rst), .start_o(start), .entry_o(entry), .count_o(count), .running_i(running), .done_i(done), .trap_reason_i(trap_reason),
    .trap_index_i(trap_index), .counters_ready_i(counters_ready), .counter_read_o(counter_read), .counter_select_o(select), .counter_part_o(part),
    .counter_word_i(counter_word)
  );
  hil_core #(
    .Trace(1'b0)
  ) u_core (
    .clk_i(clk), .rst_i(core_rst), .start_i(start), .entry_i(entry), .count_i(count), .running_o(running), .done_o(done), .trap_reason_o(trap_reason),
    .trap_index_o(trap_index), .mem_start_o(mem_start), .mem_write_o(mem_write), .mem_addr_o(mem_addr), .mem_bytes_o(mem_bytes), .mem_read_i(mem_read),
    .mem_rdata_i(mem_rdata), .mem_write_i(1'b0), .mem_wvalid_o(), .mem_wdata_o(), .mem_last_i(mem_last), .host_en_i(1'b0), .host_we_i(1'b0),
    .host_bank_i('0), .host_addr_i('0), .host_be_i('0), .host_wdata_i('0), .host_rdata_o(), .counters_ready_o(counters_ready),
    .counter_read_i(counter_read), .counter_select_i(select), .counter_part_i(part), .counter_word_o(counter_word), .retire_o(), .retire_index_o(),
    .retire_start_o(), .retire_busy_o(), .now_o()
  );

  // Main memory: each burst after some cycles, its beats one by one.
  logic [7:0]  main[MainBytes];
  int unsigned left = 0, at = 0, wait_for = 0;
  always @(posedge clk) begin
    {mem_read, mem_last} <= '0;
    if (core_rst) left <= 0;
    else if (mem_start) begin
      left     <= 32'(mem_bytes);
      at       <= 32'(mem_addr);
      wait_for <= $urandom % 12;
    end else if (left != 0) begin
      if (wait_for != 0) wait_for <= wait_for - 1;
      else begin
        mem_read <= 1'b1;
        mem_last <= left <= PortBytes;
        for (int unsigned b = 0; b < PortBytes; b++) mem_rdata[8*b+:8] <= main[(at+b)%MainBytes];
        at   <= at + PortBytes;
        left <= left <= PortBytes ? 0 : left - PortBytes;
      end
    end
    if (mem_write && mem_start) $fatal(1, "no program writes");
  end

  // What the counter of cycles must say: from the cycle after START.
  longint ran = 0;
  always @(posedge clk) ran <= start ? 0 : ran + 64'(running);

  task automatic bus(input logic [11:0] where, input bit writes, input logic [31:0] what, output logic [31:0] value);
    valid = 1'b1;
    write = writes;
    addr  = where;
    wdata = what;
    @(negedge clk);
    valid = 1'b0;
    while (!answered) @(negedge clk);
    value = rdata;
    @(negedge clk);
  endtask
  logic [31:0] low, high, dummy;
  task automatic set(input logic [11:0] where, input logic [31:0] what);
    bus(where, 1'b1, what, dummy);
  endtask
  task automatic counter(input int unsigned n, output longint value);
    bus(RegCounterBase + 12'(8 * n), 1'b0, '0, low);
    bus(RegCounterBase + 12'(8 * n + 4), 1'b0, '0, high);
    value = {high, low};
  endtask
  // Polls that say busy, after which it never ends.
  localparam int unsigned MostPolls = 10000;
  int unsigned polls;
  task automatic wait_while_busy();
    polls = 0;
    do begin
      bus(RegStatus, 1'b0, '0, low);
      polls++;
      if (polls > MostPolls) $fatal(1, "status %h for ever", low);
    end while (low[RegStatusBusyLsb]);
  endtask
  task automatic expect_register(input logic [11:0] where, input logic [31:0] due);
    bus(where, 1'b0, '0, low);
    if (low != due) $fatal(1, "register %h: %h, not %h", where, low, due);
  endtask

  int unsigned seed = 1, segments = 60, length, base, ended, trapped, resets, kind;
  longint      cycles, busy;
  bit          legal;

  task automatic put(input int unsigned place, input logic [127:0] instruction);
    for (int unsigned b = 0; b < 16; b++) main[(place+b)%MainBytes] = instruction[8*b+:8];
  endtask

  task automatic segment();
    base   = 16 * FetchInstructions * ($urandom % (MainBytes / (16 * FetchInstructions)));
    length = 1 + $urandom % Most;
    legal  = $urandom % 3 != 0;
    for (int unsigned i = 0; i < length; i++) begin
      put(base + 16 * i, 128'(OpCompute) | 128'd1 << ComputeRowsLsb | 128'(i & 1) << ComputeHalfLsb);
    end
    // An opcode that is none stands before the END.
    put(base + 16 * length, 128'(OpEnd));
    if (!legal) put(base + 16 * (length - 1), 128'h3F);
    set(RegEntry, base);
    set(RegCount, length + 1);
    set(RegControl, 32'd1 << RegControlStartLsb);
    kind = $urandom % 4;
    if (kind == 0) begin
      repeat ($urandom % 100) @(negedge clk);
      set(RegControl, 32'd1 << RegControlResetLsb | 32'($urandom % 2) << RegControlStartLsb);
      resets++;
      wait_while_busy();
      if (low != '0 || running) $fatal(1, "status %h after a reset", low);
      return;
    end
    // While its end is far away: has no effect.
    if (kind == 1 && length > Most / 2) set(RegControl, 32'd1 << RegControlStartLsb);
    wait_while_busy();
    if (low != (32'd1 << RegStatusDoneLsb | 32'(!legal) << RegStatusTrappedLsb)) $fatal(1, "status %h at the end", low);
    expect_register(RegTrap, legal ? '0 : 32'(TrapIllegalOpcode));
    if (!legal) expect_register(RegTrapIndex, length - 1);
    counter(CounterCycles, cycles);
    if (cycles != ran) $fatal(1, "%0d cycles, it ran for %0d", cycles, ran);
    counter(CounterBusyCompute, busy);
    if (legal ? busy == 0 : length == 1 && busy != 0) $fatal(1, "Compute was busy for %0d cycles", busy);
    if (CountersFull != 0) begin
      counter(CounterRetiredCompute, cycles);
      // What still waits in a queue when it traps is not executed.
      if (legal ? cycles != 64'(length) : cycles >= 64'(length)) $fatal(1, "%0d instructions retired", cycles);
    end
    if (legal) ended++;
    else trapped++;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("segments=%d", segments));
    void'($urandom(seed));
    for (int unsigned i = 0; i < MainBytes; i++) main[i] = 8'($urandom);
    repeat (3) @(negedge clk);
    rst = 1'b0;
    wait_while_busy();
    expect_register(RegMagic, Magic);
    expect_register(RegClockHz, ClockHz);
    for (int unsigned w = 0; w < 8; w++) expect_register(RegMachineHash + 12'(4 * w), MachineHash[32*w+:32]);
    for (int unsigned w = 0; w < 8; w++) expect_register(RegContractHash + 12'(4 * w), ContractHash[32*w+:32]);
    repeat (segments) segment();
    if (ended == 0 || trapped == 0 || resets == 0) $fatal(1, "%0d ended, %0d trapped, %0d resets", ended, trapped, resets);
    $display("bench: %0d segments ended, %0d trapped, %0d were reset", ended, trapped, resets);
    $finish;
  end
endmodule
