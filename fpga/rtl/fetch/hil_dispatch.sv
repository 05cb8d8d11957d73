// Dispatch: takes instructions from the head of the buffer to their unit's queue, finds the end, raises illegal forms (timing, section 3).
// Latency: DispatchCycles for each instruction, the first being the one that found room; a trap in the last. Throughput: one instruction at a time.
// Ordering: program order. Exactly one event bit is set in each running cycle.
module hil_dispatch (
  input  logic         clk_i,
  input  logic         rst_i,
  input  logic         running_i,
  input  logic         trapped_i,
  // The head of the buffer, and its form (by chunks: of the opcode and of END, in the first cycle).
  input  logic         valid_i,
  input  logic         known_i,
  input  logic         end_i,
  input  logic [1:0]   unit_i,
  input  logic [3:0]   reason_i,
  input  logic [hil_machine_pkg::ChunkBits-1:0] word_i,
  output logic         pop_o,
  input  logic [3:0]   full_i,
  // By chunks: the form of the fields that each unit has got.
  input  logic [15:0]  fields_i,
  // All queues are empty and all units idle.
  input  logic         quiet_i,
  // Which chunk of the head is wanted in the next cycle; this cycle's is for a unit; it is the last cycle of the dispatch.
  output logic [2:0]   next_chunk_o,
  output logic [2:0]   chunk_o,
  output logic [3:0]   write_o,
  output logic [3:0]   push_o,
  output logic         done_o,
  output logic         trap_o,
  output logic [3:0]   reason_o,
  output logic         busy_o,
  output logic         starved_o,
  output logic         draining_o,
  output logic         stopped_o,
  output logic [3:0]   blocked_o
);
  localparam int unsigned Cycles = hil_machine_pkg::DispatchCycles;
  localparam int unsigned PhaseW = Cycles > 1 ? $clog2(Cycles) : 1;

  logic               illegal, last, under_way, waits, goes, goes_q;
  logic [1:0]         unit_q, unit;
  logic [PhaseW-1:0]  phase_q;

  assign under_way = phase_q != '0;
  // What has a unit waits for it. The head may show its opcode in the first cycle only.
  assign waits     = known_i && !end_i;
  assign goes      = under_way ? goes_q : waits;
  assign unit      = under_way ? unit_q : unit_i;
  // Behind the first cycle the head is there and goes on.
  assign last      = Cycles == 1 ? busy_o : running_i && !trapped_i && phase_q == PhaseW'(Cycles - 1);
  assign illegal   = reason_o != hil_contract_pkg::TrapNone;

  always_comb begin
    busy_o     = 1'b0;
    starved_o  = 1'b0;
    draining_o = 1'b0;
    stopped_o  = 1'b0;
    blocked_o  = '0;
    if (running_i) begin
      if (trapped_i) stopped_o = 1'b1;
      else if (!valid_i) starved_o = 1'b1;
      else if (under_way) busy_o = 1'b1;
      else if (end_i && reason_i == hil_contract_pkg::TrapNone) draining_o = 1'b1;
      else if (waits && full_i[unit_i]) blocked_o[unit_i] = 1'b1;
      else busy_o = 1'b1;
    end
  end

  assign done_o  = draining_o && quiet_i;
  assign pop_o   = last;
  assign trap_o  = last && illegal;
  // What comes with an unknown opcode may be written where there is room: nothing is pushed.
  if (Cycles > 1) begin : gen_gathered
    for (genvar u = 0; u < 4; u++) begin : gen_unit
      assign write_o[u] = under_way ? goes_q && unit_q == 2'(u) : running_i && !trapped_i && valid_i && unit_i == 2'(u) && !full_i[u];
      assign push_o[u]  = last && !illegal && goes_q && unit_q == 2'(u);
    end
  end else begin : gen_at_once
    assign write_o = busy_o && waits ? 4'h1 << unit_i : '0;
    assign push_o  = illegal ? '0 : write_o;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || last) phase_q <= '0;
    else if (busy_o) phase_q <= phase_q + 1'b1;
    unit_q <= unit;
    goes_q <= goes;
  end

  // By chunks: one in each of the first eight cycles; then the unit's fields are looked at, and what was found is there in the cycle after.
  if (hil_machine_pkg::ChunkBits == 128) begin : gen_whole
    assign chunk_o      = '0;
    assign next_chunk_o = '0;
    assign reason_o     = reason_i;
    logic unused;
    assign unused = ^{word_i, fields_i};
  end else begin : gen_chunks
    if (Cycles < 10) $error("a dispatch by chunks takes ten cycles");
    logic       reserved;
    logic [3:0] reason_q;
    logic [2:0] chunk_q;
    assign chunk_o      = chunk_q;
    assign next_chunk_o = busy_o && chunk_q != 3'd7 ? chunk_q + 1'b1 : chunk_q;
    hil_reserved u_reserved (
      .clk_i,
      .first_i(!under_way),
      .index_i(chunk_o),
      .chunk_i(word_i),
      .unit_i (unit_q),
      .found_o(reserved)
    );
    assign reason_o = reason_q != hil_contract_pkg::TrapNone ? reason_q
        : reserved ? hil_contract_pkg::TrapReservedBits : fields_i[unit_q*4+:4];
    always_ff @(posedge clk_i) begin
      if (!under_way) reason_q <= reason_i;
      chunk_q <= rst_i || last ? '0 : next_chunk_o;
    end
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    if (!rst_i && running_i) begin
      assert ($onehot({busy_o, starved_o, draining_o, stopped_o, blocked_o}))
      else $error("a cycle of the dispatcher counts under one name only");
    end
  end
`endif
endmodule
