// The Compute unit's engine: COMPUTE (numerics, section 4).
// A row due in cycle x is read from the scratchpad in x+1, enters the array in x+3, and is summed into column c of its accumulator row
// in x+3+R+c. Duration: timing, section 6. Throughput: one row of activations a cycle. Ordering: tiles, then rows, ascending.
// Not checked: that the slot holds as many tiles, that the rows lie in one bank (verifier).
module hil_compute (
  input  logic                                   clk_i,
  input  logic                                   rst_i,
  input  logic                                   start_i,
  input  logic [127:0]                           word_i,
  output logic                                   last_o,
  // One row streamed (of a tile), one tile begun.
  output logic                                   row_event_o,
  output logic                                   tile_event_o,
  output logic                                   weight_re_o,
  output logic [hil_machine_pkg::WeightAddrW-1:0]   weight_addr_o,
  input  logic [hil_machine_pkg::Columns*8-1:0]     weight_i,
  output logic                                   tile_re_o,
  output logic [hil_machine_pkg::TileAddrW-1:0]     tile_addr_o,
  input  logic [15:0]                            tile_i,
  output logic                                   pad_en_o,
  output logic [hil_machine_pkg::BankW-1:0]         pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]     pad_addr_o,
  input  logic [hil_machine_pkg::WordBits-1:0]      pad_rdata_i,
  // Accumulators, for the vector unit.
  input  logic                                   acc_read_i,
  input  logic                                   acc_half_i,
  input  logic [hil_machine_pkg::AccRowW-1:0]       acc_row_i,
  output logic [hil_machine_pkg::Columns*32-1:0]    acc_data_o
);
  localparam int unsigned R = hil_machine_pkg::Rows;
  localparam int unsigned C = hil_machine_pkg::Columns;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned AccRowW = hil_machine_pkg::AccRowW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned RowShift = $clog2(R);
  localparam int unsigned TagW = AccRowW + 4;

  logic [hil_machine_pkg::BankW-1:0] bank, bank_q;
  logic [ByteAddrW-1:0]           local_addr, source_q, base_q, address_q;
  logic [CountW-1:0]              stride_q;
  logic                           half_q, accumulate_q, shift7_q;

  hil_bank_of u_bank (
    .addr_i (word_i[hil_contract_pkg::ComputeSourceLsb+:24]),
    .bank_o (bank),
    .local_o(local_addr)
  );

  logic               row, row_first, tile_first, zero;
  logic [AccRowW-1:0] row_index;
  logic [R-1:0]       weight_row, weight_row_q;

  hil_strip u_strip (
    .clk_i,
    .rst_i,
    .start_i,
    .rows_i       (word_i[hil_contract_pkg::ComputeRowsLsb+:CountW]),
    .tiles_i      (word_i[hil_contract_pkg::ComputeTilesLsb+:CountW]),
    .slot_i       (word_i[hil_contract_pkg::ComputeSlotLsb]),
    .weight_re_o,
    .weight_addr_o,
    .weight_row_o (weight_row),
    .tile_re_o,
    .tile_addr_o,
    .row_o        (row),
    .row_first_o  (row_first),
    .tile_first_o (tile_first),
    .row_index_o  (row_index),
    .zero_o       (zero),
    .last_o
  );

  assign row_event_o  = row && !zero;
  assign tile_event_o = row_first && !zero;

  // Addresses: the first row of a tile starts over; tile k is k*R bytes into the row.
  logic [ByteAddrW-1:0] row_base;
  assign row_base = row_first ? source_q : base_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      bank_q       <= bank;
      source_q     <= local_addr;
      stride_q     <= word_i[hil_contract_pkg::ComputeStrideLsb+:CountW];
      half_q       <= word_i[hil_contract_pkg::ComputeHalfLsb];
      accumulate_q <= word_i[hil_contract_pkg::ComputeAccumulateLsb];
      shift7_q     <= word_i[hil_contract_pkg::ComputeShift7Lsb];
    end
    if (row) base_q <= row_base + (ByteAddrW'(stride_q) << WordShift);
    address_q <= row_base + (ByteAddrW'(tile_i) << RowShift);
  end

  logic read_q, got_q, swap1_q, swap2_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      read_q       <= 1'b0;
      swap1_q      <= 1'b0;
      swap2_q      <= 1'b0;
      weight_row_q <= '0;
    end else begin
      read_q       <= row_event_o;
      swap1_q      <= tile_event_o;
      swap2_q      <= swap1_q;
      weight_row_q <= weight_row;
    end
    got_q <= read_q;
  end
  assign pad_en_o   = read_q;
  assign pad_bank_o = bank_q;
  assign pad_addr_o = address_q[hil_machine_pkg::WordAddrW+WordShift-1:WordShift];

  // R of the word's bytes.
  logic [R*8-1:0] acts_q, acts;
  if (R < hil_machine_pkg::WordBytes) begin : gen_part
    logic [WordShift-1:0] offset_q;
    always_ff @(posedge clk_i) offset_q <= address_q[WordShift-1:0];
    assign acts = (R*8)'(pad_rdata_i >> {offset_q, 3'b0});
  end else begin : gen_word
    assign acts = pad_rdata_i;
  end
  always_ff @(posedge clk_i) begin
    if (got_q) acts_q <= acts;
  end

  logic [C*hil_machine_pkg::PsumW-1:0] psums;
  hil_array #(
    .Rows   (R),
    .Columns(C),
    .PsumW  (hil_machine_pkg::PsumW)
  ) u_array (
    .clk_i,
    .rst_i,
    .weights_i   (weight_i),
    .weights_we_i(weight_row_q),
    .swap_i      (swap2_q),
    .acts_i      (acts_q),
    .psums_o     (psums)
  );

  // The row tag: it replaces only in the first tile, and shifts only there.
  logic [TagW-1:0] tag, tag_late, tag_zero_q;
  logic            zero_q;
  assign tag = {row, tile_first && !accumulate_q, tile_first && shift7_q, half_q, row_index};
  hil_delay #(
    .Width (TagW),
    .Cycles(R + 2)
  ) u_tag (
    .clk_i,
    .rst_i,
    .data_i(tag & {TagW{row_event_o}}),
    .data_o(tag_late)
  );
  always_ff @(posedge clk_i) begin
    tag_zero_q <= tag;
    zero_q     <= zero && row && !rst_i;
  end

  hil_accumulators #(
    .Columns(C),
    .Rows   (hil_machine_pkg::AccumulatorRows),
    .PsumW  (hil_machine_pkg::PsumW),
    .RowW   (AccRowW)
  ) u_accumulators (
    .clk_i,
    .rst_i,
    .tag_i      (zero_q ? tag_zero_q : tag_late),
    .zero_i     (zero_q),
    .psums_i    (psums),
    .read_i     (acc_read_i),
    .read_half_i(acc_half_i),
    .read_row_i (acc_row_i),
    .read_data_o(acc_data_o)
  );

  // Fields of the unit's control, and address bits beyond the bank.
  logic unused;
  assign unused = ^{word_i, address_q[ByteAddrW-1]};
endmodule
