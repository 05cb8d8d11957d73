// One row of the array: cells from west to east, one activation stream through all of them.
// Latency: column c answers c + 1 cycles after act_i. Throughput: one activation a cycle.
// Ordering: as in hil_cell; psum_i of column c must come c cycles after act_i.
module hil_array_row #(
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 18
) (
  input  logic                     clk_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic                     weights_we_i,
  input  logic                     swap_i,
  input  logic [7:0]               act_i,
  input  logic [Columns*PsumW-1:0] psums_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  logic       swap[0:Columns];
  logic [7:0] act [0:Columns];

  assign swap[0] = swap_i;
  assign act[0]  = act_i;

  for (genvar c = 0; c < Columns; c++) begin : gen_cell
    hil_cell #(
      .PsumW(PsumW)
    ) u_cell (
      .clk_i,
      .weight_i   (weights_i[c*8+:8]),
      .weight_we_i(weights_we_i),
      .swap_i     (swap[c]),
      .act_i      (act[c]),
      .psum_i     (psums_i[c*PsumW+:PsumW]),
      .swap_o     (swap[c+1]),
      .act_o      (act[c+1]),
      .psum_o     (psums_o[c*PsumW+:PsumW])
    );
  end

  // What leaves the last column goes nowhere.
  logic unused;
  assign unused = ^{swap[Columns], act[Columns]};
endmodule
