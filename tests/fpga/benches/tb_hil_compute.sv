// hil_compute as a whole, with the weight slots, against docs/numerics.md section 4 and docs/timing.md section 6: strips of any shape one after the other, on both
// slots and halves, the other slot filled and the other half read meanwhile with pauses, resets anywhere. Arguments: +seed=N, +strips=N.
`timescale 1ns / 100ps
module tb_hil_compute;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  localparam int unsigned R = Rows;
  localparam int unsigned C = Columns;
  // Of a slot, tiles are as deep in a row as this.
  localparam int unsigned Tiles = WeightTiles < 6 ? WeightTiles : 6;
  localparam int unsigned Depth = 12;
  localparam int unsigned MostRows = AccumulatorRows < 40 ? AccumulatorRows : 40;

  `include "unit_run.svh"
  logic                   last, row_event, tile_event, weight_re, tile_re, pad_en, weight_we = 1'b0, tile_we = 1'b0, acc_read = 1'b0, acc_half = 1'b0;
  logic [WeightAddrW-1:0] weight_raddr, weight_waddr = '0;
  logic [8*C-1:0]         weight_rdata, weight_wdata = '0;
  logic [TileAddrW-1:0]   tile_raddr, tile_waddr = '0;
  logic [15:0]            tile_rdata, tile_wdata = '0;
  logic [BankW-1:0]       pad_bank;
  logic [WordAddrW-1:0]   pad_addr;
  logic [WordBits-1:0]    pad_rdata = '0;
  logic [AccRowW-1:0]     acc_row = '0;
  logic [32*C-1:0]        acc_data;
  hil_weights u_weights (
    .clk_i(clk), .weight_we_i(weight_we), .weight_waddr_i(weight_waddr), .weight_i(weight_wdata), .tile_we_i(tile_we), .tile_waddr_i(tile_waddr),
    .tile_i(tile_wdata), .weight_re_i(weight_re), .weight_raddr_i(weight_raddr), .weight_o(weight_rdata), .tile_re_i(tile_re), .tile_raddr_i(tile_raddr),
    .tile_o(tile_rdata)
  );
  hil_compute u_dut (
    .clk_i(clk), .rst_i(rst), .start_i(start), .word_i(word), .last_o(last), .row_event_o(row_event), .tile_event_o(tile_event), .weight_re_o(weight_re),
    .weight_addr_o(weight_raddr), .weight_i(weight_rdata), .tile_re_o(tile_re), .tile_addr_o(tile_raddr), .tile_i(tile_rdata), .pad_en_o(pad_en),
    .pad_bank_o(pad_bank), .pad_addr_o(pad_addr), .pad_rdata_i(pad_rdata), .acc_read_i(acc_read), .acc_half_i(acc_half), .acc_row_i(acc_row), .acc_data_o(acc_data)
  );

  // The memories as they are to be; of the accumulators, which rows something is known of.
  logic signed [7:0]   weights[2][Tiles][R][C];
  logic [15:0]         index[2][Tiles];
  logic [31:0]         sums[2][AccumulatorRows][C];
  logic [AccumulatorRows-1:0] known[2];

  int unsigned bank, source, stride, rows, tiles, slot, half, duration, reads, row_events, tile_events, fill, pace;
  logic        accumulate, shift7, ends, was_read, was_acc, acc_known;
  logic [WordBits-1:0] read_word;
  logic [31:0]         due[C];
  int unsigned strips = 500, seen_empty, seen_many, seen_added, seen_shifted, seen_rows, fills, t, m, at;

  // One step of filling a slot: an index or a row of weights. The rows of a tile come after its index, tiles ascend.
  task automatic fill_step(input int unsigned into);
    logic [8*C-1:0] made;
    t = fill / (R + 1);
    m = fill % (R + 1);
    if (m == 0) begin
      index[into][t] = t == 0 ? 16'($urandom % 3) : index[into][t-1] + 16'(1 + $urandom % 2);
      tile_we    = 1'b1;
      tile_waddr = TileAddrW'(into * WeightTiles + t);
      tile_wdata = index[into][t];
    end else begin
      for (int unsigned c = 0; c < C; c++) begin
        weights[into][t][m-1][c] = 8'($urandom);
        made[8*c+:8] = weights[into][t][m-1][c];
      end
      weight_we    = 1'b1;
      weight_waddr = WeightAddrW'((into * WeightTiles + t) * R + m - 1);
      weight_wdata = made;
    end
    fill++;
  endtask

  task automatic read_sums(input int unsigned of, input int unsigned row);
    acc_read  = 1'b1;
    acc_half  = 1'(of);
    acc_row   = AccRowW'(row);
    acc_known = known[of][row];
    for (int unsigned c = 0; c < C; c++) due[c] = sums[of][row][c];
  endtask

  // What a cycle shows, just before its end.
  task automatic cycle();
    #4;
    if (!rst && last != (runs && age == duration)) $fatal(1, "last %b in cycle %0d of %0d", last, age, duration);
    if (!runs && !rst && (row_event || tile_event || weight_re || tile_re)) $fatal(1, "something moves, and no strip runs");
    row_events  += 32'(row_event);
    tile_events += 32'(tile_event);
    was_read = pad_en;
    if (pad_en) begin
      if (reads >= tiles * rows) $fatal(1, "a read too many");
      at = source + reads % rows * stride * WordBytes + 32'(index[slot][reads/rows]) * R;
      if (pad_bank != BankW'(bank) || 32'(pad_addr) != at / WordBytes) $fatal(1, "row %0d of tile %0d: reads word %0d", reads % rows, reads / rows, pad_addr);
      read_word = pad[bank*BankWords+32'(pad_addr)];
      reads++;
    end
    ends    = runs && last;
    was_acc = acc_read && acc_known;
    @(negedge clk);
    if (was_read) pad_rdata = read_word;
    if (was_acc) begin
      seen_rows++;
      for (int unsigned c = 0; c < C; c++)
        if (acc_data[32*c+:32] != due[c]) $fatal(1, "half %0d, row %0d, column %0d: %h, not %h", acc_half, acc_row, c, acc_data[32*c+:32], due[c]);
    end
    {acc_read, weight_we, tile_we} = '0;
    if (ends) runs = 1'b0;
    age++;
  endtask

  task automatic multiply();
    logic [31:0] sum;
    for (m = 0; m < rows; m++) begin
      for (int unsigned c = 0; c < C; c++) begin
        sum = !accumulate ? '0 : shift7 ? sums[half][m][c] << 7 : sums[half][m][c];
        for (t = 0; t < tiles; t++)
          for (int unsigned r = 0; r < R; r++)
            sum += 32'(signed'(pad_byte(bank, source + m * stride * WordBytes + 32'(index[slot][t]) * R + r))) * 32'(weights[slot][t][r][c]);
        sums[half][m][c] = sum;
      end
      if (!accumulate) known[half][m] = 1'b1;
    end
  endtask

  task automatic make();
    tiles      = $urandom % 6 == 0 ? 0 : 1 + $urandom % Tiles;
    rows       = $urandom % 4 == 0 ? MostRows : 1 + $urandom % 9;
    bank       = $urandom % Banks;
    stride     = $urandom % 9;
    source     = WordBytes * ($urandom % (BankWords - MostRows * 9 - (Depth * R + WordBytes) / WordBytes));
    half       = $urandom % 2;
    accumulate = $urandom % 3 != 0;
    shift7     = accumulate && $urandom % 3 == 0;
    duration   = tiles == 0 ? rows + 6 : R + (tiles - 1) * (rows > R + C + 2 ? rows : R + C + 2) + rows + R + C + 6;
    word       = {$urandom, $urandom, $urandom, $urandom};
    word[5:0]  = OpCompute;
    word[ComputeSourceLsb+:24] = 24'(bank * BankBytes + source);
    word[ComputeStrideLsb+:12] = 12'(stride);
    word[ComputeRowsLsb+:12]   = 12'(rows);
    word[ComputeTilesLsb+:12]  = 12'(tiles);
    word[ComputeSlotLsb]       = 1'(slot);
    word[ComputeHalfLsb]       = 1'(half);
    word[ComputeAccumulateLsb] = accumulate;
    word[ComputeShift7Lsb]     = shift7;
  endtask

  // The other slot is filled, and the other half read.
  task automatic beside();
    if (fill < Tiles * (R + 1) && $urandom % pace == 0) fill_step(1 - slot);
    if ($urandom % pace == 0) read_sums(1 - half, $urandom % MostRows);
  endtask

  task automatic strip();
    logic whole;
    make();
    pace = 1 + $urandom % 4;
    {reads, row_events, tile_events} = '0;
    run_word(10, 80, whole);
    if (!whole) begin
      for (m = 0; m < rows; m++) known[half][m] = 1'b0;
    end else begin
      if (reads != tiles * rows || row_events != tiles * rows || tile_events != tiles)
        $fatal(1, "%0d reads, %0d rows and %0d tiles of %0d tiles and %0d rows", reads, row_events, tile_events, tiles, rows);
      multiply();
      if (tiles == 0) seen_empty++;
      if (tiles > 1) seen_many++;
      if (accumulate && !shift7) seen_added++;
      if (shift7) seen_shifted++;
      // The vector unit's first read is in the second cycle after the token; the next strip may be issued with it.
      if ($urandom % 2 == 0) begin
        cycle();
        for (int unsigned row = 0; row < rows; row++) begin
          read_sums(half, row);
          cycle();
        end
      end
    end
    if (fill == Tiles * (R + 1) && $urandom % 2 == 0) begin
      slot = 1 - slot;
      fill = 0;
      fills++;
    end
    repeat ($urandom % 3) cycle();
  endtask

  initial begin
    void'($value$plusargs("strips=%d", strips));
    known[0] = '0;
    known[1] = '0;
    {slot, tiles, rows, reads} = '0;
    begin_bench();
    repeat (2) begin
      slot = 1 - slot;
      fill = 0;
      while (fill < Tiles * (R + 1)) begin
        fill_step(slot);
        cycle();
      end
    end
    repeat (strips) strip();
    if (seen_empty == 0 || seen_many == 0 || seen_added == 0 || seen_shifted == 0 || seen_rows == 0 || broken == 0 || fills == 0) $fatal(1, "something never happened");
    $display("bench: %0d strips without tiles, %0d with several, %0d added, %0d shifted, %0d broken off; %0d rows read, %0d slots filled",
             seen_empty, seen_many, seen_added, seen_shifted, broken, seen_rows, fills);
    $finish;
  end
endmodule
