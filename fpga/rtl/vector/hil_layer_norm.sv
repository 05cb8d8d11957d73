// LAYER_NORM's statistics of a row and the reciprocal square root of its variance (numerics, section 6), on multipliers of the lanes.
// Latency: y and shift are there normCycles - 7 cycles after begin_i or before: hil_root_pair, on two lanes, where normCycles is below 37; else hil_root, on one.
// Throughput: a row at a time. Overflow: S1 within 2^25, S2 within 2^40. Not checked: nothing.
module hil_layer_norm #(
  // Lanes whose multipliers it takes.
  parameter int unsigned Multipliers = 1
) (
  input  logic        clk_i,
  input  logic        rst_i,
  // A row: cleared, then its groups' sums, then begin_i in the last cycle of the pass.
  input  logic        clear_i,
  input  logic        rms_i,
  input  logic        add_i,
  input  logic [hil_machine_pkg::Lanes-1:0]    lanes_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0] group_i,
  input  logic        begin_i,
  input  logic [hil_machine_pkg::Lanes*41-1:0] squares_i,
  // N and E, from the cycle of header_o on.
  input  logic [15:0] count_i,
  input  logic [31:0] epsilon_i,
  output logic        header_o,
  // The multipliers: inputs, and three cycles later the products.
  output logic        busy_o,
  output logic [Multipliers*32-1:0] acc_o,
  output logic [Multipliers*32-1:0] bias_o,
  output logic [Multipliers*16-1:0] multiplier_o,
  input  logic [Multipliers*48-1:0] product_i,
  // -S1, y, and b/2 + 12.
  output logic [31:0] offset_o,
  output logic [15:0] root_o,
  output logic [5:0]  shift_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;

  // S1, negative, and S2.
  logic signed [26:0] sum_q, group_sum;
  logic [40:0]        squares;
  always_comb begin
    group_sum = '0;
    squares   = '0;
    for (int unsigned l = 0; l < L; l++) begin
      if (lanes_i[l]) group_sum = group_sum + 27'(signed'(group_i[l*16+:16]));
      squares = squares + squares_i[l*41+:41];
    end
  end
  always_ff @(posedge clk_i) begin
    if (clear_i) sum_q <= '0;
    else if (add_i && !rms_i) sum_q <= sum_q - group_sum;
  end
  assign offset_o = 32'(sum_q);

  if (Multipliers == 2) begin : gen_pair
    hil_root_pair u_root (
      .clk_i,
      .rst_i,
      .begin_i,
      .sum_i    (sum_q),
      .squares_i(squares),
      .count_i,
      .epsilon_i,
      .header_o,
      .busy_o,
      .acc_o,
      .bias_o,
      .multiplier_o,
      .product_i,
      .root_o,
      .shift_o
    );
  end else begin : gen_one
    hil_root u_root (
      .clk_i,
      .rst_i,
      .begin_i,
      .sum_i    (sum_q),
      .squares_i(squares),
      .count_i,
      .epsilon_i,
      .header_o,
      .busy_o,
      .acc_o,
      .bias_o,
      .multiplier_o,
      .product_i,
      .root_o,
      .shift_o
    );
  end
endmodule
