// The trace of retired instructions: for each unit, when the instruction under way started, and its busy cycles.
// Latency: start_o, busy_o and now_o are right in the cycle in which the instruction retires (that cycle included). Throughput: all units in each cycle.
// Ordering: by retirement. Only for simulation and machines with full counters; others leave it out.
module hil_trace (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                running_i,
  input  logic [3:0]                          start_i,
  input  logic [3:0]                          busy_i,
  output logic [4*hil_machine_pkg::CounterW-1:0] start_o,
  output logic [4*hil_machine_pkg::CounterW-1:0] busy_o,
  output logic [hil_machine_pkg::CounterW-1:0]   now_o
);
  localparam int unsigned CounterW = hil_machine_pkg::CounterW;
  logic [CounterW-1:0] now_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) now_q <= '0;
    else if (running_i) now_q <= now_q + 1'b1;
  end
  assign now_o = now_q;

  for (genvar u = 0; u < 4; u++) begin : gen_unit
    logic [CounterW-1:0] start_q, busy_q;
    always_ff @(posedge clk_i) begin
      if (start_i[u]) start_q <= now_q;
      if (start_i[u]) busy_q <= '0;
      else if (busy_i[u]) busy_q <= busy_q + 1'b1;
    end
    assign busy_o[u*CounterW+:CounterW]  = busy_q + 1'b1;
    assign start_o[u*CounterW+:CounterW] = start_q;
  end
endmodule
