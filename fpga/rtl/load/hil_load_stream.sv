// Gathers the beats of a port instruction into words, weight rows, parameter entries or table bytes, and writes them.
// Latency: one cycle from a unit's last beat to its write. Throughput: one beat a cycle. Ordering: by ascending address.
// Between port instructions the register that gathers holds a column of LOAD_DYNAMIC.
// kind_i: 0 scratchpad words, 1 tile records, 2 parameter entries, 3 table bytes. All counters restart at start_i.
// Not checked: that the bytes fill whole units; the contract's lengths do.
module hil_load_stream (
  input  logic                                 clk_i,
  input  logic                                 start_i,
  input  logic [1:0]                           kind_i,
  input  logic [hil_machine_pkg::WordAddrW-1:0]   word_addr_i,
  input  logic [hil_machine_pkg::CountW-1:0]      row_words_i,
  input  logic [hil_machine_pkg::CountW-1:0]      stride_i,
  input  logic [hil_machine_pkg::CountW-1:0]      first_i,
  input  logic [2:0]                           table_i,
  input  logic                                 beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]    data_i,
  // A column is taken, and shifted down by a byte.
  input  logic                                 column_we_i,
  input  logic [hil_machine_pkg::Rows*8-1:0]      column_i,
  input  logic                                 column_shift_i,
  output logic [hil_machine_pkg::Rows*8-1:0]      column_o,
  // Scratchpad.
  output logic                                 word_we_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]   word_addr_o,
  output logic [hil_machine_pkg::WordBits-1:0]    word_o,
  // Weight slots: rows of weights, and the index before those of a tile.
  output logic                                 weight_we_o,
  output logic [hil_machine_pkg::Columns*8-1:0]   weight_o,
  output logic                                 tile_we_o,
  output logic [15:0]                          tile_o,
  // Parameters, by entry, or by its words: as many at once as a beat holds, at least one.
  output logic                                 parameter_we_o,
  output logic [hil_machine_pkg::CountW-1:0]      parameter_addr_o,
  output logic [hil_machine_pkg::ParameterW-1:0]  parameter_o,
  // Tables, by beat.
  output logic                                 table_we_o,
  output logic [10:0]                          table_addr_o,
  output logic [hil_machine_pkg::PortBits-1:0]    table_o
);
  localparam int unsigned PortBytes = hil_machine_pkg::PortBytes;
  localparam int unsigned PortBits = hil_machine_pkg::PortBits;
  localparam int unsigned WordBits = hil_machine_pkg::WordBits;
  localparam int unsigned WordAddrW = hil_machine_pkg::WordAddrW;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned ParameterW = hil_machine_pkg::ParameterW;
  // The longest unit, or a column.
  localparam int unsigned ColumnBits = 8 * hil_machine_pkg::Rows;
  localparam int unsigned UnitBits = WordBits > ParameterW ? WordBits : ParameterW;
  localparam int unsigned GatherBits = UnitBits > ColumnBits ? UnitBits : ColumnBits;
  localparam int unsigned BeatW = $clog2(GatherBits / PortBits) + 1;
  // Units of a tile record: its index, two of them where a column is a byte, then its rows.
  localparam int unsigned IndexBits = hil_machine_pkg::Columns > 1 ? hil_machine_pkg::Columns * 8 : 16;
  localparam int unsigned IndexLast = hil_machine_pkg::Columns > 1 ? 0 : 1;
  localparam int unsigned RecordW = $clog2(hil_machine_pkg::Rows + IndexLast + 1);

  logic [1:0]            kind_q;
  logic [GatherBits-1:0] gather_q;
  logic [BeatW-1:0]      beat_q, beats;
  logic                  unit_q, unit_last;

  always_comb begin
    unique case (kind_q)
      hil_machine_pkg::KindWords:   beats = BeatW'(hil_machine_pkg::WordBytes / PortBytes - 1);
      hil_machine_pkg::KindWeights: beats = BeatW'(hil_machine_pkg::Columns / PortBytes - 1);
      hil_machine_pkg::KindEntries: beats = BeatW'(ParameterW / PortBits - 1);
      default:                   beats = '0;
    endcase
  end
  assign unit_last = beat_i && beat_q == beats;

  // New bytes come in at the top, so a unit of any size ends there, and a column lies there. What comes in behind a column does not matter.
  logic [GatherBits-1:0] shifted, next;
  if (GatherBits > PortBits) begin : gen_shift
    assign shifted = {data_i, gather_q[GatherBits-1:PortBits]};
  end else begin : gen_take
    assign shifted = data_i;
  end
  if (PortBits == 8) begin : gen_byte
    assign next = shifted;
  end else begin : gen_beat
    assign next = beat_i ? shifted : {8'd0, gather_q[GatherBits-1:8]};
  end
  assign column_o = gather_q[GatherBits-1-:ColumnBits];
  always_ff @(posedge clk_i) begin
    if (column_we_i) gather_q[GatherBits-1-:ColumnBits] <= column_i;
    else if (beat_i || column_shift_i) gather_q <= next;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      kind_q <= kind_i;
      beat_q <= '0;
      unit_q <= 1'b0;
    end else begin
      unit_q <= unit_last;
      if (unit_last) beat_q <= '0;
      else if (beat_i) beat_q <= beat_q + 1'b1;
    end
  end

  // Words: along a row, then on to the next row, skip_q words away.
  logic [WordAddrW-1:0] word_q, skip_q;
  logic [CountW-1:0]    row_words_q, left;
  logic                 row_last, started_q;
  assign word_we_o   = unit_q && kind_q == hil_machine_pkg::KindWords;
  assign word_addr_o = word_q;
  assign word_o      = gather_q[GatherBits-1-:WordBits];
  assign row_last    = left == CountW'(1);
  hil_counter #(
    .Width(CountW),
    .Down (1'b1)
  ) u_left (
    .clk_i,
    .load_i (started_q || (word_we_o && row_last)),
    .value_i(row_words_q),
    .step_i (word_we_o),
    .count_o(left)
  );
  always_ff @(posedge clk_i) begin
    started_q <= start_i;
    if (start_i) begin
      word_q      <= word_addr_i;
      skip_q      <= WordAddrW'(stride_i) - WordAddrW'(row_words_i);
      row_words_q <= row_words_i;
    end else if (word_we_o) begin
      word_q <= word_q + (skip_q & {WordAddrW{row_last}}) + 1'b1;
    end
  end

  // Tile records: an index, then the rows of the tile.
  logic [RecordW-1:0] record_q;
  assign tile_we_o   = unit_q && kind_q == hil_machine_pkg::KindWeights && record_q == RecordW'(IndexLast);
  assign tile_o      = gather_q[GatherBits-IndexBits+:16];
  assign weight_we_o = unit_q && kind_q == hil_machine_pkg::KindWeights && record_q > RecordW'(IndexLast);
  assign weight_o    = gather_q[GatherBits-1-:hil_machine_pkg::Columns*8];
  always_ff @(posedge clk_i) begin
    if (start_i) record_q <= '0;
    else if (unit_q && kind_q == hil_machine_pkg::KindWeights)
      record_q <= record_q == RecordW'(hil_machine_pkg::Rows + IndexLast) ? '0 : record_q + 1'b1;
  end

  // Parameter entries and table bytes: one counter, which begins at the first entry or the table.
  logic [CountW-1:0] index, first;
  assign first            = kind_i == hil_machine_pkg::KindTable ? CountW'(table_i) << 8 : first_i << hil_machine_pkg::ParameterShift;
  assign parameter_we_o   = unit_q && kind_q == hil_machine_pkg::KindEntries;
  assign parameter_addr_o = index;
  assign parameter_o      = gather_q[GatherBits-1-:ParameterW];
  assign table_we_o       = unit_q && kind_q == hil_machine_pkg::KindTable;
  assign table_addr_o     = index[10:0];
  assign table_o          = gather_q[GatherBits-1-:PortBits];
  localparam int unsigned PerUnit = ParameterW / hil_machine_pkg::ParameterBits;
  if (PerUnit == 1 && PortBytes == 1) begin : gen_by_one
    hil_counter #(
      .Width(CountW)
    ) u_index (
      .clk_i,
      .load_i (start_i),
      .value_i(first),
      .step_i (parameter_we_o || table_we_o),
      .count_o(index)
    );
  end else begin : gen_by_more
    logic [CountW-1:0] index_q;
    assign index = index_q;
    always_ff @(posedge clk_i) begin
      if (start_i) index_q <= first;
      else if (parameter_we_o) index_q <= index_q + CountW'(PerUnit);
      else if (table_we_o) index_q <= index_q + CountW'(PortBytes);
    end
  end
endmodule
