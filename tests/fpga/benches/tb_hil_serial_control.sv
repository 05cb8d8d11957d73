// hil_serial_control against docs/microcode.md: the microcode of every instruction, word by word, with any data that branches look at, loops of any length, pauses and
// resets anywhere; the flags against docs/isa.md. Arguments: +seed=N, +instructions=N.
`timescale 1ns / 100ps
module tb_hil_serial_control;
  import hil_contract_pkg::*;
  import hil_vector_code_pkg::*;
  localparam int unsigned Words = 1 << WordAddrW;
  // An operand's first byte has 16 bits within its bank, then the bank's number.
  localparam int unsigned BankBit = 16;
  localparam int unsigned ChunkBits = 16;

  logic clk = 1'b0, rst = 1'b1, start = 1'b0;
  always #5 clk = !clk;
  logic [2:0]           kind = '0, kind_kept, table_slot, bank;
  logic [Bits-1:0]      fields_of;
  logic [StepWidth-1:0] step;
  logic [15:0]          m = '0, d = '0;
  logic                 last, wide_source, wide_output, table_on, per_row, masked, half, gate, condition;
  hil_serial_control u_dut (
    .clk_i(clk), .rst_i(rst), .start_i(start), .kind_i(kind), .kind_o(kind_kept), .last_o(last), .code_o(fields_of), .step_o(step), .m_i(m), .d_i(d),
    .wide_source_o(wide_source), .wide_output_o(wide_output), .table_o(table_on), .table_slot_o(table_slot), .per_row_o(per_row), .masked_o(masked),
    .bank_o(bank), .half_o(half), .gate_o(gate), .condition_o(condition)
  );

  // Of the words, those that branch act as nothing.
  logic [15:0]     words[Words];
  logic [Bits-1:0] controls[1<<ControlAddrW];

  // The word that has been read, the one that acts (none: -1), where loops go back to, iterations that are left and done, what is known by now.
  int unsigned  at, next, back, left, iterations;
  int           acts;
  logic [127:0] instruction;
  logic [15:0]  read_word, acting, flags;
  logic [2:0]   kind_due, banks_known;
  logic         condition_due, flags_known, condition_known, half_due, half_known, counted;
  logic [2:0]   bank_due;
  logic [6:0]   read;
  logic [Words-1:0] visited = '0;
  int unsigned  seed = 1, instructions = 600, seen[5], broken, loops, held, taken, not_taken, age;

  function automatic logic is_step(input int of, input logic [4:0] misc);
    return of >= 0 && words[of][StepLsb+:StepWidth] == StepWidth'(misc) && !words[of][BranchBit];
  endfunction


  task automatic check_acting();
    acting = acts < 0 ? '0 : words[acts];
    if (step != (acts < 0 ? '0 : acting[StepLsb+:StepWidth])) $fatal(1, "word %0d: step %h", acts, step);
    // Control word 0 is nothing.
    if (fields_of != controls[acting[ControlAddrW-1:0]]) $fatal(1, "word %0d: %h acts", acts, fields_of);
    if (last != is_step(acts, MiscEnd)) $fatal(1, "word %0d: last %b", acts, last);
    // The gate lets through from some iteration on.
    if (counted && gate != (iterations > 32'(fields_of[GateLsb+:2]))) $fatal(1, "iteration %0d: gate %0d is %b", iterations, fields_of[GateLsb+:2], gate);
    if (counted && !gate) held++;
  endtask

  task automatic check_flags();
    if (kind_kept != kind_due) $fatal(1, "the kind is %0d, not %0d", kind_kept, kind_due);
    if (condition_known && condition != condition_due) $fatal(1, "the condition is %b", condition);
    for (int unsigned i = 0; i < 3; i++) if (banks_known[i] && bank[i] != bank_due[i]) $fatal(1, "the bank of operand %0d is %b", i, bank[i]);
    if (half_known && half != half_due) $fatal(1, "the half is %b", half);
    if (!flags_known) return;
    case (kind_due)
      OpRequantize[2:0]:
        if (wide_output != instruction[RequantizeWideLsb] || table_on != instruction[RequantizeTableLsb] ||
            table_slot != instruction[RequantizeTableSlotLsb+:3] || per_row != instruction[RequantizePerRowLsb])
          $fatal(1, "REQUANTIZE: wide %b, table %b %0d, by rows %b", wide_output, table_on, table_slot, per_row);
      OpMap[2:0]:
        if (wide_source != instruction[MapWideSourceLsb] || wide_output != instruction[MapWideOutputLsb] || table_on != instruction[MapTableLsb] ||
            table_slot != instruction[MapTableSlotLsb+:3] || per_row)
          $fatal(1, "MAP: wide %b %b, table %b %0d, by rows %b", wide_source, wide_output, table_on, table_slot, per_row);
      OpSoftmax[2:0]: if (masked != instruction[SoftmaxMaskedLsb] || per_row) $fatal(1, "SOFTMAX: mask %b, by rows %b", masked, per_row);
      default: if (per_row) $fatal(1, "by rows, which kind %0d is not", kind_due);
    endcase
  endtask

  // Where the microcode goes on behind the word that has been read.
  task automatic go_on();
    read_word = words[at];
    next      = at + 1;
    if (at == 0) next = start ? 1 : 0;
    else if (read_word[BranchBit]) begin
      logic goes;
      case (read_word[BranchLsb+:BranchWidth])
        BranchNonzero: goes = d != '0;
        BranchFlag9:   goes = flags[9];
        BranchFlag10:  goes = flags[10];
        BranchFlag11:  goes = flags[11];
        BranchFlag14:  goes = flags[14];
        default:       goes = 1'b1;
      endcase
      if (goes) next = 32'(read_word[TargetLsb+:TargetWidth]) + (read_word[BranchLsb+:BranchWidth] == BranchKind ? 32'(kind_due) : 0);
      if (goes) taken++; else not_taken++;
      back = next;
    end else if (is_step(int'(at), MiscEnd)) next = 0;
    else if (is_step(int'(at), MiscCount)) back = next;
    else if (is_step(int'(at), MiscLoop)) begin
      left--;
      if (left > 0) begin
        next = back;
        loops++;
      end
    end
  endtask

  // What the acting word takes at the cycle's end.
  task automatic take();
    if (is_step(acts, MiscCount)) {left, iterations, counted} = {32'(m[12:0]), 32'd0, 1'b1};
    if (is_step(acts, MiscLoop)) iterations++;
    if (is_step(acts, MiscFlags)) {flags, flags_known} = {m, 1'b1};
    if (is_step(acts, MiscBank0)) {bank_due[0], banks_known[0]} = {instruction[MapSourceLsb+BankBit], 1'b1};
    if (is_step(acts, MiscBank1)) {bank_due[1], banks_known[1]} = {instruction[MapOutputLsb+BankBit], 1'b1};
    if (is_step(acts, MiscBank2)) begin
      {bank_due[2], banks_known[2]} = {instruction[AddOutputLsb+BankBit], 1'b1};
      {half_due, half_known}        = {instruction[RequantizeHalfLsb], 1'b1};
    end
    if (is_step(acts, MiscIfNonzero)) {condition_due, condition_known} = {d != '0, 1'b1};
    if (is_step(acts, MiscIfZero)) {condition_due, condition_known} = {d == '0, 1'b1};
    read = controls[acting[ControlAddrW-1:0]][ReadLsb+:7];
  endtask

  task automatic cycle();
    #4;
    if (!rst) begin
      check_acting();
      check_flags();
    end
    go_on();
    take();
    visited[at] = 1'b1;
    acts = rst || read_word[BranchBit] ? -1 : int'(at);
    at   = rst ? 0 : next;
    if (start) kind_due = kind;
    @(negedge clk);
    // The bus has what was read: here of the instruction only; a count is short, but for bits that do not belong to it.
    if (read != '0 && read < 7'd8) m = instruction[ChunkBits*32'(read)+:ChunkBits];
    else if (is_step(acts, MiscCount)) m = {3'($urandom), 13'(1 + $urandom % 9)};
    else if (read != '0) m = 16'($urandom);
    d = $urandom % 2 == 0 ? '0 : 16'($urandom) | 16'd1;
    if ($urandom % 4 == 0) d = 16'd1 << ($urandom % 16);
    start = 1'b0;
  endtask

  task automatic one();
    int unsigned most;
    most        = $urandom % 8 == 0 ? 1 + $urandom % 400 : 100000;
    instruction = {$urandom, $urandom, $urandom, $urandom};
    kind        = 3'($urandom % 5);
    // Of the other instructions that bit is reserved.
    if (kind != OpRequantize[2:0]) instruction[126] = 1'b0;
    {flags_known, banks_known, half_known} = '0;
    start = 1'b1;
    cycle();
    kind = 3'($urandom);
    age  = 1;
    while (!is_step(acts, MiscEnd) && age < most) begin
      cycle();
      age++;
    end
    if (is_step(acts, MiscEnd)) begin
      seen[kind_due]++;
      cycle();
    end else begin
      if (most == 100000) $fatal(1, "kind %0d does not end", kind_due);
      broken++;
      rst = 1'b1;
      cycle();
      rst = 1'b0;
    end
    repeat ($urandom % 3) cycle();
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("instructions=%d", instructions));
    void'($urandom(seed));
    {at, back, left, iterations, broken, loops, held, taken, not_taken, counted, condition_known, flags_known, banks_known, half_known, flags} = '0;
    for (int unsigned i = 0; i < Words; i++) words[i] = code(WordAddrW'(i));
    for (int unsigned i = 0; i < 1 << ControlAddrW; i++) controls[i] = fields(control(ControlAddrW'(i)));
    acts = -1;
    repeat (2) @(negedge clk);
    start = 1'b1;
    kind  = '0;
    rst   = 1'b1;
    cycle();
    rst = 1'b0;
    repeat (instructions) one();
    foreach (seen[i]) if (seen[i] == 0) $fatal(1, "kind %0d never ended", i);
    if (broken == 0 || loops == 0 || held == 0 || taken == 0 || not_taken == 0) $fatal(1, "something never happened");
    $display("bench: %0d words of the microcode, %0d instructions broken off, %0d iterations, %0d branches taken, %0d not", $countones(visited), broken, loops, taken, not_taken);
    $finish;
  end
endmodule
