// A counter that is loaded, and else moves by one. The step is none where it is loaded, so that on chips whose carry chain takes the LUT's
// inputs a bit takes one LUT, not two.
// Latency: one cycle. Throughput: a load or a step a cycle. Ordering: a load wins. Not checked: an overflow, which wraps.
module hil_counter #(
  parameter int unsigned Width = 4,
  parameter bit          Down  = 1'b0
) (
  input  logic             clk_i,
  input  logic             load_i,
  input  logic [Width-1:0] value_i,
  input  logic             step_i,
  output logic [Width-1:0] count_o
);
  // Minus one, or none while it is loaded.
  logic [Width-1:0] back;
  assign back = {Width{!load_i}};
  always_ff @(posedge clk_i) begin
    if (load_i || step_i) count_o <= load_i ? value_i : Down ? count_o + back : count_o - back;
  end
endmodule
