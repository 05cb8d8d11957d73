// The five instructions of the Vector unit in one form: a read operand, a write operand, an extra one (ADD's b, LAYER_NORM's int8 output
// beside an int16 one), and the slot of cycles that a lane group takes. Combinational.
//
// A slot has combine(...) cycles (timing, section 6): reads from its first cycle on, ADD's second operand behind the first, writes in its
// last cycles. What shares a bank is so apart; what does not may coincide. Not checked: the form rules.
module hil_vector_decode (
  input  logic [127:0]                        word_i,
  output logic [2:0]                          kind_o,
  output logic [hil_machine_pkg::CountW-1:0]     rows_o,
  output logic [hil_machine_pkg::CountW-1:0]     columns_o,
  output logic [hil_machine_pkg::CountW-1:0]     index_o,
  output logic [23:0]                         read_o,
  output logic [23:0]                         extra_o,
  output logic [23:0]                         write_o,
  output logic [hil_machine_pkg::CountW-1:0]     read_stride_o,
  output logic [hil_machine_pkg::CountW-1:0]     write_stride_o,
  output logic                                read_wide_o,
  output logic                                write_wide_o,
  output logic                                has_read_o,
  output logic                                has_extra_o,
  output logic                                table_o,
  output logic [2:0]                          table_slot_o,
  // Cycles of a slot, and in which of them the first word of either output is written.
  output logic [2:0]                          period_o,
  output logic [2:0]                          write_phase_o,
  output logic [2:0]                          extra_phase_o,
  // ADD reads its second operand first; both outputs or both operands take part in one cycle.
  output logic                                swap_o,
  output logic                                parallel_o
);
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned WordBytes = hil_machine_pkg::WordBytes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned BankW = hil_machine_pkg::BankW;
  localparam int unsigned BankShift = $clog2(hil_machine_pkg::BankBytes);
  // Words of a lane group of int16.
  localparam logic [2:0] Wide = 2 * hil_machine_pkg::Lanes > WordBytes ? 3'd2 : 3'd1;

  logic norm, softmax, map, add, both;
  assign kind_o  = word_i[hil_contract_pkg::OpcodeLsb+:3];
  assign norm    = kind_o == hil_contract_pkg::OpLayerNorm[2:0];
  assign softmax = kind_o == hil_contract_pkg::OpSoftmax[2:0];
  assign map     = kind_o == hil_contract_pkg::OpMap[2:0];
  assign add     = kind_o == hil_contract_pkg::OpAdd[2:0];
  assign both    = word_i[hil_contract_pkg::LayerNormWrite8Lsb] && word_i[hil_contract_pkg::LayerNormWrite16Lsb];

  // Dense rows; 4095 int16 and their rounding take 14 bits.
  logic [13:0]       narrow_words, wide_words;
  assign narrow_words = (14'(columns_o) + 14'(WordBytes - 1)) >> WordShift;
  assign wide_words   = ({1'b0, columns_o, 1'b0} + 14'(WordBytes - 1)) >> WordShift;

  // At the same place in all that have them.
  assign read_o  = word_i[hil_contract_pkg::AddALsb+:24];
  assign extra_o = word_i[hil_contract_pkg::AddBLsb+:24];
  if (hil_contract_pkg::AddALsb != hil_contract_pkg::RequantizeOutputLsb || hil_contract_pkg::AddALsb != hil_contract_pkg::LayerNormSourceLsb
      || hil_contract_pkg::AddALsb != hil_contract_pkg::SoftmaxSourceLsb || hil_contract_pkg::AddALsb != hil_contract_pkg::MapSourceLsb
      || hil_contract_pkg::AddBLsb != hil_contract_pkg::LayerNormOutput8Lsb) begin : gen_places
    $error("operands of the vector instructions have moved");
  end

  always_comb begin
    rows_o         = word_i[hil_contract_pkg::RequantizeRowsLsb+:CountW];
    columns_o      = CountW'(word_i[hil_contract_pkg::RequantizeColumnsLsb+:hil_contract_pkg::RequantizeColumnsWidth]);
    index_o        = word_i[hil_contract_pkg::RequantizeIndexLsb+:CountW];
    write_o        = word_i[hil_contract_pkg::RequantizeOutputLsb+:24];
    read_stride_o  = CountW'(wide_words);
    write_stride_o = CountW'(wide_words);
    read_wide_o    = 1'b1;
    write_wide_o   = 1'b1;
    has_read_o     = 1'b1;
    has_extra_o    = 1'b0;
    table_o        = 1'b0;
    table_slot_o   = word_i[hil_contract_pkg::RequantizeTableSlotLsb+:3];
    if (norm) begin
      rows_o         = word_i[hil_contract_pkg::LayerNormRowsLsb+:CountW];
      columns_o      = CountW'(word_i[hil_contract_pkg::LayerNormColumnsLsb+:hil_contract_pkg::LayerNormColumnsWidth]);
      index_o        = word_i[hil_contract_pkg::LayerNormIndexLsb+:CountW];
      write_wide_o   = word_i[hil_contract_pkg::LayerNormWrite16Lsb];
      write_o        = write_wide_o ? word_i[hil_contract_pkg::LayerNormOutput16Lsb+:24] : word_i[hil_contract_pkg::LayerNormOutput8Lsb+:24];
      write_stride_o = CountW'(write_wide_o ? wide_words : narrow_words);
      has_extra_o    = both;
    end else if (softmax) begin
      rows_o         = word_i[hil_contract_pkg::SoftmaxRowsLsb+:CountW];
      columns_o      = word_i[hil_contract_pkg::SoftmaxColumnsLsb+:CountW];
      index_o        = word_i[hil_contract_pkg::SoftmaxIndexLsb+:CountW];
      write_o        = word_i[hil_contract_pkg::SoftmaxOutputLsb+:24];
      write_wide_o   = 1'b0;
      write_stride_o = CountW'(narrow_words);
    end else if (map) begin
      rows_o         = word_i[hil_contract_pkg::MapRowsLsb+:CountW];
      columns_o      = word_i[hil_contract_pkg::MapColumnsLsb+:CountW];
      index_o        = word_i[hil_contract_pkg::MapIndexLsb+:CountW];
      write_o        = word_i[hil_contract_pkg::MapOutputLsb+:24];
      read_wide_o    = word_i[hil_contract_pkg::MapWideSourceLsb];
      write_wide_o   = word_i[hil_contract_pkg::MapWideOutputLsb];
      read_stride_o  = CountW'(word_i[hil_contract_pkg::MapSourceStrideLsb+:hil_contract_pkg::MapSourceStrideWidth]);
      write_stride_o = CountW'(word_i[hil_contract_pkg::MapOutputStrideLsb+:hil_contract_pkg::MapOutputStrideWidth]);
      table_o        = word_i[hil_contract_pkg::MapTableLsb];
      table_slot_o   = word_i[hil_contract_pkg::MapTableSlotLsb+:3];
    end else if (add) begin
      rows_o         = word_i[hil_contract_pkg::AddRowsLsb+:CountW];
      columns_o      = word_i[hil_contract_pkg::AddColumnsLsb+:CountW];
      index_o        = word_i[hil_contract_pkg::AddIndexLsb+:CountW];
      write_o        = word_i[hil_contract_pkg::AddOutputLsb+:24];
      has_extra_o    = 1'b1;
    end else begin
      // What is there already is read where it is added to.
      has_read_o     = word_i[hil_contract_pkg::RequantizeAccumulateLsb];
      write_wide_o   = word_i[hil_contract_pkg::RequantizeWideLsb];
      read_stride_o  = word_i[hil_contract_pkg::RequantizeStrideLsb+:CountW];
      write_stride_o = word_i[hil_contract_pkg::RequantizeStrideLsb+:CountW];
      table_o        = word_i[hil_contract_pkg::RequantizeTableLsb];
    end
  end

  // combine: the largest sum of cycles in one bank.
  logic [BankW-1:0] read_bank, extra_bank, write_bank;
  assign read_bank  = BankW'(read_o >> BankShift);
  assign extra_bank = BankW'(extra_o >> BankShift);
  assign write_bank = BankW'(write_o >> BankShift);

  logic       read_extra, read_write, extra_write;
  logic [2:0] reads, extras, writes, with_read, with_extra, with_write;
  assign read_extra  = read_bank == extra_bank;
  assign read_write  = read_bank == write_bank;
  assign extra_write = extra_bank == write_bank;
  assign reads       = !has_read_o ? 3'd0 : read_wide_o ? Wide : 3'd1;
  assign extras      = !has_extra_o ? 3'd0 : add ? Wide : 3'd1;
  assign writes      = write_wide_o ? Wide : 3'd1;
  assign with_read   = reads + (read_extra ? extras : 3'd0) + (read_write ? writes : 3'd0);
  assign with_extra  = extras + (extra_write ? writes : 3'd0);
  assign with_write  = writes;
  always_comb begin
    period_o = with_read > with_extra ? with_read : with_extra;
    if (with_write > period_o) period_o = with_write;
  end

  // The int8 output comes last where it alone lies in the source's bank, else before the int16 one.
  logic narrow_last;
  assign parallel_o    = has_extra_o && period_o == Wide;
  assign swap_o        = add && extra_write && !read_write;
  assign narrow_last   = read_extra && !read_write;
  assign write_phase_o = period_o - writes - 3'(norm && has_extra_o && narrow_last);
  assign extra_phase_o = narrow_last || parallel_o ? period_o - 3'd1 : period_o - writes - 3'd1;

  logic unused;
  assign unused = ^{word_i, narrow_words, wide_words};
endmodule
