// hil_serial_store against docs/microcode.md and the fields' definitions (host/Hil.Contract/Microcode): reads of every kind, writes from Load, dispatch and the microcode
// in the same cycles, instructions one after the other. Arguments: +seed=N, +cycles=N.
`timescale 1ns / 100ps
module tb_hil_serial_store;
  import hil_vector_code_pkg::*;
  // Words of the parameters; what lies behind them (host/Hil.Contract/Microcode/Constants.cs).
  localparam int unsigned Parameters = 4 * Entries;
  localparam int unsigned Numbers    = 640;
  localparam int unsigned Powers     = 768;
  localparam int unsigned ListWords  = 16;
  localparam int unsigned FieldsFrom = 192;
  localparam logic [2:0]  ByEntry = 3'd1, ByEntryOfRows = 3'd2, ByDigit = 3'd3, ByEntryUnlessRows = 3'd4;

  logic clk = 1'b0, start = 1'b0, parameter_we = 1'b0, chunk_we = 1'b0, per_row = 1'b0, condition = 1'b0;
  always #5 clk = !clk;
  logic [9:0]           parameter_at = '0;
  logic [15:0]          entry = '0, chunk = '0, d = '0, m;
  logic [2:0]           chunk_at = '0, kind = '0;
  logic [7:0]           row = '0;
  logic [Bits-1:0]      fields_of = '0;
  logic [StepWidth-1:0] step = '0;
  hil_serial_store u_dut (
    .clk_i(clk), .start_i(start), .parameter_we_i(parameter_we), .parameter_waddr_i(parameter_at), .parameter_i(entry), .chunk_we_i(chunk_we),
    .chunk_index_i(chunk_at), .chunk_i(chunk), .code_i(fields_of), .step_i(step), .kind_i(kind), .per_row_i(per_row), .condition_i(condition), .row_i(row),
    .d_i(d), .m_o(m)
  );

  // The memories as they are to be, the index, how many keys of a word have passed, the list's word, what the bus has.
  logic [15:0] parameters[1024], stored[256], executes[8], waits[8], bus, got;
  int unsigned index, keys, listed, chunks, place, from, into;
  logic        known, reads, writes;
  int unsigned seed = 1, cycles = 100000, starts, whole_words, by_row, skipped, seen[7];

  // An entry of the index, or by rows the row scale with its number: its two words lie side by side.
  function automatic int unsigned scale_at(input int unsigned part);
    return 2 * (index / 4) + part;
  endfunction

  // What is read, and in which memory: 1 the instruction, 2 the parameters, 3 the fields.
  task automatic find();
    place = 32'(fields_of[ReadLsb+:7]);
    reads = place != 0;
    got   = '0;
    from  = 1024;
    if (place == 0) return;
    if (place < 8) got = executes[place];
    else if (place < 16) got = executes[(listed+place%2)%8];
    else if (place >= 64) begin
      from = 2048 + FieldsFrom + place - 64;
      got  = stored[FieldsFrom+place-64];
    end else if (place >= 20 && place < 24 && per_row) begin
      from = 2048 + scale_at(place == 20 ? 1 : 0);
      got  = stored[from-2048];
      by_row++;
    end else begin
      from = place >= 32 ? Numbers + place - 32 : place >= 30 ? Numbers + 32'(d[15:9]) : place >= 28 ? Powers + 32'(d[7:0]) : place >= 24 ? index : index / 4 * 4 + place % 4;
      got  = parameters[from];
    end
    seen[place < 8 ? 0 : place < 16 ? 1 : place < 24 ? 2 : place < 28 ? 3 : place < 32 ? 4 : place < 64 ? 5 : 6]++;
  endtask

  // Where d is written to.
  task automatic find_write();
    writes = 1'b1;
    into   = 0;
    if (step == StepWidth'(MiscList)) into = FieldsFrom + 32'(row) % 64;
    else if (step == StepWidth'(MiscScale)) into = scale_at(0);
    else if (step == StepWidth'(MiscScaleShift)) into = scale_at(1);
    else if (step >= 32 && step < 96) into = FieldsFrom + 32'(step) - 32;
    else if (step >= 96 && condition) into = FieldsFrom + 32'(step) - 64;
    else begin
      if (step >= 96) skipped++;
      writes = 1'b0;
    end
  endtask

  task automatic advance();
    if (step == StepWidth'(MiscIndex) || step == StepWidth'(MiscIndexMask)) index = 32'(d[9:0]);
    else if (step == StepWidth'(MiscIndexKind)) index = Parameters + ListWords * 32'(kind);
    else if (fields_of[IndexLsb+:3] == ByEntry) index += 4;
    else if (fields_of[IndexLsb+:3] == ByEntryOfRows) index += per_row ? 4 : 0;
    else if (fields_of[IndexLsb+:3] == ByDigit) index += 1;
    else if (fields_of[IndexLsb+:3] == ByEntryUnlessRows) index += per_row ? 0 : 4;
    index %= 1024;
    if (step == StepWidth'(MiscIndexMask)) keys = 0;
    else if (fields_of[KeyLsb]) begin
      keys++;
      // A word of the mask has 16 keys.
      if (keys == 16) begin
        keys  = 0;
        index = (index + 1) % 1024;
        whole_words++;
      end
    end
    if (step == StepWidth'(MiscListed)) listed = 32'(m[10:8]);
  endtask

  task automatic cycle();
    // What is read while it is written is nobody's concern.
    find();
    find_write();
    if ((from < 1024 && parameter_we && from == 32'(parameter_at)) || (writes && from == 2048 + into)) begin
      fields_of[ReadLsb+:7] = '0;
      reads = 1'b0;
    end
    #4;
    if (known && m != bus) $fatal(1, "m is %h, not %h", m, bus);
    advance();
    if (reads) begin
      bus   = got;
      known = 1'b1;
    end
    if (parameter_we) parameters[parameter_at] = entry;
    if (writes) stored[into] = d;
    if (chunk_we) begin
      waits[chunk_at] = chunk;
      chunks++;
    end
    if (start) begin
      executes = waits;
      chunks   = 0;
      starts++;
    end
    @(negedge clk);
    {start, parameter_we, chunk_we, fields_of, step} = '0;
    {d, entry, chunk} = {16'($urandom), $urandom};
    {per_row, condition, kind, row} = 13'($urandom);
    chunk_at     = 3'(chunks);
    parameter_at = 10'($urandom % Parameters);
  endtask

  // Anything at all. By rows and of row scales only where there is one.
  task automatic anything();
    logic is_scale;
    is_scale = index < 4 * RowScales;
    parameter_we = $urandom % 3 == 0;
    kind    = 3'($urandom % 5);
    per_row = per_row && is_scale;
    // All words of the next instruction, then its start.
    if (chunks < 8) chunk_we = $urandom % (starts % 2 == 0 ? 3 : 9) == 0;
    else start = $urandom % 4 == 0;
    fields_of[ReadLsb+:7] = 7'($urandom);
    if (fields_of[ReadLsb+:7] >= 7'd10 && fields_of[ReadLsb+:7] < 7'd16) fields_of[ReadLsb+:7] = 7'd8;
    case ($urandom % 8)
      0: step = StepWidth'(MiscIndex) + StepWidth'($urandom % 3);
      1: step = StepWidth'($urandom % 2 == 0 ? MiscListed : MiscList);
      2: if (is_scale) step = StepWidth'(MiscScale) + StepWidth'($urandom % 2);
      3, 4: step = StepWidth'(32 + $urandom % 96);
      5: fields_of[IndexLsb+:3] = 3'($urandom % 5);
      6: fields_of[KeyLsb] = 1'b1;
      default: ;
    endcase
    // The index starts anew in one cycle in 64 only, so that it gets somewhere.
    if (step >= StepWidth'(MiscIndex) && step <= StepWidth'(MiscIndexMask) && $urandom % 8 != 0) step = '0;
    if (step == StepWidth'(MiscIndex) && $urandom % 2 == 0) d = d % 16'(4 * RowScales);
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("cycles=%d", cycles));
    void'($urandom(seed));
    for (int unsigned i = 0; i < 1024; i++) parameters[i] = constant(10'(i));
    {index, keys, listed, chunks, starts, whole_words, by_row, skipped, known} = '0;
    @(negedge clk);
    // Every word that can be read is written once: parameters, both instructions, fields, row scales.
    for (int unsigned i = 0; i < Parameters; i++) begin
      {parameter_we, parameter_at} = {1'b1, 10'(i)};
      cycle();
    end
    for (int unsigned i = 0; i < 16; i++) begin
      chunk_we = 1'b1;
      cycle();
      if (chunks == 8) begin
        start = 1'b1;
        cycle();
      end
    end
    for (int unsigned i = 0; i < 64; i++) begin
      {step, row} = {StepWidth'(MiscList), 8'(i)};
      cycle();
    end
    for (int unsigned i = 0; i < 2 * RowScales; i++) begin
      {step, d} = {StepWidth'(MiscIndex), 16'(i / 2 * 4)};
      cycle();
      step = StepWidth'(i % 2 == 0 ? MiscScale : MiscScaleShift);
      cycle();
    end
    step = StepWidth'(MiscIndexMask);
    cycle();
    fields_of[ReadLsb+:7] = 7'd1;
    cycle();
    step = StepWidth'(MiscListed);
    cycle();
    repeat (cycles) begin
      anything();
      cycle();
    end
    foreach (seen[i]) if (seen[i] == 0) $fatal(1, "reads of kind %0d never happened", i);
    if (starts == 0 || whole_words == 0 || by_row == 0 || skipped == 0) $fatal(1, "something never happened");
    $display("bench: %0d cycles, %0d instructions, %0d words of a mask, %0d reads of row scales, %0d writes that a condition held back", cycles, starts, whole_words, by_row, skipped);
    $finish;
  end
endmodule
