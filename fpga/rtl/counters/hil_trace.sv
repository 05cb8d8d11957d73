// The trace of retired instructions: for each unit, when the instruction under way started.
// Latency: retire_o, index_o and start_o describe the same cycle in which the instruction retires. Throughput: all units in each cycle.
// Ordering: by retirement. Only for simulation and machines with full counters; others leave it out.
module hil_trace (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                running_i,
  input  logic [3:0]                          start_i,
  output logic [4*hil_machine_pkg::CounterW-1:0] start_o,
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
    logic [CounterW-1:0] start_q;
    always_ff @(posedge clk_i) if (start_i[u]) start_q <= now_q;
    assign start_o[u*CounterW+:CounterW] = start_q;
  end
endmodule
