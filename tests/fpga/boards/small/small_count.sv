// A counter of the width of an instruction's index.
module small_count (
  input  logic clk_i,
  input  logic step_i,
  output logic [hil_machine_pkg::IndexW-1:0] count_o
);
  always_ff @(posedge clk_i) count_o <= count_o + hil_machine_pkg::IndexW'(step_i);
endmodule
