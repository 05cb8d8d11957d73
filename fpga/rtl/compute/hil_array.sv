// The systolic array: rows of cells, activations flow east, partial sums south; the weights of a tile follow one another into the rows
// just ahead of its first activations, so that no cell needs a second weight.
//
//        act row 0 ->  [cell cell][cell cell]      row r enters r cycles late (skewed in here),
//        act row 1 ->  [cell cell][cell cell]      pair p of columns leaves p cycles late (left skewed)
//                        v    v     v    v
//
// Latency: pair p of the row of activations at acts_i is at psums_o Rows + p + 1 cycles later. Throughput: one row of activations a cycle.
// Ordering: take_i[r] comes r cycles after the first activations of a tile are at acts_i, with row r of its weights at weights_i.
module hil_array #(
  parameter int unsigned Rows    = 4,
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 16 + $clog2(Rows)
) (
  input  logic                     clk_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic [Rows-1:0]          take_i,
  input  logic [Rows*8-1:0]        acts_i,
  // All sums at psums_o are zero in the next cycle.
  input  logic                     clear_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  if (PsumW < 16 + $clog2(Rows)) $error("PsumW holds no sum of Rows products");
  if (Columns > 1 && Columns % 2 != 0) $error("columns come in pairs; a single one is half of one");

  localparam int unsigned Pairs = (Columns + 1) / 2;
  localparam int unsigned PairBits = Columns > 1 ? 16 : 8;

  logic [Columns*PsumW-1:0] psums[0:Rows];
  logic [Columns*8-1:0]     weights;

  assign psums[0] = '0;
  assign psums_o  = psums[Rows];

  // Weights of pair p wait until the row's take has travelled there.
  for (genvar p = 0; p < Pairs; p++) begin : gen_pair
    hil_delay #(
      .Width (PairBits),
      .Cycles(p)
    ) u_skew (
      .clk_i,
      .rst_i (1'b0),
      .data_i(weights_i[p*16+:PairBits]),
      .data_o(weights[p*16+:PairBits])
    );
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [7:0] act;

    hil_delay #(
      .Width (8),
      .Cycles(r)
    ) u_skew (
      .clk_i,
      .rst_i (1'b0),
      .data_i(acts_i[r*8+:8]),
      .data_o(act)
    );

    hil_array_row #(
      .Columns(Columns),
      .PsumW  (PsumW),
      .First  (r == 0)
    ) u_row (
      .clk_i,
      .weights_i(weights),
      .take_i   (take_i[r]),
      .clear_i  (r == Rows - 1 && clear_i),
      .act_i    (act),
      .psums_i  (psums[r]),
      .psums_o  (psums[r+1])
    );
  end
endmodule
