// hil_buffer_wide against a plain list of instructions and docs/isa.md: beats with pauses, slots that are written again while others are read, resets in the middle
// of an instruction, and of each form what it is: unit, END, or the reason of its trap. For machines that dispatch whole instructions. Arguments: +seed=N, +instructions=N.
`timescale 1ns / 100ps
module tb_hil_buffer_wide;
  import hil_contract_pkg::*;
  import hil_machine_pkg::*;
  localparam int unsigned Slots = 2 * FetchInstructions;
  localparam int unsigned Beats = 128 / PortBits;
  if (ChunkBits != 128) $error("this bench is for machines that dispatch whole instructions");

  logic clk = 1'b0, rst = 1'b1, beat = 1'b0;
  always #5 clk = !clk;
  logic [PortBits-1:0] data = '0;
  logic [SlotW-1:0]    slot = '0;
  logic                known, is_end;
  logic [1:0]          unit;
  logic [3:0]          reason;
  logic [127:0]        word;
  hil_buffer_wide u_dut (
    .clk_i(clk), .rst_i(rst), .beat_i(beat), .data_i(data), .slot_i(slot), .known_o(known), .end_o(is_end), .unit_o(unit), .reason_o(reason), .word_o(word)
  );

  // What each slot holds, whether something is known of it, and what it is: unit 4 has none, reason 15 is not looked at.
  logic [127:0] words[Slots], made;
  logic         held[Slots];
  int unsigned  units[Slots], made_unit;
  logic         ends[Slots], made_end;
  logic [3:0]   reasons[Slots], made_reason;
  int unsigned  seed = 1, instructions = 3000, next, sent, pace, kind, fault, checked, resets, seen[16], seen_end, left, at, value;

  // A legal instruction, or one with a single thing wrong. A field that crosses 32 bits gets a variable: Verilator 5.006 evaluates what is written to it twice.
  task automatic make();
    kind = $urandom % 8;
    fault = $urandom % 8;
    at    = $urandom % 8;
    made  = {$urandom, $urandom, $urandom, $urandom};
    made_end    = 1'b0;
    made_reason = TrapNone;
    case (kind)
      0: begin
        made &= LoadUsedBits;
        made[5:0] = OpLoad;
        made[LoadMainLsb+:4]      = '0;
        value = WordBytes * ($urandom % 1000);
        made[LoadScratchLsb+:24] = 24'(value);
        made[LoadRowsLsb+:12]     = 12'(1 + $urandom % 4095);
        made[LoadRowWordsLsb+:12] = 12'(1 + $urandom % 4095);
        case (fault)
          0: begin made[LoadRowsLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          1: begin made[LoadRowWordsLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          2: begin made[LoadMainLsb+at%4] = 1'b1; made_reason = TrapMisaligned; end
          3: begin made[LoadScratchLsb] = 1'b1; made_reason = TrapMisaligned; end
          default: ;
        endcase
      end
      1: begin
        made &= LoadWeightsUsedBits;
        made[5:0] = OpLoadWeights;
        made[LoadWeightsMainLsb+:4]   = '0;
        made[LoadWeightsTilesLsb+:12] = 12'(1 + $urandom % WeightTiles);
        case (fault)
          0: begin made[LoadWeightsTilesLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          1: begin made[LoadWeightsTilesLsb+:12] = 12'(WeightTiles + 1); made_reason = TrapCountOutOfRange; end
          2: begin made[LoadWeightsMainLsb+at%4] = 1'b1; made_reason = TrapMisaligned; end
          default: ;
        endcase
      end
      2: begin
        made &= LoadDynamicUsedBits;
        made[5:0] = OpLoadDynamic;
        made[LoadDynamicScratchLsb+:24] = 24'(Rows * Columns * ($urandom % 1000));
        made[LoadDynamicKLengthLsb+:12] = 12'(1 + $urandom % (Rows * WeightTiles));
        value = 1 + $urandom % Columns;
        made[LoadDynamicColumnsLsb+:7] = 7'(value);
        case (fault)
          0: begin made[LoadDynamicKLengthLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          1: begin made[LoadDynamicColumnsLsb+:7] = 7'd0; made_reason = TrapCountOutOfRange; end
          2: begin made[LoadDynamicColumnsLsb+:7] = 7'(Columns + 1); made_reason = TrapCountOutOfRange; end
          3: begin made[LoadDynamicScratchLsb] = 1'b1; made_reason = TrapMisaligned; end
          default: ;
        endcase
      end
      3: begin
        made &= LoadParametersUsedBits;
        made[5:0] = OpLoadParameters;
        made[LoadParametersMainLsb+:4]   = '0;
        made[LoadParametersFirstLsb+:12] = 12'(2 * ($urandom % 20));
        made[LoadParametersCountLsb+:12] = 12'(2 + 2 * ($urandom % 20));
        case (fault)
          0: begin made[LoadParametersCountLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          1: begin made[LoadParametersFirstLsb] = 1'b1; made_reason = TrapMisaligned; end
          2: begin made[LoadParametersFirstLsb+:12] = 12'(ParameterEntries); made_reason = TrapIndexOutOfRange; end
          default: ;
        endcase
      end
      4: begin
        made &= LoadTableUsedBits;
        made[5:0] = OpLoadTable;
        made[LoadTableMainLsb+:4] = '0;
        made[LoadTableSlotLsb+:3] = 3'($urandom % TableSlots);
        case (fault)
          0: begin made[LoadTableMainLsb+at%4] = 1'b1; made_reason = TrapMisaligned; end
          1: if (TableSlots < 8) begin made[LoadTableSlotLsb+:3] = 3'(TableSlots); made_reason = TrapIndexOutOfRange; end
          default: ;
        endcase
      end
      5: begin
        made &= ComputeUsedBits;
        made[5:0] = OpCompute;
        made[ComputeSourceLsb+:24] = 24'(WordBytes * ($urandom % 1000));
        made[ComputeRowsLsb+:12]   = 12'(1 + $urandom % AccumulatorRows);
        value = $urandom % (WeightTiles + 1);
        made[ComputeTilesLsb+:12] = 12'(value);
        made[ComputeAccumulateLsb] = made[ComputeAccumulateLsb] | made[ComputeShift7Lsb];
        case (fault)
          0: begin made[ComputeRowsLsb+:12] = 12'(AccumulatorRows + 1); made_reason = TrapCountOutOfRange; end
          1: begin made[ComputeTilesLsb+:12] = 12'(WeightTiles + 1); made_reason = TrapCountOutOfRange; end
          2: begin made[ComputeSourceLsb] = 1'b1; made_reason = TrapMisaligned; end
          3: begin made[ComputeShift7Lsb] = 1'b1; made[ComputeAccumulateLsb] = 1'b0; made_reason = TrapIllegalFlags; end
          default: ;
        endcase
      end
      6: begin
        made &= StoreUsedBits;
        made[5:0] = OpStore;
        made[StoreMainLsb+:4]      = '0;
        value = WordBytes * ($urandom % 1000);
        made[StoreScratchLsb+:24] = 24'(value);
        made[StoreRowsLsb+:12]     = 12'(1 + $urandom % 4095);
        made[StoreRowWordsLsb+:12] = 12'(1 + $urandom % 4095);
        case (fault)
          0: begin made[StoreRowsLsb+:12] = 12'd0; made_reason = TrapCountOutOfRange; end
          1: begin made[StoreScratchLsb] = 1'b1; made_reason = TrapMisaligned; end
          default: ;
        endcase
        if (HasWritableRegion == 0) made_reason = TrapNotOnThisMachine;
      end
      default: begin
        made &= EndUsedBits;
        made[13:0] = 14'(OpEnd);
        made_end   = 1'b1;
        if (fault == 0) begin made[6+at] = 1'b1; made_reason = TrapOwnUnitToken; end
      end
    endcase
    made_unit = kind == 7 ? 4 : 32'(made[5:3]) - 1;
    // Tokens of its own unit are none of a legal instruction; one of them, or an opcode of none, comes before what else is wrong.
    if (kind != 7) begin
      made[WaitLsb+made_unit] = 1'b0;
      made[PostLsb+made_unit] = 1'b0;
      if (fault == 6) begin made[WaitLsb+made_unit] = 1'b1; made_reason = TrapOwnUnitToken; end
    end
    if (fault == 7) begin
      made[5:0]   = 6'h3f;
      made_unit   = 4;
      made_end    = 1'b0;
      made_reason = TrapIllegalOpcode;
    end
  endtask

  // One cycle; any slot of which something is known is looked at.
  task automatic cycle();
    slot = SlotW'($urandom % Slots);
    #4;
    if (held[slot]) begin
      checked++;
      seen[reasons[slot]]++;
      if (word != words[slot]) $fatal(1, "slot %0d holds %h, not %h", slot, word, words[slot]);
      if (reason != reasons[slot]) $fatal(1, "slot %0d, %h: reason %0d, not %0d", slot, word, reason, reasons[slot]);
      if (is_end != ends[slot]) $fatal(1, "slot %0d, %h: END %b", slot, word, is_end);
      if (known != (units[slot] < 4 || ends[slot]) || (units[slot] < 4 && 32'(unit) != units[slot])) $fatal(1, "slot %0d, %h: unit %0d, known %b", slot, word, unit, known);
      if (ends[slot]) seen_end++;
    end
    @(negedge clk);
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("instructions=%d", instructions));
    void'($urandom(seed));
    for (int unsigned s = 0; s < Slots; s++) held[s] = 1'b0;
    next = 0;
    @(negedge clk);
    rst  = 1'b0;
    pace = 1;
    repeat (instructions) begin
      if ($urandom % 64 == 0) pace = 1 + $urandom % 4;
      make();
      // One in thirty-two is broken off by a new segment, which begins at slot 0; what was whole before stays.
      left = $urandom % 32 == 0 ? $urandom % Beats : Beats;
      sent = 0;
      while (sent < left) begin
        beat = $urandom % pace == 0;
        data = beat ? made[PortBits*sent+:PortBits] : PortBits'({$urandom, $urandom, $urandom, $urandom});
        cycle();
        sent += 32'(beat);
      end
      beat = 1'b0;
      if (left == Beats) begin
        words[next]   = made;
        units[next]   = made_unit;
        ends[next]    = made_end;
        reasons[next] = made_reason;
        held[next]    = 1'b1;
        next          = (next + 1) % Slots;
      end else begin
        rst = 1'b1;
        cycle();
        rst  = 1'b0;
        next = 0;
        resets++;
      end
    end
    if (checked == 0 || resets == 0 || seen_end == 0 || seen[TrapNone] == 0 || seen[TrapIllegalOpcode] == 0 || seen[TrapOwnUnitToken] == 0 ||
        seen[TrapCountOutOfRange] == 0 || seen[TrapMisaligned] == 0 || seen[TrapIndexOutOfRange] == 0 || seen[TrapIllegalFlags] == 0) $fatal(1, "something never happened");
    $display("bench: %0d looks at %0d instructions, %0d resets; %0d legal, %0d END", checked, instructions, resets, seen[TrapNone], seen_end);
    $finish;
  end
endmodule
