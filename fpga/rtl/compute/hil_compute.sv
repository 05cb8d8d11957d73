// The Compute unit's engine: COMPUTE (numerics, section 4).
// A row due in cycle x is read from the scratchpad in x+1, enters the array in x+3, and is summed into column c of its accumulator row
// in x+3+R+floor(c/2). Duration: timing, section 6. Throughput: one row of activations a cycle. Ordering: tiles, then rows, ascending.
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
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned RowShift = $clog2(R);
  // Addresses within the bank, in units of R bytes: a tile's share of a row.
  localparam int unsigned UnitW = hil_machine_pkg::WordAddrW + WordShift - RowShift;

  logic [hil_machine_pkg::BankW-1:0]     bank, bank_q;
  logic [hil_machine_pkg::ByteAddrW-1:0] local_addr;
  logic [UnitW-1:0]                      source_q, base_q, address_q;
  logic [CountW-1:0]                     stride_q;
  logic                                  half_q, accumulate_q, shift7_q;

  hil_bank_of u_bank (
    .addr_i (word_i[hil_contract_pkg::ComputeSourceLsb+:24]),
    .bank_o (bank),
    .local_o(local_addr)
  );

  logic         row, row_first, zero;
  logic [R-1:0] weight_row;

  hil_strip u_strip (
    .clk_i,
    .rst_i,
    .start_i,
    .rows_i       (word_i[hil_contract_pkg::ComputeRowsLsb+:hil_machine_pkg::RowCountW]),
    .tiles_i      (word_i[hil_contract_pkg::ComputeTilesLsb+:hil_machine_pkg::TileCountW]),
    .slot_i       (word_i[hil_contract_pkg::ComputeSlotLsb]),
    .weight_re_o,
    .weight_addr_o,
    .weight_row_o (weight_row),
    .tile_re_o,
    .tile_addr_o,
    .row_o        (row),
    .row_first_o  (row_first),
    .zero_o       (zero),
    .last_o
  );

  assign row_event_o  = row && !zero;
  assign tile_event_o = row_first && !zero;

  // The first row of a tile starts over; tile k is k units into the row.
  logic [UnitW-1:0] row_base;
  assign row_base = row_first ? source_q : base_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      bank_q       <= bank;
      source_q     <= UnitW'(local_addr >> RowShift);
      stride_q     <= word_i[hil_contract_pkg::ComputeStrideLsb+:CountW];
      half_q       <= word_i[hil_contract_pkg::ComputeHalfLsb];
      accumulate_q <= word_i[hil_contract_pkg::ComputeAccumulateLsb];
      shift7_q     <= word_i[hil_contract_pkg::ComputeShift7Lsb];
    end
    if (row) base_q <= row_base + (UnitW'(stride_q) << (WordShift - RowShift));
    address_q <= row_base + UnitW'(tile_i);
  end

  logic read_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) read_q <= 1'b0;
    else read_q <= row_event_o;
  end
  assign pad_en_o   = read_q;
  assign pad_bank_o = bank_q;
  assign pad_addr_o = hil_machine_pkg::WordAddrW'(address_q >> (WordShift - RowShift));

  // R of the word's bytes.
  logic [R*8-1:0] acts;
  if (R < hil_machine_pkg::WordBytes) begin : gen_part
    logic [WordShift-RowShift-1:0] offset_q;
    always_ff @(posedge clk_i) offset_q <= address_q[WordShift-RowShift-1:0];
    assign acts = (R*8)'(pad_rdata_i >> (32'(offset_q) << (RowShift + 3)));
  end else begin : gen_word
    assign acts = pad_rdata_i;
  end

  logic [C*hil_machine_pkg::PsumW-1:0] psums;
  logic                                zero_q;
  hil_array #(
    .Rows   (R),
    .Columns(C),
    .PsumW  (hil_machine_pkg::PsumW)
  ) u_array (
    .clk_i,
    .weights_i(weight_i),
    .take_i   (weight_row),
    .acts_i   (acts),
    .clear_i  (zero_q),
    .psums_o  (psums)
  );

  // The row tag meets the sums: late says that a row's sums are due in the next cycle, late_first one cycle earlier that a tile's are.
  // A row replaces only in the first tile, and shifts only there.
  logic               late, late_first, tag_valid, replace_q, seen_q;
  logic [AccRowW-1:0] row_q;
  hil_delay #(
    .Width (1),
    .Cycles(R + 2)
  ) u_row (
    .clk_i,
    .rst_i,
    .data_i(row_event_o),
    .data_o(late)
  );
  hil_delay #(
    .Width (1),
    .Cycles(R + 1)
  ) u_first (
    .clk_i,
    .rst_i,
    .data_i(tile_event_o),
    .data_o(late_first)
  );
  assign tag_valid = late || zero_q;
  always_ff @(posedge clk_i) begin
    zero_q <= zero && row && !rst_i;
    if (start_i || late_first) row_q <= '0;
    else if (tag_valid) row_q <= row_q + 1'b1;
    if (start_i) begin
      replace_q <= 1'b1;
      seen_q    <= 1'b0;
    end else if (late_first) begin
      replace_q <= !seen_q;
      seen_q    <= 1'b1;
    end
  end

  hil_accumulators #(
    .Columns(C),
    .Rows   (hil_machine_pkg::AccumulatorRows),
    .PsumW  (hil_machine_pkg::PsumW),
    .RowW   (AccRowW)
  ) u_accumulators (
    .clk_i,
    .rst_i,
    .tag_i      ({tag_valid, replace_q && !accumulate_q, replace_q && shift7_q, half_q, row_q}),
    .zero_i     (zero_q),
    .psums_i    (psums),
    .read_i     (acc_read_i),
    .read_half_i(acc_half_i),
    .read_row_i (acc_row_i),
    .read_data_o(acc_data_o)
  );

  // Fields of the unit's control, and bits of addresses beyond the bank.
  logic unused;
  assign unused = ^{word_i, tile_i, local_addr};
endmodule
