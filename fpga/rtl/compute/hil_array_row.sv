// One row of the array: pairs of cells from west to east, one activation stream through all of them.
// Latency: pair p answers p + 2 cycles after act_i. Throughput: one activation a cycle.
// Ordering: take_i comes with the first activation that its weights are for; pair p takes them p cycles later, when weights_i must hold
// them, and wants psums_i p + 1 cycles after act_i. With First nothing comes from the north. After clear_i all sums are zero (not with First).
module hil_array_row #(
  parameter int unsigned Columns = 2,
  parameter int unsigned PsumW   = 18,
  parameter bit          First   = 1'b0
) (
  input  logic                     clk_i,
  input  logic [Columns*8-1:0]     weights_i,
  input  logic                     take_i,
  input  logic                     clear_i,
  input  logic [7:0]               act_i,
  input  logic [Columns*PsumW-1:0] psums_i,
  output logic [Columns*PsumW-1:0] psums_o
);
  localparam int unsigned Pairs = (Columns + 1) / 2;

  logic [7:0] act_q[0:Pairs-1];
  logic       take [0:Pairs-1];

  for (genvar p = 0; p < Pairs; p++) begin : gen_pair
    if (p == 0) begin : gen_first
      assign take[0] = take_i;
      always_ff @(posedge clk_i) act_q[0] <= act_i;
    end else begin : gen_next
      logic take_q;
      assign take[p] = take_q;
      always_ff @(posedge clk_i) begin
        take_q   <= take[p-1];
        act_q[p] <= act_q[p-1];
      end
    end

    for (genvar c = 2 * p; c < 2 * p + 2 && c < Columns; c++) begin : gen_cell
      hil_cell #(
        .PsumW(PsumW)
      ) u_cell (
        .clk_i,
        .weight_i(weights_i[c*8+:8]),
        .take_i  (take[p]),
        .clear_i,
        .act_i   (act_q[p]),
        .psum_i  (First ? '0 : psums_i[c*PsumW+:PsumW]),
        .psum_o  (psums_o[c*PsumW+:PsumW])
      );
    end
  end

  // Unread in the first row.
  logic unused;
  assign unused = ^psums_i;
endmodule
