// The form rules of the Vector unit's instructions, from their chunks as dispatch moves them, for the serial vector unit: no register holds such an
// instruction whole. As hil_form has them (isa.md, form rules).
// Latency: broken_o tells of all chunks up to the one two cycles before, of the last one in the second cycle after it if it stays in the first. Throughput: one chunk a cycle; the last one may stay.
// Ordering: chunk 0 first. Not checked: bits without a meaning, opcodes of other units.
module hil_vector_form (
  input  logic        clk_i,
  input  logic        write_i,
  input  logic [2:0]  index_i,
  input  logic [15:0] chunk_i,
  // The rules that fail, the first one highest: tokens, counts, alignment, indices, flags.
  output logic [4:0]  broken_o
);
  localparam int unsigned Entries = hil_machine_pkg::ParameterEntries;
  localparam int unsigned RowScales = hil_machine_pkg::RowScaleEntries;
  localparam int unsigned TableSlots = hil_machine_pkg::TableSlots;
  localparam int unsigned Own = hil_contract_pkg::UnitVector;
  if (hil_machine_pkg::Serial != 0 && (hil_machine_pkg::Lanes != 1 || hil_machine_pkg::WordBytes != 4 || Entries > 255 || RowScales > 255 || hil_machine_pkg::Columns > 63))
    $error("vector instructions are checked by chunks for one lane, words of four bytes, and entries and row scales that eight bits count");

  localparam logic [2:0] Requantize = hil_contract_pkg::OpRequantize[2:0];
  localparam logic [2:0] LayerNorm = hil_contract_pkg::OpLayerNorm[2:0];
  localparam logic [2:0] Softmax = hil_contract_pkg::OpSoftmax[2:0];
  localparam logic [2:0] Map = hil_contract_pkg::OpMap[2:0];
  localparam logic [2:0] Add = hil_contract_pkg::OpAdd[2:0];

  // Whether a bit of chunk k that belongs to a field is set.
  function automatic logic some(input logic [15:0] chunk, input logic [31:0] k, input logic [31:0] lsb, input logic [31:0] width);
    some = (((128'(chunk)) << (16 * k)) & (((128'd1 << width) - 128'd1) << lsb)) != '0;
  endfunction

  // value > limit; without an adder where the limit is a power of two.
  function automatic logic exceeds(input logic [11:0] value, input logic [11:0] limit);
    if ((limit & (limit - 12'd1)) == '0)
      exceeds = (value & ~((limit << 1) - 12'd1)) != '0 || ((value & limit) != '0 && (value & (limit - 12'd1)) != '0);
    else exceeds = value > limit;
  endfunction

  // The chunk, and the highest bits of the one before: bit b of the instruction is bit b - 16k + 6 here.
  logic [2:0]  kind_q;
  logic [5:0]  top_q;
  logic [15:0] window;
  assign window = {chunk_i[9:0], top_q};

  // What is kept: the lowest bits of the first two addresses; whether a count or an output has had a bit; a count to be added to an index.
  logic [1:0] low_q;
  logic       second_low_q, any_low_q, rows_q, columns_q, output8_q, output16_q, wide_blocks_q, plain_q, masked_q;
  logic [8:0] more_q;
  logic [5:0] other_q;

  // What is compared in the cycle after a chunk: its field, with which count, and against what; blocks: an index of SOFTMAX.
  logic [11:0] field_q;
  logic        of_other_q, least_q, entries_q, scales_q, blocks_q;

  logic        rows, columns, output8, output16, any_low, count_bad, misaligned, slot_bad, index_bad, flags_bad, reaches, above, above_scales, of_other;
  logic [11:0] field;
  logic [8:0]  sum;
  logic        high;

  // The index in the chunk, of SOFTMAX then the row scale, and which count it goes with.
  always_comb begin
    of_other = 1'b0;
    unique case (kind_q)
      Requantize: begin
        of_other = !chunk_i[hil_contract_pkg::RequantizePerRowLsb-80];
        field    = window[hil_contract_pkg::RequantizeIndexLsb-74+:12];
      end
      LayerNorm: field = window[hil_contract_pkg::LayerNormIndexLsb-106+:12];
      Softmax: begin
        of_other = !index_i[0];
        field    = index_i[0] ? window[hil_contract_pkg::SoftmaxRowScaleLsb-106+:12] : chunk_i[hil_contract_pkg::SoftmaxIndexLsb-96+:12];
      end
      Map:     field = window[hil_contract_pkg::MapIndexLsb-106+:12];
      default: field = window[hil_contract_pkg::AddIndexLsb-106+:12];
    endcase
  end

  // The field's highest four bits alone say that it is no entry.
  assign high = field_q[11:8] != '0 || (!of_other_q && more_q[8]);
  assign sum  = {1'b0, field_q[7:0]} + {1'b0, of_other_q ? {2'b0, other_q} : more_q[7:0]} + 9'(of_other_q && wide_blocks_q);
  assign reaches      = high || sum >= 9'(Entries);
  assign above        = high || sum > 9'(Entries);
  assign above_scales = high || exceeds(12'(sum), 12'(RowScales));
  assign index_bad    = (least_q && reaches) || (entries_q && above) || (scales_q && above_scales)
      || (scales_q && kind_q == Softmax && (chunk_i[hil_contract_pkg::SoftmaxMaskedLsb-112] ? masked_q : plain_q));

  always_comb begin
    rows       = 1'b0;
    columns    = 1'b0;
    output8    = 1'b0;
    output16   = 1'b0;
    any_low    = 1'b0;
    count_bad  = 1'b0;
    misaligned = 1'b0;
    slot_bad   = 1'b0;
    flags_bad  = 1'b0;
    unique case (kind_q)
      Requantize: begin
        rows     = index_i == 3'd3 && some(chunk_i, 32'd3, hil_contract_pkg::RequantizeRowsLsb, hil_contract_pkg::RequantizeRowsWidth);
        columns  = index_i == 3'd4 && window[hil_contract_pkg::RequantizeColumnsLsb-58+:7] != '0;
        count_bad = (index_i == 3'd3 && exceeds(chunk_i[hil_contract_pkg::RequantizeRowsLsb-48+:12], 12'(hil_machine_pkg::AccumulatorRows)))
            || (index_i == 3'd4 && exceeds(12'(window[hil_contract_pkg::RequantizeColumnsLsb-58+:7]), 12'(hil_machine_pkg::Columns)));
        if (index_i == 3'd5) begin
          misaligned = low_q[0] && chunk_i[hil_contract_pkg::RequantizeWideLsb-80];
          slot_bad   = exceeds({9'b0, chunk_i[hil_contract_pkg::RequantizeTableSlotLsb-80+:3]} + 12'd1, 12'(TableSlots));
          flags_bad  = chunk_i[hil_contract_pkg::RequantizeWideLsb-80] ? chunk_i[hil_contract_pkg::RequantizeTableLsb-80]
              : chunk_i[hil_contract_pkg::RequantizeAccumulateLsb-80];
          if (!chunk_i[hil_contract_pkg::RequantizeTableLsb-80] && chunk_i[hil_contract_pkg::RequantizeTableSlotLsb-80+:3] != '0) flags_bad = 1'b1;
        end
      end
      LayerNorm: begin
        any_low  = (index_i == 3'd2 && chunk_i[hil_contract_pkg::LayerNormOutput8Lsb-32+:2] != '0)
            || (index_i == 3'd3 && chunk_i[hil_contract_pkg::LayerNormOutput16Lsb-48+:2] != '0);
        output8  = (index_i == 3'd2 && some(chunk_i, 32'd2, hil_contract_pkg::LayerNormOutput8Lsb, hil_contract_pkg::LayerNormOutput8Width))
            || (index_i == 3'd3 && some(chunk_i, 32'd3, hil_contract_pkg::LayerNormOutput8Lsb, hil_contract_pkg::LayerNormOutput8Width));
        output16 = (index_i == 3'd3 && some(chunk_i, 32'd3, hil_contract_pkg::LayerNormOutput16Lsb, hil_contract_pkg::LayerNormOutput16Width))
            || (index_i == 3'd4 && chunk_i != '0)
            || (index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::LayerNormOutput16Lsb, hil_contract_pkg::LayerNormOutput16Width));
        rows     = (index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::LayerNormRowsLsb, hil_contract_pkg::LayerNormRowsWidth))
            || (index_i == 3'd6 && some(chunk_i, 32'd6, hil_contract_pkg::LayerNormRowsLsb, hil_contract_pkg::LayerNormRowsWidth));
        columns  = index_i == 3'd6 && some(chunk_i, 32'd6, hil_contract_pkg::LayerNormColumnsLsb, hil_contract_pkg::LayerNormColumnsWidth);
        count_bad = index_i == 3'd6 && exceeds(12'(chunk_i[hil_contract_pkg::LayerNormColumnsLsb-96+:11]), 12'(hil_contract_pkg::LayerNormMaxColumns));
        if (index_i == 3'd7) begin
          misaligned = low_q != '0 || any_low_q;
          flags_bad  = (!chunk_i[hil_contract_pkg::LayerNormWrite8Lsb-112] && (output8_q || !chunk_i[hil_contract_pkg::LayerNormWrite16Lsb-112]))
              || (!chunk_i[hil_contract_pkg::LayerNormWrite16Lsb-112] && output16_q);
        end
      end
      Softmax: begin
        any_low  = index_i == 3'd2 && chunk_i[hil_contract_pkg::SoftmaxOutputLsb-32+:2] != '0;
        rows     = (index_i == 3'd3 && some(chunk_i, 32'd3, hil_contract_pkg::SoftmaxRowsLsb, hil_contract_pkg::SoftmaxRowsWidth))
            || (index_i == 3'd4 && some(chunk_i, 32'd4, hil_contract_pkg::SoftmaxRowsLsb, hil_contract_pkg::SoftmaxRowsWidth));
        columns  = (index_i == 3'd4 && some(chunk_i, 32'd4, hil_contract_pkg::SoftmaxColumnsLsb, hil_contract_pkg::SoftmaxColumnsWidth))
            || (index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::SoftmaxColumnsLsb, hil_contract_pkg::SoftmaxColumnsWidth));
        misaligned = index_i == 3'd7 && (low_q != '0 || any_low_q);
      end
      Map: begin
        rows    = index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::MapRowsLsb, hil_contract_pkg::MapRowsWidth);
        columns = (index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::MapColumnsLsb, hil_contract_pkg::MapColumnsWidth))
            || (index_i == 3'd6 && some(chunk_i, 32'd6, hil_contract_pkg::MapColumnsLsb, hil_contract_pkg::MapColumnsWidth));
        if (index_i == 3'd7) begin
          misaligned = (low_q[0] && chunk_i[hil_contract_pkg::MapWideSourceLsb-112]) || (second_low_q && chunk_i[hil_contract_pkg::MapWideOutputLsb-112]);
          slot_bad   = exceeds({9'b0, chunk_i[hil_contract_pkg::MapTableSlotLsb-112+:3]} + 12'd1, 12'(TableSlots));
          flags_bad  = chunk_i[hil_contract_pkg::MapTableLsb-112] ? chunk_i[hil_contract_pkg::MapWideOutputLsb-112]
              : chunk_i[hil_contract_pkg::MapTableSlotLsb-112+:3] != '0;
        end
      end
      default: begin
        any_low = (index_i == 3'd2 && chunk_i[hil_contract_pkg::AddBLsb-32+:2] != '0)
            || (index_i == 3'd3 && chunk_i[hil_contract_pkg::AddOutputLsb-48+:2] != '0);
        rows    = (index_i == 3'd5 && some(chunk_i, 32'd5, hil_contract_pkg::AddRowsLsb, hil_contract_pkg::AddRowsWidth))
            || (index_i == 3'd6 && some(chunk_i, 32'd6, hil_contract_pkg::AddRowsLsb, hil_contract_pkg::AddRowsWidth));
        columns = index_i == 3'd6 && some(chunk_i, 32'd6, hil_contract_pkg::AddColumnsLsb, hil_contract_pkg::AddColumnsWidth);
        misaligned = index_i == 3'd7 && (low_q != '0 || any_low_q);
      end
    endcase
    if (index_i == 3'd7 && !(rows_q && columns_q)) count_bad = 1'b1;
  end

  // The last chunk may stay, so what it finds must not change what it is found from.
  always_ff @(posedge clk_i) begin
    if (write_i) begin
      if (index_i != 3'd7) top_q <= chunk_i[15:10];
      if (index_i == '0) begin
        kind_q     <= chunk_i[2:0];
        low_q      <= chunk_i[15:14];
        any_low_q  <= 1'b0;
        rows_q     <= 1'b0;
        columns_q  <= 1'b0;
        output8_q  <= 1'b0;
        output16_q <= 1'b0;
        broken_o   <= {chunk_i[hil_contract_pkg::WaitLsb+Own] || chunk_i[hil_contract_pkg::PostLsb+Own], 4'b0};
        more_q     <= 9'(chunk_i[2:0] == Add);
      end else begin
        if (any_low) any_low_q <= 1'b1;
        if (rows) rows_q <= 1'b1;
        if (columns) columns_q <= 1'b1;
        if (output8) output8_q <= 1'b1;
        if (output16) output16_q <= 1'b1;
        broken_o <= broken_o | {1'b0, count_bad, misaligned, slot_bad || index_bad, flags_bad};
        unique case ({kind_q, index_i})
          {Requantize, 3'd3}: more_q <= {chunk_i[13:10] != '0, chunk_i[hil_contract_pkg::RequantizeRowsLsb-48+:8]};
          {LayerNorm, 3'd6}:  more_q <= {chunk_i[12:10] != '0, chunk_i[hil_contract_pkg::LayerNormColumnsLsb-96+:8]};
          {Softmax, 3'd4}:    more_q <= {chunk_i[9:6] != '0, window[hil_contract_pkg::SoftmaxRowsLsb-58+:8]};
          default: ;
        endcase
      end
      // Columns of REQUANTIZE, or words of SOFTMAX's mask, the last one of what is left.
      if (kind_q[1] ? index_i == 3'd5 : index_i == 3'd4) begin
        other_q       <= kind_q[1] ? chunk_i[5:0] : window[hil_contract_pkg::RequantizeColumnsLsb-58+:6];
        wide_blocks_q <= kind_q[1] && top_q != '0;
      end
      if (index_i == 3'd2) second_low_q <= chunk_i[hil_contract_pkg::MapOutputLsb-32];
      field_q    <= field;
      of_other_q <= of_other;
      least_q    <= index_i == 3'd7 && kind_q != Requantize && kind_q != Softmax;
      entries_q  <= index_i == 3'd5 && kind_q == Requantize && of_other;
      scales_q   <= (index_i == 3'd5 && kind_q == Requantize && !of_other) || (index_i == 3'd7 && kind_q == Softmax);
      blocks_q   <= index_i == 3'd6 && kind_q == Softmax;
      if (blocks_q) begin
        masked_q <= reaches;
        plain_q  <= field_q >= 12'(Entries);
      end
    end
  end
endmodule
