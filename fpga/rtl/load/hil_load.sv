// The Load unit's engine: LOAD, LOAD_WEIGHTS, LOAD_PARAMETERS, LOAD_TABLE through the port, LOAD_DYNAMIC from the scratchpad.
// Latency and duration: timing, sections 5 and 6. Throughput: one instruction at a time. Ordering: program order.
// Not checked: ranges; form rules and verifier did.
module hil_load (
  input  logic                                 clk_i,
  input  logic                                 rst_i,
  input  logic                                 start_i,
  input  logic [127:0]                         word_i,
  output logic                                 waiting_o,
  output logic                                 last_o,
  output logic                                 request_o,
  output logic [hil_machine_pkg::MainAddrW-1:0]   addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]      bytes_o,
  input  logic                                 grant_i,
  input  logic                                 burst_last_i,
  input  logic                                 beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]    data_i,
  // Scratchpad client.
  output logic                                 pad_en_o,
  output logic                                 pad_we_o,
  output logic [hil_machine_pkg::BankW-1:0]       pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]   pad_addr_o,
  output logic [hil_machine_pkg::WordBits-1:0]    pad_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]    pad_rdata_i,
  // Weight slots, parameters, tables.
  output logic                                 weight_we_o,
  output logic [hil_machine_pkg::WeightAddrW-1:0] weight_addr_o,
  output logic [hil_machine_pkg::Columns*8-1:0]   weight_o,
  output logic                                 tile_we_o,
  output logic [hil_machine_pkg::TileAddrW-1:0]   tile_addr_o,
  output logic [15:0]                          tile_o,
  output logic                                 parameter_we_o,
  output logic [hil_machine_pkg::CountW-1:0]      parameter_addr_o,
  output logic [hil_machine_pkg::ParameterW-1:0]  parameter_o,
  output logic                                 table_we_o,
  output logic [10:0]                          table_addr_o,
  output logic [hil_machine_pkg::PortBits-1:0]    table_o
);
  localparam int unsigned LengthW = hil_machine_pkg::LengthW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned EachW = CountW + hil_machine_pkg::WordShift;
  localparam int unsigned RowShift = $clog2(hil_machine_pkg::Rows);

  logic [5:0] opcode;
  logic       dynamic_start, is_dynamic;
  assign opcode        = word_i[hil_contract_pkg::OpcodeLsb+:6];
  assign is_dynamic    = opcode == hil_contract_pkg::OpLoadDynamic;
  assign dynamic_start = start_i && is_dynamic;

  // What comes, and how many bytes: a count times what one is.
  logic [1:0]  kind;
  logic [CountW-1:0]         count;
  logic [EachW-1:0]          each;
  logic [CountW+EachW-1:0]   reach;
  always_comb begin
    kind  = hil_machine_pkg::KindWords;
    count = word_i[hil_contract_pkg::LoadRowsLsb+:CountW];
    each  = EachW'(word_i[hil_contract_pkg::LoadRowWordsLsb+:CountW]) << hil_machine_pkg::WordShift;
    unique case (opcode)
      hil_contract_pkg::OpLoadWeights: begin
        kind  = hil_machine_pkg::KindWeights;
        count = word_i[hil_contract_pkg::LoadWeightsTilesLsb+:CountW];
        each  = EachW'(hil_machine_pkg::TileRecordBytes);
      end
      hil_contract_pkg::OpLoadParameters: begin
        kind  = hil_machine_pkg::KindEntries;
        count = word_i[hil_contract_pkg::LoadParametersCountLsb+:CountW];
        each  = EachW'(8);
      end
      hil_contract_pkg::OpLoadTable: begin
        kind  = hil_machine_pkg::KindTable;
        count = CountW'(1);
        each  = EachW'(256);
      end
      default: ;
    endcase
  end
  logic [hil_machine_pkg::MainAddrW-1:0] main;
  logic [BurstW-1:0]                     most, behind;
  assign main = word_i[hil_contract_pkg::LoadMainLsb+:hil_machine_pkg::MainAddrW];
  hil_largest_burst u_most (
    .addr_i  (main),
    .most_o  (most),
    .behind_o(behind)
  );
  hil_length #(
    .WidthA(CountW),
    .WidthB(EachW)
  ) u_length (
    .a_i   (count),
    .b_i   (each),
    .plus_i(16'(behind)),
    .sum_o (reach)
  );

  logic port_last, dynamic_last;
  assign last_o = port_last || dynamic_last;

  hil_port_engine u_port (
    .clk_i,
    .rst_i,
    .start_i     (start_i && !is_dynamic),
    .addr_i      (main),
    .most_i      (most),
    .reach_i     (LengthW'(reach)),
    .request_o,
    .addr_o,
    .bytes_o,
    .grant_i,
    .burst_last_i,
    .waiting_o,
    .last_o      (port_last)
  );

  // The scratchpad operands: the bank, and the address within.
  logic [hil_machine_pkg::BankW-1:0]     load_bank, dynamic_bank, bank_q;
  logic [hil_machine_pkg::ByteAddrW-1:0] load_local, dynamic_local;
  hil_bank_of u_load_bank (
    .addr_i (word_i[hil_contract_pkg::LoadScratchLsb+:24]),
    .bank_o (load_bank),
    .local_o(load_local)
  );
  hil_bank_of u_dynamic_bank (
    .addr_i (word_i[hil_contract_pkg::LoadDynamicScratchLsb+:24]),
    .bank_o (dynamic_bank),
    .local_o(dynamic_local)
  );
  always_ff @(posedge clk_i) begin
    if (start_i) bank_q <= is_dynamic ? dynamic_bank : load_bank;
  end

  logic                                 s_word_we, s_weight_we, s_tile_we;
  logic [hil_machine_pkg::WordAddrW-1:0]   s_word_addr;
  logic [hil_machine_pkg::Columns*8-1:0]   s_weight;
  logic [15:0]                          s_tile;
  logic                                 column_we, column_shift;
  logic [hil_machine_pkg::Rows*8-1:0]      column, held_column;

  hil_load_stream u_stream (
    .clk_i,
    .start_i,
    .kind_i        (kind),
    .word_addr_i   (load_local[hil_machine_pkg::WordAddrW+hil_machine_pkg::WordShift-1:hil_machine_pkg::WordShift]),
    .row_words_i   (word_i[hil_contract_pkg::LoadRowWordsLsb+:CountW]),
    .stride_i      (word_i[hil_contract_pkg::LoadStrideLsb+:CountW]),
    .first_i       (word_i[hil_contract_pkg::LoadParametersFirstLsb+:CountW]),
    .table_i       (word_i[hil_contract_pkg::LoadTableSlotLsb+:3]),
    .beat_i,
    .data_i,
    .column_we_i   (column_we),
    .column_i      (column),
    .column_shift_i(column_shift),
    .column_o      (held_column),
    .word_we_o     (s_word_we),
    .word_addr_o   (s_word_addr),
    .word_o        (pad_wdata_o),
    .weight_we_o   (s_weight_we),
    .weight_o      (s_weight),
    .tile_we_o     (s_tile_we),
    .tile_o        (s_tile),
    .parameter_we_o,
    .parameter_addr_o,
    .parameter_o,
    .table_we_o,
    .table_addr_o,
    .table_o
  );

  logic                                 d_read, d_weight_we, d_tile_we;
  logic [hil_machine_pkg::WordAddrW-1:0]   d_addr;
  logic [hil_machine_pkg::Columns*8-1:0]   d_weight;

  hil_load_dynamic u_dynamic (
    .clk_i,
    .rst_i,
    .start_i      (dynamic_start),
    .by_columns_i (word_i[hil_contract_pkg::LoadDynamicByColumnsLsb]),
    .addr_i       (dynamic_local),
    .stride_i     (word_i[hil_contract_pkg::LoadDynamicStrideLsb+:CountW]),
    .k_length_i   (word_i[hil_contract_pkg::LoadDynamicKLengthLsb+:hil_machine_pkg::DepthW]),
    .columns_i    (word_i[hil_contract_pkg::LoadDynamicColumnsLsb+:hil_machine_pkg::ColumnCountW]),
    .read_o       (d_read),
    .addr_o       (d_addr),
    .data_i       (pad_rdata_i),
    .column_we_o   (column_we),
    .column_o      (column),
    .column_shift_o(column_shift),
    .column_i      (held_column),
    .weight_we_o  (d_weight_we),
    .weight_o     (d_weight),
    .tile_we_o    (d_tile_we),
    .last_o       (dynamic_last)
  );

  assign pad_en_o   = s_word_we || d_read;
  assign pad_we_o   = s_word_we;
  assign pad_bank_o = bank_q;
  assign pad_addr_o = s_word_we ? s_word_addr : d_addr;

  // Weights and indices of a slot are written in order: row_q counts the rows that were.
  logic [hil_machine_pkg::WeightAddrW-1:0] row_q;
  logic                                 slot_q;
  assign weight_we_o   = s_weight_we || d_weight_we;
  assign weight_addr_o = slot_q ? hil_machine_pkg::WeightAddrW'(hil_machine_pkg::WeightTiles * hil_machine_pkg::Rows) + row_q : row_q;
  assign weight_o      = d_weight_we ? d_weight : s_weight;
  assign tile_we_o     = s_tile_we || d_tile_we;
  assign tile_addr_o   = hil_machine_pkg::TileAddrW'(weight_addr_o >> RowShift);
  assign tile_o        = d_tile_we ? 16'(row_q) >> RowShift : s_tile;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      row_q  <= '0;
      slot_q <= word_i[is_dynamic ? hil_contract_pkg::LoadDynamicSlotLsb : hil_contract_pkg::LoadWeightsSlotLsb];
    end else if (weight_we_o) row_q <= row_q + 1'b1;
  end

  // Fields of other instructions, what no length reaches, bits of addresses beyond a word or the bank.
  logic unused;
  assign unused = ^{word_i, reach, load_local};
endmodule
