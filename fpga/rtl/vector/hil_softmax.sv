// SOFTMAX's maximum, exponentials and sums (numerics, section 7), for the lanes together.
// Latency: a group of the second pass comes with group_i; its table values and shifts are there in the next cycle, to be scaled by 1.
// Throughput: one group a cycle. Ordering: kept. Overflow: 4095 exponentials of at most 127 take 19 bits. Not checked: nothing.
module hil_softmax (
  input  logic                               clk_i,
  input  logic                               rst_i,
  input  logic                               start_i,
  input  logic [hil_machine_pkg::CountW-1:0]    length0_i,
  input  logic                               causal_i,
  input  logic                               masked_i,
  input  logic [hil_machine_pkg::CountW-1:0]    row_scale_i,
  // A row begins; a group of its first pass; the group, its lanes and column, and the mask's entry.
  input  logic                               clear_i,
  input  logic                               first_i,
  input  logic [hil_machine_pkg::Lanes*16-1:0]  group_i,
  input  logic [hil_machine_pkg::Lanes-1:0]     lanes_i,
  input  logic [hil_machine_pkg::CountW-1:0]    column_i,
  input  logic [hil_machine_pkg::Lanes*64-1:0]  entries_i,
  output logic [hil_machine_pkg::Lanes*15-1:0]  power_o,
  output logic [hil_machine_pkg::Lanes*6-1:0]   shift_o,
  // Exponentials of a group, and whether it is the row's last.
  input  logic                               add_i,
  input  logic                               last_i,
  input  logic [hil_machine_pkg::Lanes*8-1:0]   exponentials_i,
  // C, and the row scale.
  input  logic [15:0]                        factor_i,
  output logic                               write_o,
  output logic [hil_machine_pkg::RowScaleW-1:0] row_o,
  output logic [hil_machine_pkg::RowScaleBits-1:0] scale_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;

  // Valid keys: within the row, its length, and the mask.
  logic              causal_q, masked_q;
  logic [CountW:0]   length_q;
  logic [63:0]       entry;
  logic [L-1:0]      mask, valid;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      causal_q <= causal_i;
      masked_q <= masked_i;
      length_q <= (CountW + 1)'(length0_i);
    end else if (add_i && last_i && causal_q) begin
      length_q <= length_q + 1'b1;
    end
  end
  // Entry e of the mask is lane e mod L's.
  logic [CountW-7:0] lane;
  assign lane = column_i[CountW-1:6] & (CountW - 6)'(L - 1);
  always_comb begin
    entry = '0;
    for (int unsigned l = 0; l < L; l++) if (lane == (CountW - 6)'(l)) entry = entry | entries_i[l*64+:64];
  end
  assign mask = L'(entry >> column_i[5:0]);
  for (genvar l = 0; l < L; l++) begin : gen_valid
    assign valid[l] = lanes_i[l] && (CountW + 1)'(column_i) + (CountW + 1)'(l) < length_q && (!masked_q || mask[l]);
  end

  // The maximum of the valid scores; none: any.
  logic signed [15:0] most_q, most;
  always_comb begin
    most = most_q;
    for (int unsigned l = 0; l < L; l++) begin
      if (valid[l] && signed'(group_i[l*16+:16]) > most) most = group_i[l*16+:16];
    end
  end
  always_ff @(posedge clk_i) begin
    if (clear_i) most_q <= 16'h8000;
    else if (first_i) most_q <= most;
  end

  // 2^-t/256: the table by the fraction, shifted by the whole octaves, or away.
  for (genvar l = 0; l < L; l++) begin : gen_power
    logic [15:0] distance;
    logic [14:0] power_q;
    logic [5:0]  shift_q;
    assign distance = most_q - group_i[l*16+:16];
    always_ff @(posedge clk_i) begin
      power_q <= hil_contract_pkg::exponential(distance[7:0]);
      shift_q <= valid[l] && distance[15:12] == '0 ? 6'(distance[11:8]) + 6'd8 : 6'd63;
    end
    assign power_o[l*15+:15] = power_q;
    assign shift_o[l*6+:6]   = shift_q;
  end

  logic [18:0] sum;
  always_comb begin
    sum = '0;
    for (int unsigned l = 0; l < L; l++) sum = sum + 19'(exponentials_i[l*8+:7]);
  end

  hil_row_scale u_scale (
    .clk_i,
    .rst_i,
    .start_i,
    .row_i  (row_scale_i),
    .add_i,
    .last_i,
    .sum_i  (sum),
    .factor_i,
    .write_o,
    .row_o,
    .scale_o
  );

  logic unused;
  assign unused = ^exponentials_i;
endmodule
