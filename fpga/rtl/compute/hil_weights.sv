// The weight slots: two strips of tiles, and the index of each tile.
// Latency: one cycle from a read to its data, held until the next. Throughput: one row and one index read and written a cycle.
// Ordering: none needed; Load fills one slot while Compute reads the other (verifier).
module hil_weights (
  input  logic                                 clk_i,
  input  logic                                 weight_we_i,
  input  logic [hil_machine_pkg::WeightAddrW-1:0] weight_waddr_i,
  input  logic [hil_machine_pkg::Columns*8-1:0]   weight_i,
  input  logic                                 tile_we_i,
  input  logic [hil_machine_pkg::TileAddrW-1:0]   tile_waddr_i,
  input  logic [15:0]                          tile_i,
  input  logic                                 weight_re_i,
  input  logic [hil_machine_pkg::WeightAddrW-1:0] weight_raddr_i,
  output logic [hil_machine_pkg::Columns*8-1:0]   weight_o,
  input  logic                                 tile_re_i,
  input  logic [hil_machine_pkg::TileAddrW-1:0]   tile_raddr_i,
  output logic [15:0]                          tile_o
);
  hil_ram_1r1w #(
    .Width(hil_machine_pkg::Columns * 8),
    .Depth(hil_machine_pkg::WeightRows),
    .AddrW(hil_machine_pkg::WeightAddrW)
  ) u_rows (
    .clk_i,
    .we_i   (weight_we_i),
    .waddr_i(weight_waddr_i),
    .wdata_i(weight_i),
    .re_i   (weight_re_i),
    .raddr_i(weight_raddr_i),
    .rdata_o(weight_o)
  );

  hil_ram_1r1w #(
    .Width(16),
    .Depth(2 * hil_machine_pkg::WeightTiles),
    .AddrW(hil_machine_pkg::TileAddrW)
  ) u_indices (
    .clk_i,
    .we_i   (tile_we_i),
    .waddr_i(tile_waddr_i),
    .wdata_i(tile_i),
    .re_i   (tile_re_i),
    .raddr_i(tile_raddr_i),
    .rdata_o(tile_o)
  );
endmodule
