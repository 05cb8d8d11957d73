// Dispatch: takes instructions from the head of the buffer to their unit's queue, finds the end, raises illegal forms (timing, section 3).
// Latency: DispatchCycles for each instruction, the first being the one that found room. Throughput: one instruction at a time.
// Ordering: program order. Exactly one event bit is set in each running cycle.
module hil_dispatch (
  input  logic         clk_i,
  input  logic         rst_i,
  input  logic         running_i,
  input  logic         trapped_i,
  input  logic         valid_i,
  input  logic [127:0] word_i,
  output logic         pop_o,
  input  logic [3:0]   full_i,
  // All queues are empty and all units idle.
  input  logic         quiet_i,
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

  logic [1:0]        unit;
  logic              is_end, illegal, last, under_way;
  logic [PhaseW-1:0] phase_q;

  hil_form u_form (
    .word_i,
    .unit_o  (unit),
    .end_o   (is_end),
    .reason_o(reason_o)
  );

  assign illegal   = reason_o != hil_contract_pkg::TrapNone;
  assign under_way = phase_q != '0;
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
      else if (is_end && !illegal) draining_o = 1'b1;
      else if (!illegal && !under_way && full_i[unit]) blocked_o[unit] = 1'b1;
      else busy_o = 1'b1;
    end
  end

  assign done_o = draining_o && quiet_i;
  assign pop_o  = last;
  assign trap_o = last && illegal;
  assign push_o = last && !illegal ? 4'h1 << unit : '0;

  always_ff @(posedge clk_i) begin
    if (rst_i || last) phase_q <= '0;
    else if (busy_o) phase_q <= phase_q + 1'b1;
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
