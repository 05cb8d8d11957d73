// hil_control with hil_counters of the full set, cycle by cycle against docs/timing.md sections 4, 7, 8 and 11: segments of random events that end, trap for one
// reason or several at once, deadlock, are started anew in the middle or reset; each counter is read back by parts, some while it counts. For machines with all counters.
// Arguments: +seed=N, +segments=N.
`timescale 1ns / 100ps
module tb_hil_control;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  if (CountersFull == 0) $error("this bench is for machines with all counters");

  logic clk = 1'b0, rst = 1'b1, start = 1'b0;
  always #5 clk = !clk;
  logic        running, done, trapped, finishes = 1'b0, units_idle = 1'b0, fetch_burst = 1'b0, active = 1'b0, overflow = 1'b0, dispatch_trap = 1'b0;
  logic [3:0]  reason, dispatch_reason = '0, busy = '0, issue = '0, idle = '0, port_wait = '0, full = '0, retired = '0, dispatch = '0;
  logic [15:0] stall = '0, word;
  logic [2:0]  bursts = '0;
  logic [BurstW-1:0] burst_bytes = '0;
  logic        tile = 1'b0, streamed = 1'b0;
  logic        ready, read = 1'b1;
  logic [5:0]  select = '0;
  logic [1:0]  part = '0;
  hil_control u_control (
    .clk_i(clk), .rst_i(rst), .start_i(start), .running_o(running), .done_o(done), .trapped_o(trapped), .reason_o(reason), .end_i(finishes),
    .units_idle_i(units_idle), .fetch_burst_i(fetch_burst), .active_i(active), .overflow_i(overflow), .dispatch_trap_i(dispatch_trap),
    .dispatch_reason_i(dispatch_reason)
  );
  hil_counters u_counters (
    .clk_i(clk), .rst_i(rst || start), .running_i(running), .busy_i(busy), .issue_i(issue), .idle_i(idle), .port_wait_i(port_wait), .stall_i(stall),
    .dispatch_full_i(full), .retired_i(retired), .dispatch_busy_i(dispatch[0]), .dispatch_starved_i(dispatch[1]), .dispatch_draining_i(dispatch[2]),
    .dispatch_stopped_i(dispatch[3]), .fetch_last_i(bursts[0]), .load_last_i(bursts[1]), .store_last_i(bursts[2]), .bytes_i(burst_bytes), .tile_i(tile),
    .streamed_row_i(streamed), .ready_o(ready), .read_i(read), .select_i(select), .part_i(part), .word_o(word)
  );

  // The model: what is seen in this cycle, and each counter by its number in the register map.
  logic        runs, is_done, is_trapped;
  logic [3:0]  why;
  int unsigned quiet, seed = 1, segments = 300, kind, pace, cycles, reads, seen_ended, seen_again, seen_reset, seen_late, seen[16];
  longint      count[64], count_before[64], due, latched, low;
  logic [15:0] read_due;
  int unsigned reads_under_way;
  logic        deadlocks, quiet_segment;

  function automatic int unsigned of_unit(input int unsigned u, input int unsigned load, input int unsigned compute, input int unsigned vector, input int unsigned store);
    return u == 0 ? load : u == 1 ? compute : u == 2 ? vector : store;
  endfunction
  function automatic int unsigned stall_counter(input int unsigned u, input int unsigned p);
    case (4 * u + p)
      1: return CounterStallLoadCompute;
      2: return CounterStallLoadVector;
      3: return CounterStallLoadStore;
      4: return CounterStallComputeLoad;
      6: return CounterStallComputeVector;
      7: return CounterStallComputeStore;
      8: return CounterStallVectorLoad;
      9: return CounterStallVectorCompute;
      11: return CounterStallVectorStore;
      12: return CounterStallStoreLoad;
      13: return CounterStallStoreCompute;
      default: return CounterStallStoreVector;
    endcase
  endfunction

  task automatic tally();
    count[CounterCycles]++;
    for (int unsigned u = 0; u < 4; u++) begin
      if (busy[u]) count[of_unit(u, CounterBusyLoad, CounterBusyCompute, CounterBusyVector, CounterBusyStore)]++;
      if (issue[u]) count[of_unit(u, CounterIssueLoad, CounterIssueCompute, CounterIssueVector, CounterIssueStore)]++;
      if (idle[u]) count[of_unit(u, CounterIdleLoad, CounterIdleCompute, CounterIdleVector, CounterIdleStore)]++;
      if (port_wait[u]) count[of_unit(u, CounterPortWaitLoad, CounterPortWaitCompute, CounterPortWaitVector, CounterPortWaitStore)]++;
      if (full[u]) count[of_unit(u, CounterDispatchFullLoad, CounterDispatchFullCompute, CounterDispatchFullVector, CounterDispatchFullStore)]++;
      if (retired[u]) count[of_unit(u, CounterRetiredLoad, CounterRetiredCompute, CounterRetiredVector, CounterRetiredStore)]++;
      for (int unsigned p = 0; p < 4; p++) if (p != u && stall[4*u+p]) count[stall_counter(u, p)]++;
    end
    if (dispatch[0]) count[CounterDispatchBusy]++;
    if (dispatch[1]) count[CounterDispatchStarved]++;
    if (dispatch[2]) count[CounterDispatchDraining]++;
    if (dispatch[3]) count[CounterDispatchStopped]++;
    if (bursts[0]) count[CounterFetchBytes] += 64'(burst_bytes);
    if (bursts[1]) count[CounterLoadBytes] += 64'(burst_bytes);
    if (bursts[2]) count[CounterStoreBytes] += 64'(burst_bytes);
    if (tile) count[CounterTiles]++;
    if (streamed) count[CounterStreamedRows]++;
  endtask

  // One cycle with the inputs that are set: what it shows, then the model's step.
  task automatic cycle();
    #4;
    count_before = count;
    if (running != runs || done != is_done || trapped != is_trapped || reason != why)
      $fatal(1, "running %b, done %b, trapped %b, reason %0d, not %b, %b, %b, %0d", running, done, trapped, reason, runs, is_done, is_trapped, why);
    if (runs && !rst && !start) tally();
    deadlocks = !active && quiet == DeadlockCycles - 1;
    if (rst || start) begin
      {is_done, is_trapped, why} = '0;
      runs  = start && !rst;
      quiet = 0;
      for (int unsigned c = 0; c < 64; c++) count[c] = 0;
    end else if (runs) begin
      quiet = active || deadlocks ? 0 : quiet + 1;
      if (finishes || (is_trapped && units_idle && !fetch_burst)) begin
        runs    = 1'b0;
        is_done = 1'b1;
        if (overflow || dispatch_trap) seen_late++;
      end else if (!is_trapped && (overflow || dispatch_trap || deadlocks)) begin
        is_trapped = 1'b1;
        why = overflow ? TrapTokenOverflow : dispatch_trap ? dispatch_reason : TrapDeadlock;
        seen[why]++;
      end
    end
    if (read && part == '0) latched = select < 6'(CounterCount) ? count_before[select] : 0;
    low      = select < 6'(CounterCount) ? count_before[select] : 0;
    read_due = part == '0 ? 16'(low[CounterLowBits-1:0]) : 16'(latched >> (32'(CounterLowBits) + 16 * (32'(part) - 1)));
    @(negedge clk);
    if (!ready || word != read_due) $fatal(1, "counter %0d, part %0d, while it counts: %h, not %h", select, part, word, read_due);
    reads_under_way += 32'(runs);
    // Long after its part 0 was read, too, and whatever is selected meanwhile.
    part   = $urandom % 300 == 0 ? 2'd0 : 2'(1 + $urandom % 3);
    select = 6'($urandom % 48);
    read   = $urandom % 2 == 0;
    cycles++;
  endtask

  task automatic random_events();
    {busy, issue, idle, port_wait, full, retired, dispatch} = 28'($urandom);
    stall       = 16'($urandom);
    bursts      = $urandom % 8 == 0 ? 3'($urandom) : '0;
    burst_bytes = BurstW'(1 + $urandom % LargestBurstBytes);
    tile        = 1'($urandom);
    streamed    = 1'($urandom);
    fetch_burst = 1'($urandom);
    units_idle  = $urandom % 4 == 0;
    dispatch_reason = 4'(1 + $urandom % 8);
    active        = !quiet_segment && $urandom % pace == 0;
    finishes      = !quiet_segment && !is_trapped && $urandom % 400 == 0;
    // Often also where it comes too late to count.
    overflow      = !quiet_segment && $urandom % (finishes || is_trapped ? 4 : 300) == 0;
    dispatch_trap = !quiet_segment && $urandom % (overflow ? 2 : 300) == 0;
  endtask

  // Every counter by its parts: what stands still can be read at leisure. A number behind the last reads zero.
  task automatic read_all();
    for (int unsigned c = 0; c < 48; c++) begin
      due = c < CounterCount ? count[c] : 0;
      latched = due;
      for (int unsigned p = 0; p < 4; p++) begin
        select = 6'(c);
        part   = 2'(p);
        read   = 1'b1;
        @(negedge clk);
        if (word != (p == 0 ? 16'(due[CounterLowBits-1:0]) : 16'(due >> (32'(CounterLowBits) + 16 * (p - 1)))))
          $fatal(1, "counter %0d, part %0d: %h of %0d", c, p, word, due);
        reads++;
      end
    end
  endtask

  task automatic segment();
    quiet_segment = $urandom % 40 == 0;
    pace   = 1 + $urandom % 6;
    kind   = quiet_segment ? 2 : $urandom % 10;
    cycles = 0;
    start  = 1'b1;
    random_events();
    cycle();
    start = 1'b0;
    while (runs && !(kind == 0 && cycles > 40) && !(kind == 1 && cycles > 40)) begin
      random_events();
      // Something moves at last: the quiet cycles before count for nothing.
      if (quiet_segment && quiet == 100 && cycles < 200) active = 1'b1;
      cycle();
    end
    if (!runs) begin
      seen_ended++;
      // Nothing more is counted.
      repeat (3) begin
        random_events();
        cycle();
      end
      read_all();
    end else if (kind == 0) seen_again++;
    else begin
      seen_reset++;
      rst = 1'b1;
      cycle();
      rst = 1'b0;
      if (1'($urandom)) read_all();
    end
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("segments=%d", segments));
    void'($urandom(seed));
    {runs, is_done, is_trapped, why, quiet, quiet_segment} = '0;
    repeat (2) @(negedge clk);
    for (int unsigned c = 0; c < 64; c++) count[c] = 0;
    rst = 1'b0;
    repeat (segments) segment();
    if (seen_ended == 0 || seen_again == 0 || seen_reset == 0 || seen_late == 0 || seen[TrapDeadlock] == 0 || seen[TrapTokenOverflow] == 0 || seen[1] == 0 || reads == 0 || reads_under_way == 0)
      $fatal(1, "something never happened");
    $display("bench: %0d segments ended, %0d started anew, %0d reset; %0d overflows, %0d deadlocks; %0d reads, %0d while it counts",
             seen_ended, seen_again, seen_reset, seen[TrapTokenOverflow], seen[TrapDeadlock], reads, reads_under_way);
    $finish;
  end
endmodule
