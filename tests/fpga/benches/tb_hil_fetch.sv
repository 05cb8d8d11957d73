// hil_fetch and hil_dispatch by chunks, cycle by cycle against docs/timing.md section 3: random segments, some of them with illegal forms; a port that grants
// late, beats with pauses, queues that fill, traps, and new segments in the middle of a burst or of a dispatch. Arguments: +seed=N, +segments=N.
`timescale 1ns / 100ps
module tb_hil_fetch;
  import hil_contract_pkg::*;
  localparam int unsigned N = hil_machine_pkg::FetchInstructions;
  localparam int unsigned D = hil_machine_pkg::DispatchCycles;
  localparam int unsigned Most = 24;
  if (hil_machine_pkg::ChunkBits != 16 || hil_machine_pkg::PortBytes != 1 || hil_machine_pkg::HasWritableRegion != 0)
    $error("this bench is for machines that dispatch by chunks, with a port of a byte and without STORE");

  logic clk = 1'b0, rst = 1'b1, running = 1'b0, trapped = 1'b0;
  always #5 clk = !clk;

  logic [hil_machine_pkg::MainAddrW-1:0] entry, addr;
  logic [hil_machine_pkg::IndexW-1:0]    count, index, trap_index;
  logic [hil_machine_pkg::BurstW-1:0]    bytes;
  logic        request, grant, active = 1'b0, last = 1'b0, beat = 1'b0, in_burst, valid, known, is_end, pop, done, trap;
  logic [7:0]  data = '0;
  logic [1:0]  unit;
  logic [3:0]  head_reason, full = '0, write, push, reason, blocked;
  logic [15:0] chunk, fields = '0;
  logic [2:0]  next_chunk, chunk_at;
  logic        quiet = 1'b0, busy, starved, draining, stopped, may_grant = 1'b0;

  hil_fetch u_fetch (
    .clk_i(clk), .rst_i(rst), .running_i(running), .trapped_i(trapped), .entry_i(entry), .count_i(count), .request_o(request), .addr_o(addr),
    .bytes_o(bytes), .grant_i(grant), .active_i(active), .last_i(last), .beat_i(beat), .data_i(data), .in_burst_o(in_burst), .valid_o(valid),
    .known_o(known), .end_o(is_end), .unit_o(unit), .reason_o(head_reason), .index_o(index), .trap_index_o(trap_index), .chunk_o(chunk),
    .next_chunk_i(next_chunk), .pop_i(pop)
  );
  hil_dispatch u_dispatch (
    .clk_i(clk), .rst_i(rst), .running_i(running), .trapped_i(trapped), .valid_i(valid), .known_i(known), .end_i(is_end), .unit_i(unit),
    .reason_i(head_reason), .word_i(chunk), .pop_o(pop), .full_i(full), .fields_i(fields), .quiet_i(quiet), .next_chunk_o(next_chunk),
    .chunk_o(chunk_at), .write_o(write), .push_o(push), .done_o(done), .trap_o(trap), .reason_o(reason), .busy_o(busy), .starved_o(starved),
    .draining_o(draining), .stopped_o(stopped), .blocked_o(blocked)
  );
  assign grant = request && may_grant;

  // The segment: words, and of each whether it is END, its unit (4: none), what is wrong with it.
  logic [127:0] program_words[Most];
  bit           ends[Most];
  int unsigned  units[Most];
  logic [3:0]   wrong[Most];

  function automatic logic [127:0] random128();
    return {$urandom, $urandom, $urandom, $urandom};
  endfunction

  task automatic make(input int unsigned i, input bit finish);
    logic [5:0]   op;
    logic [127:0] used;
    int unsigned  at, kind, fault;
    at       = $urandom % 8;
    kind     = $urandom % 11;
    fault    = $urandom % 4;
    wrong[i] = TrapNone;
    ends[i]  = finish;
    case (finish ? 11 : kind)
      0:       begin op = OpLoad; used = LoadUsedBits; end
      1:       begin op = OpLoadWeights; used = LoadWeightsUsedBits; end
      2:       begin op = OpLoadDynamic; used = LoadDynamicUsedBits; end
      3:       begin op = OpLoadParameters; used = LoadParametersUsedBits; end
      4:       begin op = OpLoadTable; used = LoadTableUsedBits; end
      5:       begin op = OpCompute; used = ComputeUsedBits; end
      6:       begin op = OpRequantize; used = RequantizeUsedBits; end
      7:       begin op = OpLayerNorm; used = LayerNormUsedBits; end
      8:       begin op = OpSoftmax; used = SoftmaxUsedBits; end
      9:       begin op = OpMap; used = MapUsedBits; end
      10:      begin op = OpAdd; used = AddUsedBits; end
      default: begin op = OpEnd; used = 128'h3f; end
    endcase
    program_words[i]      = random128() & used;
    program_words[i][5:0] = op;
    units[i]              = finish ? 4 : 32'(op[5:3]) - 1;
    // One in sixteen is illegal: no opcode, an opcode of a unit that is not there, a bit without a meaning, tokens of an END.
    if ($urandom % 16 == 0) begin
      case (fault)
        0: begin
          program_words[i][5:0] = 6'h3f;
          {wrong[i], ends[i]} = {TrapIllegalOpcode, 1'b0};
          units[i] = 4;
        end
        1: begin
          program_words[i][5:0] = OpStore;
          {wrong[i], ends[i]} = {TrapNotOnThisMachine, 1'b0};
          units[i] = 3;
        end
        2: begin
          program_words[i][120+at] = 1'b1;
          if ((program_words[i] & ~(finish ? EndUsedBits : used)) != '0) wrong[i] = TrapReservedBits;
        end
        default:
        if (finish) begin
          program_words[i][6+at] = 1'b1;
          wrong[i] = TrapOwnUnitToken;
        end
      endcase
    end
  endtask

  // The model: fetch and dispatch as the contract has them, every variable as it is in this cycle.
  typedef enum int {Idle, Request, Burst} state_e;
  state_e      state;
  int unsigned next, ask, buffered, head, under, pushed, segments = 400, seed = 1;
  int unsigned seen_full, seen_trap, seen_done, seen_cut, seen_reason, left, sent, age;
  logic [3:0]  field_reason, due;
  logic [7:0]  seen;
  logic [127:0] collected;
  logic        is_last, dispatching, ended;

  // What a cycle must show, looked at just before its end; then the model takes its step.
  task automatic check();
    is_last     = 1'b0;
    dispatching = 1'b0;
    due         = TrapNone;
    if (request != (state == Request && !trapped)) $fatal(1, "request %b in state %0d", request, state);
    if (in_burst != (state == Burst)) $fatal(1, "in a burst: %b", in_burst);
    ask = 32'(count) - next < N ? 32'(count) - next : N;
    if (request && (addr != entry + 24'(16 * next) || bytes != 9'(16 * ask)))
      $fatal(1, "asks for %0d bytes at %06x, not %0d at %06x", bytes, addr, 16 * ask, entry + 24'(16 * next));
    if (trapped) begin
      if (!stopped || push != '0 || pop || done) $fatal(1, "a trapped dispatcher goes on");
    end else if (buffered == 0) begin
      if (!starved || push != '0) $fatal(1, "the buffer is empty, and the dispatcher does not starve");
    end else begin
      if (index != hil_machine_pkg::IndexW'(head)) $fatal(1, "instruction %0d at the head is said to be %0d", head, index);
      if (under == 0 && ends[head] && wrong[head] == TrapNone) begin
        if (!draining || done != quiet || push != '0) $fatal(1, "END: draining %b, done %b, quiet %b", draining, done, quiet);
      end else if (under == 0 && units[head] < 4 && full[units[head]]) begin
        if (blocked != 4'h1 << units[head]) $fatal(1, "unit %0d is full: %b", units[head], blocked);
        seen_full++;
      end else begin
        dispatching = 1'b1;
        is_last     = under == D - 1;
        if (!busy) $fatal(1, "instruction %0d (%h), cycle %0d of its dispatch: not busy", head, program_words[head], under);
        if (units[head] < 4 && write[units[head]]) begin
          collected[16*chunk_at+:16] = chunk;
          seen[chunk_at] = 1'b1;
        end
        due = wrong[head] != TrapNone ? wrong[head] : units[head] < 4 ? field_reason : TrapNone;
        if (pop != is_last || trap != (is_last && due != TrapNone)) $fatal(1, "instruction %0d, cycle %0d: pop %b, trap %b", head, under, pop, trap);
        if (trap && reason != due) $fatal(1, "instruction %0d: trap %0d, not %0d", head, reason, due);
        if (push != (is_last && due == TrapNone ? 4'h1 << units[head] : '0)) $fatal(1, "instruction %0d, cycle %0d: push %b", head, under, push);
        if (push != '0 && (seen != '1 || collected != program_words[head])) $fatal(1, "instruction %0d: %h got %h (%b)", head, program_words[head], collected, seen);
      end
    end
    if (trapped && trap_index != hil_machine_pkg::IndexW'(head)) $fatal(1, "the trap is at %0d, not %0d", trap_index, head);
  endtask

  task automatic step();
    // Room is that of this cycle, before what happens in it.
    case (state)
      Idle:    if (!trapped && next < 32'(count) && buffered + ask <= 2 * N) state = Request;
      Request: if (trapped) state = Idle; else if (grant) state = Burst;
      default: if (last) begin
        state = Idle;
        next += ask;
        buffered += ask;
      end
    endcase
    if (dispatching) under = is_last ? 0 : under + 1;
    if (is_last) begin
      if (due == TrapNone) begin
        head++;
        pushed++;
      end
      buffered--;
      collected = '0;
      seen = '0;
      field_reason = $urandom % 24 == 0 ? TrapCountOutOfRange : TrapNone;
    end
    if (done) ended = 1'b1;
    if (trap) begin
      seen_trap++;
      if (field_reason != TrapNone) seen_reason++;
    end
  endtask

  // Inputs of the next cycle: the burst under way, and what the units say.
  task automatic drive(input int unsigned pace);
    bit begun, trips;
    {begun, trips} = {grant, trap};
    @(negedge clk);
    trapped = trapped || trips;
    beat = 1'b0;
    if (last) active = 1'b0;
    last = 1'b0;
    if (begun) begin
      active = 1'b1;
      sent   = 0;
      left   = 16 * ask;
    end
    if (active) begin
      beat = left > 0 && $urandom % pace == 0;
      if (beat) begin
        data = program_words[next + sent / 16][8*(sent%16)+:8];
        sent++;
        left--;
      end
      last = left == 0 && $urandom % pace == 0;
    end else data = 8'($urandom);
    may_grant = !active && $urandom % pace == 0;
    for (int u = 0; u < 4; u++) full[u] = $urandom % 3 == 0;
    quiet  = $urandom % 4 == 0;
    fields = {4{field_reason}};
  endtask

  task automatic segment();
    int unsigned length, cycles, most, pace;
    length = 1 + $urandom % Most;
    for (int unsigned i = 0; i < Most; i++) make(i, i == length - 1);
    pace  = 1 + $urandom % 4;
    most  = $urandom % 3 == 0 ? $urandom % 600 : 40000;
    rst   = 1'b1;
    entry = 24'(64 * ($urandom % 1000));
    count = hil_machine_pkg::IndexW'(length);
    {state, next, buffered, head, under, seen, collected, ended, trapped, active, last, beat, running} = '0;
    field_reason = TrapNone;
    @(negedge clk);
    {rst, running} = 2'b01;
    {cycles, age}  = '0;
    fields = '0;
    // A trapped segment is watched for a while.
    while (!ended && age < 20 && cycles < most) begin
      #4 check();
      step();
      cycles++;
      if (trapped) age++;
      drive(pace);
    end
    if (ended) seen_done++;
    else if (!trapped) begin
      if (most == 40000) $fatal(1, "a segment of %0d does not end", length);
      seen_cut++;
    end
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("segments=%d", segments));
    void'($urandom(seed));
    {entry, count} = '0;
    @(negedge clk);
    repeat (segments) segment();
    if (seen_done == 0 || seen_trap == 0 || seen_cut == 0 || seen_full == 0 || seen_reason == 0) $fatal(1, "something never happened");
    $display("bench: %0d segments ended, %0d trapped, %0d broken off, %0d instructions", seen_done, seen_trap, seen_cut, pushed);
    $finish;
  end
endmodule
