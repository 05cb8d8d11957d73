// hil_load_stream against plain lists of what each kind of transfer writes, in the cycle after a unit's last beat: beats with pauses, transfers that are broken
// off at any beat by the next one, columns of LOAD_DYNAMIC between them. Any machine. Arguments: +seed=N, +transfers=N.
`timescale 1ns / 100ps
module tb_hil_load_stream;
  import hil_machine_pkg::*;
  localparam int unsigned EntryBytes = ParameterW / 8;
  localparam int unsigned IndexUnits = Columns > 1 ? 1 : 2;

  logic clk = 1'b0, start = 1'b0, beat = 1'b0, column_we = 1'b0, column_shift = 1'b0;
  logic [1:0]           kind = '0;
  logic [WordAddrW-1:0] word_addr = '0, to;
  logic [CountW-1:0]    row_words = CountW'(1), stride = '0, first = '0, entry;
  logic [2:0]           table_slot = '0;
  logic [PortBits-1:0]  data = '0, table_data;
  logic [8*Rows-1:0]    column = '0, column_out;
  logic                 word_we, weight_we, tile_we, parameter_we, table_we;
  logic [WordBits-1:0]  word;
  logic [8*Columns-1:0] weights;
  logic [15:0]          tile;
  logic [ParameterW-1:0] parameters;
  logic [10:0]          table_addr;
  always #5 clk = !clk;
  hil_load_stream u_dut (
    .clk_i(clk), .start_i(start), .kind_i(kind), .word_addr_i(word_addr), .row_words_i(row_words), .stride_i(stride), .first_i(first),
    .table_i(table_slot), .beat_i(beat), .data_i(data), .column_we_i(column_we), .column_i(column), .column_shift_i(column_shift), .column_o(column_out),
    .word_we_o(word_we), .word_addr_o(to), .word_o(word), .weight_we_o(weight_we), .weight_o(weights), .tile_we_o(tile_we), .tile_o(tile),
    .parameter_we_o(parameter_we), .parameter_addr_o(entry), .parameter_o(parameters), .table_we_o(table_we), .table_addr_o(table_addr),
    .table_o(table_data)
  );

  int unsigned seed = 1, transfers = 2000, seen[4], cut, columns, units, bytes, unit_bytes, n, pace, in_unit, rows, width, part;
  logic [7:0]  held[512];
  logic        due;

  // The unit of the transfer that is due, n bytes from held.
  task automatic expect_unit(input int unsigned u);
    logic [4:0] which;
    which = {word_we, weight_we, tile_we, parameter_we, table_we};
    case (kind)
      KindWords: begin
        if (which != 5'b10000) $fatal(1, "a word was due, but %b", which);
        if (to != WordAddrW'(32'(word_addr) + (u / 32'(row_words)) * 32'(stride) + u % 32'(row_words))) $fatal(1, "word %0d goes to %0d", u, to);
        for (int unsigned b = 0; b < WordBytes; b++) if (word[8*b+:8] != held[b]) $fatal(1, "word %0d: %h", u, word);
      end
      KindWeights: begin
        part = u % (IndexUnits + Rows);
        if (part < IndexUnits) begin
          if (which != (part == IndexUnits - 1 ? 5'b00100 : 5'b00000)) $fatal(1, "an index was due, but %b", which);
          if (part == IndexUnits - 1 && IndexUnits == 1 && tile != {held[1], held[0]}) $fatal(1, "the tile's index is %h", tile);
        end else begin
          if (which != 5'b01000) $fatal(1, "a row of weights was due, but %b", which);
          for (int unsigned b = 0; b < Columns; b++) if (weights[8*b+:8] != held[b]) $fatal(1, "weights %h", weights);
        end
      end
      KindEntries: begin
        if (which != 5'b00010) $fatal(1, "a parameter was due, but %b", which);
        if (entry != CountW'((32'(first) << ParameterShift) + u * (ParameterW / ParameterBits))) $fatal(1, "parameter %0d goes to %0d", u, entry);
        for (int unsigned b = 0; b < EntryBytes; b++) if (parameters[8*b+:8] != held[b]) $fatal(1, "parameter %0d: %h", u, parameters);
      end
      default: begin
        if (which != 5'b00001) $fatal(1, "a table's byte was due, but %b", which);
        if (table_addr != 11'((32'(table_slot) << 8) + u * PortBytes)) $fatal(1, "byte %0d goes to %0d", u, table_addr);
        for (int unsigned b = 0; b < PortBytes; b++) if (table_data[8*b+:8] != held[b]) $fatal(1, "byte %0d: %h", u, table_data);
      end
    endcase
    seen[kind]++;
  endtask

  task automatic transfer();
    kind       = 2'($urandom);
    word_addr  = WordAddrW'($urandom);
    width      = 1 + $urandom % 6;
    row_words  = CountW'(width);
    rows       = $urandom % 8;
    stride     = CountW'(width + rows);
    first      = CountW'($urandom % 32);
    table_slot = 3'($urandom % TableSlots);
    case (kind)
      KindWords:   unit_bytes = WordBytes;
      KindWeights: unit_bytes = Columns;
      KindEntries: unit_bytes = EntryBytes;
      default:     unit_bytes = PortBytes;
    endcase
    units = 1 + $urandom % 40;
    bytes = units * unit_bytes;
    // One in four ends anywhere.
    part = $urandom % 4;
    if (part == 0) begin
      n     = 1 + $urandom % bytes;
      bytes = (n + PortBytes - 1) / PortBytes * PortBytes;
      cut++;
    end
    pace    = 1 + $urandom % 3;
    start   = 1'b1;
    beat    = 1'b0;
    due     = 1'b0;
    n       = 0;
    in_unit = 0;
    units   = 0;
    @(negedge clk);
    start = 1'b0;
    // The instruction's fields need not stay.
    @(negedge clk);
    while (n < bytes || due) begin
      beat = n < bytes && $urandom % pace == 0;
      data = PortBits'({$urandom, $urandom, $urandom, $urandom});
      #1;
      if (due) expect_unit(units++);
      else if ({word_we, weight_we, tile_we, parameter_we, table_we} != '0) $fatal(1, "a write that is not due");
      due = 1'b0;
      if (beat) begin
        for (int unsigned b = 0; b < PortBytes; b++) held[in_unit+b] = data[8*b+:8];
        in_unit += PortBytes;
        n       += PortBytes;
        due     = in_unit == unit_bytes;
        if (due) in_unit = 0;
      end
      @(negedge clk);
    end
    beat = 1'b0;
  endtask

  // A column goes in whole and comes out by bytes, its first row lowest.
  task automatic move_column();
    logic [8*Rows-1:0] left;
    column    = (8 * Rows)'({$urandom, $urandom, $urandom, $urandom, $urandom, $urandom, $urandom, $urandom});
    left      = column;
    column_we = 1'b1;
    @(negedge clk);
    column_we = 1'b0;
    for (int unsigned r = 0; r < Rows; r++) begin
      if (column_out[7:0] != left[7:0]) $fatal(1, "row %0d of a column: %h, not %h", r, column_out[7:0], left[7:0]);
      column_shift = 1'b1;
      @(negedge clk);
      column_shift = 1'b0;
      left = left >> 8;
      if ($urandom % 3 == 0) @(negedge clk);
    end
    columns++;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("transfers=%d", transfers));
    void'($urandom(seed));
    @(negedge clk);
    repeat (transfers) begin
      transfer();
      part = $urandom % 4;
      if (part == 0) move_column();
    end
    if (seen[0] == 0 || seen[1] == 0 || seen[2] == 0 || seen[3] == 0 || cut == 0 || columns == 0) $fatal(1, "something never happened");
    $display("bench: %0d words, %0d rows and indices, %0d parameters, %0d table beats; %0d broken off, %0d columns", seen[0], seen[1], seen[2], seen[3], cut, columns);
    $finish;
  end
endmodule
