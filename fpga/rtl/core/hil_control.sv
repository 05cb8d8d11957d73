// Running, done, traps and the deadlock watch (timing, section 8).
// Latency: a trap raised in a cycle is seen in the next. Throughput: one segment at a time; start_i restarts at any time.
// Ordering: of traps in one cycle TokenOverflow wins, then dispatch, then Deadlock; only the first trap is kept. Fetch keeps where it was.
module hil_control (
  input  logic                            clk_i,
  input  logic                            rst_i,
  input  logic                            start_i,
  output logic                            running_o,
  output logic                            done_o,
  output logic                            trapped_o,
  output logic [3:0]                      reason_o,
  // END found everything quiet.
  input  logic                            end_i,
  input  logic                            units_idle_i,
  input  logic                            fetch_burst_i,
  // Something moved in this cycle.
  input  logic                            active_i,
  input  logic                            overflow_i,
  input  logic                            dispatch_trap_i,
  input  logic [3:0]                      dispatch_reason_i
);
  localparam int unsigned QuietW = $clog2(hil_machine_pkg::DeadlockCycles + 1);

  logic                            running_q, done_q, trapped_q;
  logic [3:0]                      reason_q;
  logic [QuietW-1:0]               quiet_q;
  logic                            deadlock, finish;

  assign deadlock = !active_i && quiet_q == QuietW'(hil_machine_pkg::DeadlockCycles - 1);
  assign finish   = end_i || (trapped_q && units_idle_i && !fetch_burst_i);

  assign running_o = running_q;
  assign done_o    = done_q;
  assign trapped_o = trapped_q;
  assign reason_o  = reason_q;

  always_ff @(posedge clk_i) begin
    if (rst_i || start_i) begin
      running_q <= start_i && !rst_i;
      done_q    <= 1'b0;
      trapped_q <= 1'b0;
      reason_q  <= hil_contract_pkg::TrapNone;
      quiet_q   <= '0;
    end else if (running_q) begin
      quiet_q <= active_i || deadlock ? '0 : quiet_q + 1'b1;
      if (finish) begin
        running_q <= 1'b0;
        done_q    <= 1'b1;
      end
      if (!trapped_q && !finish && (overflow_i || dispatch_trap_i || deadlock)) begin
        trapped_q <= 1'b1;
        reason_q  <= overflow_i ? hil_contract_pkg::TrapTokenOverflow
            : dispatch_trap_i ? dispatch_reason_i : hil_contract_pkg::TrapDeadlock;
      end
    end
  end
endmodule
