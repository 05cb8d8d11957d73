// The form rules: whether an instruction is well formed on this machine, and which unit executes it (isa.md, form rules).
// Combinational. The first rule that fails gives the reason: opcode, a STORE where nothing is writable, reserved bits (not if Fields), then those of
// fields (broken_o, hil_field_reason).
// Not checked: address ranges and races, which the verifier proves.
module hil_form #(
  parameter bit Fields = 1'b0
) (
  input  logic [127:0] word_i,
  // The opcode is that of an instruction of unit_o, or of END.
  output logic         known_o,
  output logic [1:0]   unit_o,
  output logic         end_o,
  output logic [3:0]   reason_o,
  // The rules of fields that fail, the first one highest: tokens, counts, alignment, indices, flags.
  output logic [4:0]   broken_o
);
  localparam int unsigned WordMask = hil_machine_pkg::WordBytes - 1;
  localparam int unsigned GroupMask = hil_machine_pkg::Lanes - 1;
  localparam int unsigned WideGroupMask =
      (2 * hil_machine_pkg::Lanes < hil_machine_pkg::WordBytes ? 2 * hil_machine_pkg::Lanes : hil_machine_pkg::WordBytes) - 1;
  localparam int unsigned MainMask = hil_contract_pkg::MainAlignmentBytes - 1;
  localparam bit HasWritableRegion = hil_machine_pkg::HasWritableRegion != 0;

  // value > limit; without an adder where the limit is a power of two.
  function automatic logic above(input logic [31:0] value, input logic [31:0] limit);
    if ((limit & (limit - 32'd1)) == '0) begin
      above = (value & ~((limit << 1) - 32'd1)) != '0 || ((value & limit) != '0 && (value & (limit - 32'd1)) != '0);
    end else begin
      above = value > limit;
    end
  endfunction

  // value >= limit, likewise.
  function automatic logic reaches(input logic [31:0] value, input logic [31:0] limit);
    if ((limit & (limit - 32'd1)) == '0) reaches = (value & ~(limit - 32'd1)) != '0;
    else reaches = value >= limit;
  endfunction

  // Whether entry index + more is not one of the entries; the sum is no wider than they need.
  function automatic logic absent_entry(input logic [31:0] index, input logic [31:0] more, input logic [31:0] entries);
    if ((entries & (entries - 32'd1)) == '0) begin
      absent_entry = reaches(index | more, entries) || reaches((index & (entries - 32'd1)) + (more & (entries - 32'd1)), entries);
    end else begin
      absent_entry = index + more >= entries;
    end
  endfunction

  // Rules by reason, from the fields of each instruction; an opcode sets only those it has.
  logic         count_bad, misaligned, index_bad, flags_bad, absent;
  logic         known;
  logic [2:0]   unit;
  logic [127:0] used;
  logic [3:0]   own, tokens;

  // Fields that several rules name; all unsigned, widened so that sums keep their carry.
  logic [31:0] load_main, rq_index, rq_rows, rq_columns, rq_output, parameter_end;
  assign load_main     = word_i[hil_contract_pkg::LoadMainLsb+:hil_contract_pkg::LoadMainWidth];
  assign rq_index      = 32'(word_i[hil_contract_pkg::RequantizeIndexLsb+:hil_contract_pkg::RequantizeIndexWidth]);
  assign rq_rows       = 32'(word_i[hil_contract_pkg::RequantizeRowsLsb+:hil_contract_pkg::RequantizeRowsWidth]);
  assign rq_columns    = 32'(word_i[hil_contract_pkg::RequantizeColumnsLsb+:hil_contract_pkg::RequantizeColumnsWidth]);
  assign rq_output     = 32'(word_i[hil_contract_pkg::RequantizeOutputLsb+:hil_contract_pkg::RequantizeOutputWidth]);
  assign parameter_end = 32'(word_i[hil_contract_pkg::LoadParametersFirstLsb+:hil_contract_pkg::LoadParametersFirstWidth])
      + 32'(word_i[hil_contract_pkg::LoadParametersCountLsb+:hil_contract_pkg::LoadParametersCountWidth]);

  // Counts that pass their own rule have no more bits.
  logic        rq_per_row, rq_wide, rq_table;
  logic [31:0] rq_end;
  assign rq_end     = rq_index + (rq_per_row ? 32'(rq_rows[hil_machine_pkg::RowCountW-1:0]) : 32'(rq_columns[hil_machine_pkg::ColumnCountW-1:0]));
  assign rq_per_row = word_i[hil_contract_pkg::RequantizePerRowLsb];
  assign rq_wide    = word_i[hil_contract_pkg::RequantizeWideLsb];
  assign rq_table   = word_i[hil_contract_pkg::RequantizeTableLsb];

  // LOAD, LOAD_WEIGHTS, LOAD_PARAMETERS, LOAD_TABLE and STORE have their main address at one place.
  logic main_bad;
  assign main_bad = (load_main & 32'(MainMask)) != '0;

  logic [31:0] scratch, rows, row_words;
  assign scratch   = 32'(word_i[hil_contract_pkg::LoadScratchLsb+:hil_contract_pkg::LoadScratchWidth]);
  assign rows      = 32'(word_i[hil_contract_pkg::LoadRowsLsb+:hil_contract_pkg::LoadRowsWidth]);
  assign row_words = 32'(word_i[hil_contract_pkg::LoadRowWordsLsb+:hil_contract_pkg::LoadRowWordsWidth]);

  logic [31:0] lw_tiles, ld_k, ld_columns, ld_scratch, co_rows, co_tiles, co_source;
  assign lw_tiles   = 32'(word_i[hil_contract_pkg::LoadWeightsTilesLsb+:hil_contract_pkg::LoadWeightsTilesWidth]);
  assign ld_k       = 32'(word_i[hil_contract_pkg::LoadDynamicKLengthLsb+:hil_contract_pkg::LoadDynamicKLengthWidth]);
  assign ld_columns = 32'(word_i[hil_contract_pkg::LoadDynamicColumnsLsb+:hil_contract_pkg::LoadDynamicColumnsWidth]);
  assign ld_scratch = 32'(word_i[hil_contract_pkg::LoadDynamicScratchLsb+:hil_contract_pkg::LoadDynamicScratchWidth]);
  assign co_rows    = 32'(word_i[hil_contract_pkg::ComputeRowsLsb+:hil_contract_pkg::ComputeRowsWidth]);
  assign co_tiles   = 32'(word_i[hil_contract_pkg::ComputeTilesLsb+:hil_contract_pkg::ComputeTilesWidth]);
  assign co_source  = 32'(word_i[hil_contract_pkg::ComputeSourceLsb+:hil_contract_pkg::ComputeSourceWidth]);

  logic [31:0] ln_source, ln_output8, ln_output16, ln_rows, ln_columns, ln_index;
  logic        ln_write8, ln_write16;
  assign ln_source   = 32'(word_i[hil_contract_pkg::LayerNormSourceLsb+:hil_contract_pkg::LayerNormSourceWidth]);
  assign ln_output8  = 32'(word_i[hil_contract_pkg::LayerNormOutput8Lsb+:hil_contract_pkg::LayerNormOutput8Width]);
  assign ln_output16 = 32'(word_i[hil_contract_pkg::LayerNormOutput16Lsb+:hil_contract_pkg::LayerNormOutput16Width]);
  assign ln_rows     = 32'(word_i[hil_contract_pkg::LayerNormRowsLsb+:hil_contract_pkg::LayerNormRowsWidth]);
  assign ln_columns  = 32'(word_i[hil_contract_pkg::LayerNormColumnsLsb+:hil_contract_pkg::LayerNormColumnsWidth]);
  assign ln_index    = 32'(word_i[hil_contract_pkg::LayerNormIndexLsb+:hil_contract_pkg::LayerNormIndexWidth]);
  assign ln_write8   = word_i[hil_contract_pkg::LayerNormWrite8Lsb];
  assign ln_write16  = word_i[hil_contract_pkg::LayerNormWrite16Lsb];

  logic [31:0] sm_source, sm_output, sm_rows, sm_columns, sm_index, sm_row_scale;
  assign sm_source    = 32'(word_i[hil_contract_pkg::SoftmaxSourceLsb+:hil_contract_pkg::SoftmaxSourceWidth]);
  assign sm_output    = 32'(word_i[hil_contract_pkg::SoftmaxOutputLsb+:hil_contract_pkg::SoftmaxOutputWidth]);
  assign sm_rows      = 32'(word_i[hil_contract_pkg::SoftmaxRowsLsb+:hil_contract_pkg::SoftmaxRowsWidth]);
  assign sm_columns   = 32'(word_i[hil_contract_pkg::SoftmaxColumnsLsb+:hil_contract_pkg::SoftmaxColumnsWidth]);
  assign sm_index     = 32'(word_i[hil_contract_pkg::SoftmaxIndexLsb+:hil_contract_pkg::SoftmaxIndexWidth]);
  assign sm_row_scale = 32'(word_i[hil_contract_pkg::SoftmaxRowScaleLsb+:hil_contract_pkg::SoftmaxRowScaleWidth]);

  logic [31:0] ma_source, ma_output, ma_rows, ma_columns, ma_index, ma_slot;
  logic        ma_wide_source, ma_wide_output, ma_table;
  assign ma_source      = 32'(word_i[hil_contract_pkg::MapSourceLsb+:hil_contract_pkg::MapSourceWidth]);
  assign ma_output      = 32'(word_i[hil_contract_pkg::MapOutputLsb+:hil_contract_pkg::MapOutputWidth]);
  assign ma_rows        = 32'(word_i[hil_contract_pkg::MapRowsLsb+:hil_contract_pkg::MapRowsWidth]);
  assign ma_columns     = 32'(word_i[hil_contract_pkg::MapColumnsLsb+:hil_contract_pkg::MapColumnsWidth]);
  assign ma_index       = 32'(word_i[hil_contract_pkg::MapIndexLsb+:hil_contract_pkg::MapIndexWidth]);
  assign ma_slot        = 32'(word_i[hil_contract_pkg::MapTableSlotLsb+:hil_contract_pkg::MapTableSlotWidth]);
  assign ma_wide_source = word_i[hil_contract_pkg::MapWideSourceLsb];
  assign ma_wide_output = word_i[hil_contract_pkg::MapWideOutputLsb];
  assign ma_table       = word_i[hil_contract_pkg::MapTableLsb];

  logic [31:0] ad_a, ad_b, ad_output, ad_rows, ad_columns, ad_index;
  assign ad_a       = 32'(word_i[hil_contract_pkg::AddALsb+:hil_contract_pkg::AddAWidth]);
  assign ad_b       = 32'(word_i[hil_contract_pkg::AddBLsb+:hil_contract_pkg::AddBWidth]);
  assign ad_output  = 32'(word_i[hil_contract_pkg::AddOutputLsb+:hil_contract_pkg::AddOutputWidth]);
  assign ad_rows    = 32'(word_i[hil_contract_pkg::AddRowsLsb+:hil_contract_pkg::AddRowsWidth]);
  assign ad_columns = 32'(word_i[hil_contract_pkg::AddColumnsLsb+:hil_contract_pkg::AddColumnsWidth]);
  assign ad_index   = 32'(word_i[hil_contract_pkg::AddIndexLsb+:hil_contract_pkg::AddIndexWidth]);

  always_comb begin
    known      = 1'b1;
    unit       = 3'd0;
    used       = '0;
    count_bad  = 1'b0;
    misaligned = 1'b0;
    index_bad  = 1'b0;
    flags_bad  = 1'b0;
    absent     = 1'b0;
    unique case (word_i[hil_contract_pkg::OpcodeLsb+:hil_contract_pkg::OpcodeWidth])
      hil_contract_pkg::OpEnd: begin
        unit = 3'd4;
        used = hil_contract_pkg::EndUsedBits;
      end
      hil_contract_pkg::OpLoad: begin
        used       = hil_contract_pkg::LoadUsedBits;
        count_bad  = rows == '0 || row_words == '0;
        misaligned = main_bad || (scratch & 32'(WordMask)) != '0;
      end
      hil_contract_pkg::OpLoadWeights: begin
        used       = hil_contract_pkg::LoadWeightsUsedBits;
        count_bad  = lw_tiles == '0 || above(lw_tiles, 32'(hil_machine_pkg::WeightTiles));
        misaligned = main_bad;
      end
      hil_contract_pkg::OpLoadDynamic: begin
        used       = hil_contract_pkg::LoadDynamicUsedBits;
        count_bad  = ld_k == '0 || above(ld_k, 32'(hil_machine_pkg::Rows * hil_machine_pkg::WeightTiles))
            || ld_columns == '0 || above(ld_columns, 32'(hil_machine_pkg::Columns));
        misaligned = (ld_scratch & (word_i[hil_contract_pkg::LoadDynamicByColumnsLsb]
            ? 32'(hil_machine_pkg::Rows - 1) : 32'(hil_machine_pkg::Columns - 1))) != '0;
      end
      hil_contract_pkg::OpLoadParameters: begin
        used       = hil_contract_pkg::LoadParametersUsedBits;
        count_bad  = !reaches(32'(word_i[hil_contract_pkg::LoadParametersCountLsb+:hil_contract_pkg::LoadParametersCountWidth]), 32'd2);
        misaligned = main_bad || word_i[hil_contract_pkg::LoadParametersFirstLsb]
            || word_i[hil_contract_pkg::LoadParametersCountLsb];
        index_bad  = above(parameter_end, 32'(hil_machine_pkg::ParameterEntries));
      end
      hil_contract_pkg::OpLoadTable: begin
        used       = hil_contract_pkg::LoadTableUsedBits;
        misaligned = main_bad;
        index_bad  = reaches(32'(word_i[hil_contract_pkg::LoadTableSlotLsb+:hil_contract_pkg::LoadTableSlotWidth]),
            32'(hil_machine_pkg::TableSlots));
      end
      hil_contract_pkg::OpCompute: begin
        unit       = 3'd1;
        used       = hil_contract_pkg::ComputeUsedBits;
        count_bad  = co_rows == '0 || above(co_rows, 32'(hil_machine_pkg::AccumulatorRows))
            || above(co_tiles, 32'(hil_machine_pkg::WeightTiles));
        misaligned = (co_source & 32'(WordMask)) != '0;
        flags_bad  = word_i[hil_contract_pkg::ComputeShift7Lsb] && !word_i[hil_contract_pkg::ComputeAccumulateLsb];
      end
      hil_contract_pkg::OpRequantize: begin
        unit       = 3'd2;
        used       = hil_contract_pkg::RequantizeUsedBits;
        count_bad  = rq_rows == '0 || above(rq_rows, 32'(hil_machine_pkg::AccumulatorRows))
            || rq_columns == '0 || above(rq_columns, 32'(hil_machine_pkg::Columns));
        misaligned = (rq_output & (rq_wide ? 32'(WideGroupMask) : 32'(GroupMask))) != '0
            || (!rq_per_row && (rq_index & 32'(GroupMask)) != '0);
        index_bad  = (rq_per_row ? above(rq_end, 32'(hil_machine_pkg::RowScaleEntries)) : above(rq_end, 32'(hil_machine_pkg::ParameterEntries)))
            || reaches(32'(word_i[hil_contract_pkg::RequantizeTableSlotLsb+:hil_contract_pkg::RequantizeTableSlotWidth]),
               32'(hil_machine_pkg::TableSlots));
        flags_bad  = (word_i[hil_contract_pkg::RequantizeAccumulateLsb] && !rq_wide) || (rq_table && rq_wide)
            || (!rq_table
                && word_i[hil_contract_pkg::RequantizeTableSlotLsb+:hil_contract_pkg::RequantizeTableSlotWidth] != '0);
      end
      hil_contract_pkg::OpLayerNorm: begin
        unit       = 3'd2;
        used       = hil_contract_pkg::LayerNormUsedBits;
        count_bad  = ln_rows == '0 || ln_columns == '0 || above(ln_columns, 32'(hil_contract_pkg::LayerNormMaxColumns));
        misaligned = ((ln_source | ln_output8 | ln_output16) & 32'(WordMask)) != '0 || (ln_index & 32'(GroupMask)) != '0;
        index_bad  = absent_entry(ln_index, (ln_columns + 32'(GroupMask)) & ~GroupMask, 32'(hil_machine_pkg::ParameterEntries));
        flags_bad  = !(ln_write8 || ln_write16) || (!ln_write8 && ln_output8 != '0) || (!ln_write16 && ln_output16 != '0);
      end
      hil_contract_pkg::OpSoftmax: begin
        unit       = 3'd2;
        used       = hil_contract_pkg::SoftmaxUsedBits;
        count_bad  = sm_rows == '0 || sm_columns == '0;
        misaligned = ((sm_source | sm_output) & 32'(WordMask)) != '0 || (sm_index & 32'(GroupMask)) != '0;
        index_bad  = absent_entry(sm_index, word_i[hil_contract_pkg::SoftmaxMaskedLsb]
            ? 32'(GroupMask) + (sm_columns >> 6) + 32'(sm_columns[5:0] != '0) : '0, 32'(hil_machine_pkg::ParameterEntries))
            || above(sm_row_scale + sm_rows, 32'(hil_machine_pkg::RowScaleEntries));
      end
      hil_contract_pkg::OpMap: begin
        unit       = 3'd2;
        used       = hil_contract_pkg::MapUsedBits;
        count_bad  = ma_rows == '0 || ma_columns == '0;
        misaligned = (ma_source & (ma_wide_source ? 32'(WideGroupMask) : 32'(GroupMask))) != '0
            || (ma_output & (ma_wide_output ? 32'(WideGroupMask) : 32'(GroupMask))) != '0 || (ma_index & 32'(GroupMask)) != '0;
        index_bad  = reaches(ma_index, 32'(hil_machine_pkg::ParameterEntries)) || reaches(ma_slot, 32'(hil_machine_pkg::TableSlots));
        flags_bad  = (ma_table && ma_wide_output) || (!ma_table && ma_slot != '0);
      end
      hil_contract_pkg::OpAdd: begin
        unit       = 3'd2;
        used       = hil_contract_pkg::AddUsedBits;
        count_bad  = ad_rows == '0 || ad_columns == '0;
        misaligned = ((ad_a | ad_b | ad_output) & 32'(WordMask)) != '0 || (ad_index & 32'(GroupMask)) != '0;
        index_bad  = absent_entry(ad_index, 32'(hil_machine_pkg::Lanes), 32'(hil_machine_pkg::ParameterEntries));
      end
      hil_contract_pkg::OpStore: begin
        unit       = 3'd3;
        used       = hil_contract_pkg::StoreUsedBits;
        count_bad  = rows == '0 || row_words == '0;
        misaligned = main_bad || (scratch & 32'(WordMask)) != '0;
        absent     = !HasWritableRegion;
      end
      default: known = 1'b0;
    endcase
  end

  assign own    = unit[2] ? 4'hf : 4'h1 << unit[1:0];
  assign tokens = word_i[hil_contract_pkg::WaitLsb+:4] | word_i[hil_contract_pkg::PostLsb+:4];
  assign unit_o = unit[1:0];
  assign end_o  = unit[2];

  assign broken_o = {(tokens & own) != '0, count_bad, misaligned, index_bad, flags_bad};
  assign known_o  = known;
  assign reason_o = !known ? hil_contract_pkg::TrapIllegalOpcode
      : absent ? hil_contract_pkg::TrapNotOnThisMachine
      : !Fields && (word_i & ~used) != '0 ? hil_contract_pkg::TrapReservedBits
      : hil_contract_pkg::TrapNone;
endmodule
