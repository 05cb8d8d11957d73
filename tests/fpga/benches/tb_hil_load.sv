// hil_load as a whole against docs/numerics.md section 3 and docs/timing.md sections 5 and 6: every instruction of the unit one after the other, a port that grants
// late and gives beats with pauses, resets anywhere. What is written where, in which order, and each instruction's last cycle. Arguments: +seed=N, +instructions=N.
`timescale 1ns / 100ps
module tb_hil_load;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  localparam int unsigned R = Rows;
  localparam int unsigned C = Columns;
  localparam int unsigned RecordHead = C > 2 ? C : 2;
  localparam int unsigned EntryBytes = ParameterW / 8;

  `include "unit_run.svh"
  logic                  waiting, last, request, grant, burst_last, beat, retire, pad_en, pad_we, weight_we, tile_we, parameter_we, table_we;
  logic [MainAddrW-1:0]  addr;
  logic [BurstW-1:0]     burst_bytes;
  logic [PortBits-1:0]   data, table_data;
  logic [BankW-1:0]      pad_bank;
  logic [WordAddrW-1:0]  pad_addr;
  logic [WordBits-1:0]   pad_wdata, pad_rdata = '0;
  logic [WeightAddrW-1:0] weight_addr;
  logic [8*C-1:0]        weights;
  logic [TileAddrW-1:0]  tile_addr;
  logic [15:0]           tile;
  logic [CountW-1:0]     parameter_addr;
  logic [ParameterW-1:0] parameters;
  logic [10:0]           table_addr;
  hil_load u_dut (
    .clk_i(clk), .rst_i(rst), .start_i(start), .word_i(word), .waiting_o(waiting), .last_o(last), .request_o(request), .addr_o(addr), .bytes_o(burst_bytes),
    .grant_i(grant), .burst_last_i(burst_last), .beat_i(beat), .data_i(data), .pad_en_o(pad_en), .pad_we_o(pad_we), .pad_bank_o(pad_bank),
    .pad_addr_o(pad_addr), .pad_wdata_o(pad_wdata), .pad_rdata_i(pad_rdata), .weight_we_o(weight_we), .weight_addr_o(weight_addr), .weight_o(weights),
    .tile_we_o(tile_we), .tile_addr_o(tile_addr), .tile_o(tile), .parameter_we_o(parameter_we), .parameter_addr_o(parameter_addr), .parameter_o(parameters),
    .table_we_o(table_we), .table_addr_o(table_addr), .table_o(table_data)
  );

  int unsigned main, length, pace = 1, at;
  port_side u_port (
    .clk_i(clk), .rst_i(rst), .start_i(start), .main_i(main), .length_i(length), .pace_i(pace), .request_i(request), .addr_i(addr), .bytes_i(burst_bytes),
    .waiting_i(waiting), .grant_o(grant), .last_o(burst_last), .beat_o(beat), .at_o(at), .retire_o(retire)
  );
  function automatic logic [7:0] main_byte(input int unsigned a);
    logic [31:0] mixed;
    mixed = (a + 32'd1) * 32'd2654435761;
    return mixed[31:24] ^ mixed[15:8];
  endfunction
  always_comb begin
    for (int unsigned b = 0; b < PortBytes; b++) data[8*b+:8] = beat ? main_byte(at + b) : 8'hA5;
  end
  // The instruction under way.
  int unsigned kind, bank, rows, row_words, stride, slot, first, depth, columns, source, words, indices, weight_rows, entries, table_beats, reads, duration;
  int unsigned due_words, due_tiles, due_entries, due_beats, due_reads;
  logic by_columns, ends, after_reset, was_read;
  logic [WordBits-1:0] read_word;
  int unsigned instructions = 600, seen[5], seen_columns, t, row;
  logic [7:0] due;

  task automatic write_word();
    if (words >= due_words) $fatal(1, "a word too many");
    if (pad_bank != BankW'(bank) || 32'(pad_addr) != source / WordBytes + (words / row_words) * stride + words % row_words)
      $fatal(1, "word %0d goes to %0d in bank %0d", words, pad_addr, pad_bank);
    for (int unsigned b = 0; b < WordBytes; b++) if (pad_wdata[8*b+:8] != main_byte(main + words * WordBytes + b)) $fatal(1, "word %0d is %h", words, pad_wdata);
    pad[bank*BankWords+32'(pad_addr)] = pad_wdata;
    words++;
  endtask

  task automatic write_tile();
    if (indices >= due_tiles) $fatal(1, "a tile too many");
    if (32'(tile_addr) != slot * WeightTiles + indices) $fatal(1, "index %0d goes to %0d", indices, tile_addr);
    if (kind == 2 ? 32'(tile) != indices : tile != {main_byte(main + indices * TileRecordBytes + 1), main_byte(main + indices * TileRecordBytes)})
      $fatal(1, "index %0d is %0d", indices, tile);
    indices++;
  endtask

  task automatic write_weights();
    t   = weight_rows / R;
    row = weight_rows % R;
    if (weight_rows >= due_tiles * R) $fatal(1, "a row of weights too many");
    if (32'(weight_addr) != slot * WeightTiles * R + weight_rows) $fatal(1, "row %0d of the slot goes to %0d", weight_rows, weight_addr);
    for (int unsigned c = 0; c < C; c++) begin
      if (kind == 1) due = main_byte(main + t * TileRecordBytes + RecordHead + row * C + c);
      else if (weight_rows >= depth || c >= columns) due = '0;
      else due = by_columns ? pad_byte(bank, source + c * stride * WordBytes + weight_rows) : pad_byte(bank, source + weight_rows * stride * WordBytes + c);
      if (weights[8*c+:8] != due) $fatal(1, "tile %0d, row %0d, column %0d: %h, not %h", t, row, c, weights[8*c+:8], due);
    end
    weight_rows++;
    if (indices != (weight_rows + R - 1) / R) $fatal(1, "%0d rows of weights, and %0d indices", weight_rows, indices);
  endtask

  task automatic write_parameters();
    if (entries >= due_entries) $fatal(1, "an entry too many");
    if (32'(parameter_addr) != (first << ParameterShift) + entries * (ParameterW / ParameterBits)) $fatal(1, "parameter %0d goes to %0d", entries, parameter_addr);
    for (int unsigned b = 0; b < EntryBytes; b++) if (parameters[8*b+:8] != main_byte(main + entries * EntryBytes + b)) $fatal(1, "parameter %0d is %h", entries, parameters);
    entries++;
  endtask

  task automatic write_table();
    if (table_beats >= due_beats) $fatal(1, "a beat of a table too many");
    if (32'(table_addr) != slot * 256 + table_beats * PortBytes) $fatal(1, "beat %0d goes to %0d", table_beats, table_addr);
    for (int unsigned b = 0; b < PortBytes; b++) if (table_data[8*b+:8] != main_byte(main + table_beats * PortBytes + b)) $fatal(1, "beat %0d is %h", table_beats, table_data);
    table_beats++;
  endtask

  // Reads of LOAD_DYNAMIC: rows as they follow one another; or tile by tile the columns that there are.
  task automatic read_pad();
    if (reads >= due_reads) $fatal(1, "a read too many");
    t = by_columns ? source + (reads % columns) * stride * WordBytes + reads / columns * R : source + reads * stride * WordBytes;
    if (pad_bank != BankW'(bank) || 32'(pad_addr) != t / WordBytes) $fatal(1, "read %0d is of word %0d in bank %0d", reads, pad_addr, pad_bank);
    reads++;
  endtask

  // What a cycle shows, just before its end.
  task automatic cycle();
    #4;
    if (!runs && !rst && !after_reset && (pad_en || weight_we || tile_we || parameter_we || table_we)) $fatal(1, "something moves, and no instruction runs");
    if (!rst && last != (runs && (kind == 2 ? age == duration : retire))) $fatal(1, "last %b in cycle %0d of kind %0d", last, age, kind);
    was_read = pad_en && !pad_we;
    if (pad_en && pad_we) write_word();
    if (was_read) begin
      read_pad();
      read_word = pad[32'(pad_bank)*BankWords+32'(pad_addr)];
    end
    if (tile_we) write_tile();
    if (weight_we) write_weights();
    if (parameter_we) write_parameters();
    if (table_we) write_table();
    if (runs && last && (words != due_words || indices != due_tiles || weight_rows != due_tiles * R || entries != due_entries || table_beats != due_beats || reads != due_reads))
      $fatal(1, "retires with %0d words, %0d tiles, %0d rows of weights, %0d entries, %0d beats, %0d reads", words, indices, weight_rows, entries, table_beats, reads);
    ends = runs && last;
    @(negedge clk);
    if (was_read) pad_rdata = read_word;
    if (ends) runs = 1'b0;
    age++;
    after_reset = rst;
  endtask

  task automatic make();
    kind = $urandom % 5;
    pace = 1 + $urandom % 3;
    main = 16 * ($urandom % 65536);
    bank = $urandom % Banks;
    slot = $urandom % 2;
    rows = 1 + $urandom % 5;
    row_words = 1 + $urandom % 7;
    stride    = row_words + $urandom % 4;
    source    = WordBytes * ($urandom % (BankWords - 64));
    first     = 2 * ($urandom % 8);
    depth     = 1 + $urandom % (4 * R);
    columns   = 1 + $urandom % C;
    by_columns = 1'($urandom);
    {due_words, due_tiles, due_entries, due_beats, due_reads, words, indices, weight_rows, entries, table_beats, reads, length} = '0;
    word = {$urandom, $urandom, $urandom, $urandom};
    case (kind)
      0: begin
        due_words = rows * row_words;
        length    = due_words * WordBytes;
        word[5:0] = OpLoad;
        word[LoadMainLsb+:32]     = main;
        word[LoadScratchLsb+:24]  = 24'(bank * BankBytes + source);
        word[LoadRowsLsb+:12]     = 12'(rows);
        word[LoadRowWordsLsb+:12] = 12'(row_words);
        word[LoadStrideLsb+:12]   = 12'(stride);
      end
      1: begin
        due_tiles = rows;
        length    = due_tiles * TileRecordBytes;
        word[5:0] = OpLoadWeights;
        word[LoadWeightsMainLsb+:32]  = main;
        word[LoadWeightsTilesLsb+:12] = 12'(due_tiles);
        word[LoadWeightsSlotLsb]      = 1'(slot);
      end
      2: begin
        stride    = $urandom % 12;
        source    = (by_columns ? R : C) * ($urandom % ((BankBytes - (4 * R + C) * 12 * WordBytes) / (by_columns ? R : C)));
        due_tiles = (depth + R - 1) / R;
        due_reads = by_columns ? due_tiles * columns : depth;
        duration  = due_tiles * (by_columns ? C + R : R) + 3;
        word[5:0] = OpLoadDynamic;
        word[LoadDynamicScratchLsb+:24] = 24'(bank * BankBytes + source);
        word[LoadDynamicStrideLsb+:12]  = 12'(stride);
        word[LoadDynamicKLengthLsb+:12] = 12'(depth);
        word[LoadDynamicColumnsLsb+:7]  = 7'(columns);
        word[LoadDynamicSlotLsb]        = 1'(slot);
        word[LoadDynamicByColumnsLsb]   = by_columns;
      end
      3: begin
        length      = 16 * rows;
        due_entries = length / EntryBytes;
        word[5:0]   = OpLoadParameters;
        word[LoadParametersMainLsb+:32]  = main;
        word[LoadParametersFirstLsb+:12] = 12'(first);
        word[LoadParametersCountLsb+:12] = 12'(2 * rows);
      end
      default: begin
        slot      = $urandom % TableSlots;
        length    = 256;
        due_beats = 256 / PortBytes;
        word[5:0] = OpLoadTable;
        word[LoadTableMainLsb+:32] = main;
        word[LoadTableSlotLsb+:3]  = 3'(slot);
      end
    endcase
  endtask

  task automatic beside();
  endtask

  task automatic instruction();
    logic whole;
    make();
    run_word(8, 60, whole);
    if (whole) begin
      seen[kind]++;
      if (kind == 2 && by_columns) seen_columns++;
    end
    repeat (1 + $urandom % 3) cycle();
  endtask

  initial begin
    void'($value$plusargs("instructions=%d", instructions));
    {after_reset, length} = '0;
    begin_bench();
    repeat (instructions) instruction();
    if (seen[0] == 0 || seen[1] == 0 || seen[2] == seen_columns || seen_columns == 0 || seen[3] == 0 || seen[4] == 0 || broken == 0) $fatal(1, "something never happened");
    $display("bench: %0d LOAD, %0d LOAD_WEIGHTS, %0d LOAD_DYNAMIC (%0d by columns), %0d LOAD_PARAMETERS, %0d LOAD_TABLE, %0d broken off",
             seen[0], seen[1], seen[2], seen_columns, seen[3], seen[4], broken);
    $finish;
  end
endmodule
