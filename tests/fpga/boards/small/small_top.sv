// A design that takes seconds to build: what is tested with it is the way, not the place.
module small_top (
  input  logic       clk_i,
  input  logic       step_i,
  output logic [2:0] led_o
);
  logic [hil_machine_pkg::IndexW-1:0] count;
  small_count u_count (.clk_i, .step_i, .count_o(count));
  hil_delay #(.Width(3), .Cycles(4)) u_delay (.clk_i, .rst_i(1'b0), .data_i(count[hil_machine_pkg::IndexW-1-:3]), .data_o(led_o));
endmodule
