// Gathers the beats of a port instruction into words, weight rows, parameter entries or table bytes, and writes them.
// Latency: one cycle from a unit's last beat to its write. Throughput: one beat a cycle. Ordering: by ascending address.
// kind_i: 0 scratchpad words, 1 tile records, 2 parameter entries, 3 table bytes. All counters restart at start_i.
// Not checked: that the bytes fill whole units; the contract's lengths do.
module hil_load_stream (
  input  logic                                 clk_i,
  input  logic                                 start_i,
  input  logic [1:0]                           kind_i,
  input  logic [hil_machine_pkg::WordAddrW-1:0]   word_addr_i,
  input  logic [hil_machine_pkg::CountW-1:0]      row_words_i,
  input  logic [hil_machine_pkg::CountW-1:0]      stride_i,
  input  logic                                 slot_i,
  input  logic [hil_machine_pkg::CountW-1:0]      first_i,
  input  logic [2:0]                           table_i,
  input  logic                                 beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]    data_i,
  // Scratchpad.
  output logic                                 word_we_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]   word_addr_o,
  output logic [hil_machine_pkg::WordBits-1:0]    word_o,
  // Weight slots.
  output logic                                 weight_we_o,
  output logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_o,
  output logic [hil_machine_pkg::Columns*8-1:0]   weight_o,
  output logic                                 tile_we_o,
  output logic [hil_machine_pkg::TileAddrW-1:0]   tile_addr_o,
  output logic [15:0]                          tile_o,
  // Parameters, by entry: as many at once as a beat holds, at least one.
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
  // The longest unit.
  localparam int unsigned GatherBits = WordBits > ParameterW ? WordBits : ParameterW;
  localparam int unsigned BeatW = $clog2(GatherBits / PortBits) + 1;
  localparam int unsigned RecordW = $clog2(hil_machine_pkg::Rows + 1);

  logic [1:0]            kind_q;
  logic [GatherBits-1:0] gather_q;
  logic [BeatW-1:0]      beat_q, beats;
  logic                  unit_q;
  logic [2:0]            table_q;
  logic [7:0]            byte_q;

  logic [WordAddrW-1:0] row_q, word_q;
  logic [CountW-1:0]    row_words_q, left_q, stride_q, entry_q;

  logic [RecordW-1:0]                   record_q;
  logic [hil_machine_pkg::WeightAddrW-1:0] weight_q;
  logic [hil_machine_pkg::TileAddrW-1:0]   tile_q;

  always_comb begin
    unique case (kind_q)
      hil_machine_pkg::KindWords:   beats = BeatW'(hil_machine_pkg::WordBytes / PortBytes);
      hil_machine_pkg::KindWeights: beats = BeatW'(hil_machine_pkg::Columns / PortBytes);
      hil_machine_pkg::KindEntries: beats = BeatW'(ParameterW / PortBits);
      default:                   beats = BeatW'(1);
    endcase
  end

  // New bytes come in at the top, so a unit of any size ends there.
  if (GatherBits > PortBits) begin : gen_shift
    always_ff @(posedge clk_i) begin
      if (beat_i) gather_q <= {data_i, gather_q[GatherBits-1:PortBits]};
    end
  end else begin : gen_take
    always_ff @(posedge clk_i) begin
      if (beat_i) gather_q <= data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      kind_q <= kind_i;
      beat_q <= '0;
      unit_q <= 1'b0;
    end else begin
      unit_q <= beat_i && beat_q == beats - 1'b1;
      if (beat_i) beat_q <= beat_q == beats - 1'b1 ? '0 : beat_q + 1'b1;
    end
  end

  // Words: along a row, then a stride further.
  assign word_we_o   = unit_q && kind_q == hil_machine_pkg::KindWords;
  assign word_addr_o = word_q;
  assign word_o      = gather_q[GatherBits-1-:WordBits];
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      row_q       <= word_addr_i;
      word_q      <= word_addr_i;
      row_words_q <= row_words_i;
      left_q      <= row_words_i;
      stride_q    <= stride_i;
    end else if (word_we_o) begin
      if (left_q == CountW'(1)) begin
        row_q  <= row_q + WordAddrW'(stride_q);
        word_q <= row_q + WordAddrW'(stride_q);
        left_q <= row_words_q;
      end else begin
        word_q <= word_q + 1'b1;
        left_q <= left_q - 1'b1;
      end
    end
  end

  // Tile records: an index, then the rows of the tile.
  assign tile_we_o     = unit_q && kind_q == hil_machine_pkg::KindWeights && record_q == '0;
  assign tile_addr_o   = tile_q;
  assign tile_o        = gather_q[GatherBits-hil_machine_pkg::Columns*8+:16];
  assign weight_we_o   = unit_q && kind_q == hil_machine_pkg::KindWeights && record_q != '0;
  assign weight_addr_o = weight_q;
  assign weight_o      = gather_q[GatherBits-1-:hil_machine_pkg::Columns*8];
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      record_q <= '0;
      tile_q   <= slot_i ? hil_machine_pkg::TileAddrW'(hil_machine_pkg::WeightTiles) : '0;
      weight_q <= slot_i ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles * hil_machine_pkg::Rows) : '0;
    end else begin
      if (tile_we_o || weight_we_o) record_q <= record_q == RecordW'(hil_machine_pkg::Rows) ? '0 : record_q + 1'b1;
      if (tile_we_o) tile_q <= tile_q + 1'b1;
      if (weight_we_o) weight_q <= weight_q + 1'b1;
    end
  end

  // Parameter entries and table bytes.
  assign parameter_we_o   = unit_q && kind_q == hil_machine_pkg::KindEntries;
  assign parameter_addr_o = entry_q;
  assign parameter_o      = gather_q[GatherBits-1-:ParameterW];
  assign table_we_o       = unit_q && kind_q == hil_machine_pkg::KindTable;
  assign table_addr_o     = {table_q, byte_q};
  assign table_o          = gather_q[GatherBits-1-:PortBits];
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      entry_q <= first_i;
      table_q <= table_i;
      byte_q  <= '0;
    end else begin
      if (parameter_we_o) entry_q <= entry_q + CountW'(ParameterW / hil_machine_pkg::ParameterBits);
      if (table_we_o) byte_q <= byte_q + 8'(PortBytes);
    end
  end
endmodule
