// The systolic array: rows of cells, activations flow east, partial sums south; weights are written row by row.
//
//        act row 0 ->  [cell][cell]      row r enters r cycles late (skewed in here),
//        act row 1 ->  [cell][cell]      column c leaves c cycles late (left skewed)
//                        v     v
//
// Latency: column c of the row of activations at acts_i is at psums_o Rows + c cycles later. Throughput: one row of activations a cycle.
// Ordering: swap_i comes one cycle before the first activations of a tile. Shadow row r may be written from Columns + r cycles after a swap
// on, and until r cycles after the next.
module hil_array #(
  parameter int unsigned Rows    = 4,
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 16 + $clog2(Rows)
) (
  input  logic                     clk_i,
  input  logic                     rst_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic [Rows-1:0]          weights_we_i,
  input  logic                     swap_i,
  input  logic [Rows*8-1:0]        acts_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  if (PsumW < 16 + $clog2(Rows)) $error("PsumW holds no sum of Rows products");

  logic [Columns*PsumW-1:0] psums[0:Rows];
  logic [Rows-1:0]          swaps;

  assign psums[0] = '0;
  assign psums_o  = psums[Rows];

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

    if (r == 0) begin : gen_first
      assign swaps[0] = swap_i;
    end else begin : gen_next
      logic swap_q;
      always_ff @(posedge clk_i) swap_q <= swaps[r-1] && !rst_i;
      assign swaps[r] = swap_q;
    end

    hil_array_row #(
      .Columns(Columns),
      .PsumW  (PsumW)
    ) u_row (
      .clk_i,
      .weights_i,
      .weights_we_i(weights_we_i[r]),
      .swap_i      (swaps[r]),
      .act_i       (act),
      .psums_i     (psums[r]),
      .psums_o     (psums[r+1])
    );
  end
endmodule
