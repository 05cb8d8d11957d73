// Properties of hil_strip: every cycle of an instruction against the formulas of docs/timing.md, section 6, for all rows, tiles and slots.
// Instructions follow each other at once, with the same operands.
module formal_strip (
  input logic clk_i,
  input logic rst_i
);
  localparam int unsigned R = hil_machine_pkg::Rows;
  localparam int unsigned C = hil_machine_pkg::Columns;
  localparam int unsigned T = hil_machine_pkg::WeightTiles;
  localparam int unsigned M = hil_machine_pkg::AccumulatorRows;

  (* anyconst *) logic [hil_machine_pkg::RowCountW-1:0]  rows_i;
  (* anyconst *) logic [hil_machine_pkg::TileCountW-1:0] tiles_i;
  (* anyconst *) logic                                   slot_i;
  logic                                    start_i;
  logic                                    weight_re, tile_re, row, row_first, zero, last;
  logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr;
  logic [R-1:0]                            weight_row;
  logic [hil_machine_pkg::TileAddrW-1:0]   tile_addr;
  hil_strip dut (
    .clk_i,
    .rst_i,
    .start_i,
    .rows_i,
    .tiles_i,
    .slot_i,
    .weight_re_o  (weight_re),
    .weight_addr_o(weight_addr),
    .weight_row_o (weight_row),
    .tile_re_o    (tile_re),
    .tile_addr_o  (tile_addr),
    .row_o        (row),
    .row_first_o  (row_first),
    .zero_o       (zero),
    .last_o       (last)
  );

  // The cycle of the instruction, from 1; 0 while none runs.
  logic [5:0] cycle_q, rows, tiles, period, length;
  assign rows    = 6'(rows_i);
  assign tiles   = 6'(tiles_i);
  assign period  = rows > 6'(R + C + 2) ? rows : 6'(R + C + 2);
  always_comb begin
    length = tiles == '0 ? rows + 6'd6 : rows + 6'(R + R + C + 6);
    for (int unsigned j = 1; j < T; j++) if (6'(j) < tiles) length = length + period;
  end
  assign start_i = !rst_i && cycle_q == '0;
  always_ff @(posedge clk_i) begin
    if (rst_i || cycle_q == length) cycle_q <= '0;
    else cycle_q <= cycle_q + 6'd1;
  end

  initial assume (rst_i);
  always_comb begin
    assume (rows != '0 && rows <= 6'(M) && tiles <= 6'(T));
  end

  // Which is due, tile by tile: tile j begins behind cycle R + j * period.
  logic                                    row_due, first_due, tile_due, weight_due;
  logic [R-1:0]                            weight_row_due;
  logic [5:0]                              tile_at, weight_at, begins;
  always_comb begin
    row_due        = tiles == '0 && cycle_q >= 6'd1 && cycle_q <= rows;
    first_due      = tiles == '0 && cycle_q == 6'd1;
    tile_due       = 1'b0;
    weight_due     = 1'b0;
    weight_row_due = '0;
    tile_at        = '0;
    weight_at      = '0;
    begins         = '0;
    for (int unsigned j = 0; j < T; j++) begin
      begins = 6'(R) + 6'(j) * period;
      if (6'(j) < tiles && cycle_q != '0) begin
        if (cycle_q > begins && cycle_q <= begins + rows) row_due = 1'b1;
        if (cycle_q == begins + 6'd1) first_due = 1'b1;
        if (cycle_q == begins) begin
          tile_due = 1'b1;
          tile_at  = 6'(j) + (slot_i ? 6'(T) : 6'd0);
        end
        for (int unsigned r = 0; r < R; r++) begin
          if (cycle_q == begins + 6'd2 + 6'(r)) begin
            weight_due = 1'b1;
            weight_at  = 6'(j * R + r) + (slot_i ? 6'(T * R) : 6'd0);
          end
          if (cycle_q == begins + 6'd3 + 6'(r)) weight_row_due[r] = 1'b1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (last == (cycle_q != '0 && cycle_q == length));
      assert (row == row_due);
      assert (row_first == first_due);
      assert (!row || zero == (tiles == '0));
      assert (tile_re == tile_due);
      assert (!tile_re || 6'(tile_addr) == tile_at);
      assert (weight_re == weight_due);
      assert (!weight_re || 6'(weight_addr) == weight_at);
      assert (weight_row == weight_row_due);
    end
  end
endmodule
