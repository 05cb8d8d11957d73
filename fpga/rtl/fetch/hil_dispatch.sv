// Dispatch: takes instructions from the head of the buffer to their unit's queue, finds the end, raises illegal forms (timing, section 3).
// Latency: DispatchCycles for each instruction, the first being the one that found room. Throughput: one instruction at a time.
// Ordering: program order. Exactly one event bit is set in each running cycle.
module hil_dispatch (
  input  logic         clk_i,
  input  logic         rst_i,
  input  logic         running_i,
  input  logic         trapped_i,
  // The head of the buffer, and its form.
  input  logic         valid_i,
  input  logic [3:0]   reason_i,
  input  logic         end_i,
  input  logic [1:0]   unit_i,
  output logic         pop_o,
  input  logic [3:0]   full_i,
  // All queues are empty and all units idle.
  input  logic         quiet_i,
  // Which chunk of the head is wanted in the next cycle; this cycle's is for a unit; it is the last cycle of the dispatch.
  output logic [2:0]   next_chunk_o,
  output logic [2:0]   chunk_o,
  output logic [3:0]   write_o,
  output logic [3:0]   push_o,
  output logic         done_o,
  output logic         trap_o,
  output logic         busy_o,
  output logic         starved_o,
  output logic         draining_o,
  output logic         stopped_o,
  output logic [3:0]   blocked_o
);
  localparam int unsigned Cycles = hil_machine_pkg::DispatchCycles;
  localparam int unsigned PhaseW = Cycles > 1 ? $clog2(Cycles) : 1;

  logic              illegal, last, under_way;
  logic [1:0]        unit_q, unit;
  logic [PhaseW-1:0] phase_q;

  assign illegal   = reason_i != hil_contract_pkg::TrapNone;
  assign under_way = phase_q != '0;
  // The head shows its unit in the first cycle only.
  assign unit      = under_way ? unit_q : unit_i;
  assign last      = busy_o && phase_q == PhaseW'(Cycles - 1);

  always_comb begin
    busy_o     = 1'b0;
    starved_o  = 1'b0;
    draining_o = 1'b0;
    stopped_o  = 1'b0;
    blocked_o  = '0;
    if (running_i) begin
      if (trapped_i) stopped_o = 1'b1;
      else if (!valid_i) starved_o = 1'b1;
      else if (end_i && !illegal) draining_o = 1'b1;
      else if (!illegal && !under_way && full_i[unit_i]) blocked_o[unit_i] = 1'b1;
      else busy_o = 1'b1;
    end
  end

  assign done_o  = draining_o && quiet_i;
  assign pop_o   = last;
  assign trap_o  = last && illegal;
  assign write_o = busy_o && !illegal ? 4'h1 << unit : '0;
  assign push_o  = last ? write_o : '0;

  // By chunks: one in each of the first eight cycles.
  if (hil_machine_pkg::ChunkBits == 128) begin : gen_whole
    assign chunk_o      = '0;
    assign next_chunk_o = '0;
  end else begin : gen_chunks
    assign chunk_o      = phase_q < PhaseW'(7) ? 3'(phase_q) : 3'd7;
    assign next_chunk_o = busy_o && !last && chunk_o != 3'd7 ? chunk_o + 1'b1 : chunk_o;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || last) phase_q <= '0;
    else if (busy_o) phase_q <= phase_q + 1'b1;
    unit_q <= unit;
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
