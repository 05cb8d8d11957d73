// The Vector unit of small machines, in microcode: REQUANTIZE, LAYER_NORM, SOFTMAX, MAP, ADD (numerics, sections 5 to 8) with one lane, every number a
// stream of 16-bit digits, lowest first (docs/microcode.md).
//
//   x, accumulators, sums, products -> operand -> adder (+ m, s) -> d -> scale (x multiplier, x 2^g) -> round -> tables -> scratchpad
//                                                   d: address in the scratchpad, digit for the multipliers, field to be written
//
// Latency and duration: timing, section 6, by the microcode's length. Throughput: one instruction at a time. Ordering: program order.
// Not checked: form rules, ranges, races (dispatch and verifier do).
module hil_vector_serial (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                start_i,
  input  logic [2:0]                          kind_i,
  // The instruction as it is dispatched, before the start.
  input  logic                                chunk_we_i,
  input  logic [2:0]                          chunk_index_i,
  input  logic [15:0]                         chunk_i,
  output logic                                last_o,
  output logic                                acc_read_o,
  output logic                                acc_half_o,
  output logic [hil_machine_pkg::AccRowW-1:0]    acc_row_o,
  input  logic [hil_machine_pkg::Columns*32-1:0] acc_data_i,
  // From Load: parameters by 16 bits.
  input  logic                                parameter_we_i,
  input  logic [hil_machine_pkg::CountW-1:0]     parameter_waddr_i,
  input  logic [hil_machine_pkg::ParameterW-1:0] parameter_i,
  input  logic                                table_we_i,
  input  logic [10:0]                         table_waddr_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   table_i,
  // One scratchpad client.
  output logic                                pad_en_o,
  output logic                                pad_we_o,
  output logic [hil_machine_pkg::BankW-1:0]      pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]  pad_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0]  pad_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]   pad_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]   pad_rdata_i
);
  if (hil_machine_pkg::Serial != 0) begin : gen_checks
    if (hil_machine_pkg::Lanes != 1 || hil_machine_pkg::WordBytes != 4 || hil_machine_pkg::Banks != 2 || hil_machine_pkg::BankBytes != 65536)
      $error("the serial vector unit has one lane, two banks of 64 KB and words of four bytes");
    if (hil_machine_pkg::ParameterW != 16 || hil_machine_pkg::ChunkBits != 16)
      $error("the serial vector unit takes parameters and instructions by 16 bits: a port of at most two bytes, dispatchCycles of 9 and more, a queue of one");
    if (hil_machine_pkg::ParameterEntries > hil_vector_code_pkg::Entries || hil_machine_pkg::RowScaleEntries > hil_vector_code_pkg::RowScales ||
        hil_machine_pkg::AccumulatorRows > 256)
      $error("the serial vector unit has room for fewer parameter entries, row scales or accumulator rows");
    if (hil_machine_pkg::RoundCycles != hil_vector_code_pkg::RoundCycles || hil_machine_pkg::StatisticsCycles != hil_vector_code_pkg::StatisticsCycles ||
        hil_machine_pkg::LineCycles != hil_vector_code_pkg::LineCycles || hil_machine_pkg::StartCycles != hil_vector_code_pkg::StartCycles ||
        hil_machine_pkg::NormCycles != hil_vector_code_pkg::NormCycles || hil_machine_pkg::DivideCycles != hil_vector_code_pkg::DivideCycles)
      $error("the machine's vector cycles are not those of the serial vector unit's microcode");
  end

  logic [hil_vector_code_pkg::Bits-1:0]      code;
  logic [hil_vector_code_pkg::StepWidth-1:0] step;
  logic [15:0] m, d, operand, x, result_q;
  logic        wide_source, wide_output, table_on, per_row, masked, half, gate, condition;
  logic [2:0]  kind, table_slot, bank;
  hil_serial_control u_control (
    .clk_i, .rst_i, .start_i, .kind_i, .kind_o(kind), .last_o,
    .code_o(code), .step_o(step), .m_i(m), .d_i(d),
    .wide_source_o(wide_source), .wide_output_o(wide_output), .table_o(table_on), .table_slot_o(table_slot),
    .per_row_o(per_row), .masked_o(masked), .bank_o(bank), .half_o(half), .gate_o(gate), .condition_o(condition)
  );

  logic [4:0] misc;
  logic [1:0] element;
  logic       two_bytes;
  assign element   = code[hil_vector_code_pkg::ElementLsb+:2];
  assign two_bytes = element[1] ? (element[0] ? wide_output : wide_source) : element[0];
  assign misc = step[6:5] == 2'b00 ? step[4:0] : hil_vector_code_pkg::MiscNone;

  // A row of the accumulators, or the place of a field while the instruction is taken apart.
  logic [7:0] row_q;
  logic [$clog2(hil_machine_pkg::Columns):0] column_q;
  always_ff @(posedge clk_i) begin
    if (misc == hil_vector_code_pkg::MiscRowZero) row_q <= '0;
    else if (misc == hil_vector_code_pkg::MiscRowBefore) row_q <= 8'hFE;
    else if (misc == hil_vector_code_pkg::MiscList || acc_read_o) row_q <= row_q + 8'd1;
    if (misc == hil_vector_code_pkg::MiscRowBefore) column_q <= '0;
    else if (misc == hil_vector_code_pkg::MiscColumn) column_q <= column_q + 1'b1;
  end
  assign acc_read_o = code[hil_vector_code_pkg::AccumulatorsLsb];
  assign acc_half_o = half;
  assign acc_row_o  = hil_machine_pkg::AccRowW'(row_q);
  logic [hil_machine_pkg::Columns*32-1:0] column;
  assign column = acc_data_i >> {column_q, 5'b0};

  hil_serial_store u_store (
    .clk_i, .start_i,
    .parameter_we_i, .parameter_waddr_i(10'(parameter_waddr_i)), .parameter_i,
    .chunk_we_i, .chunk_index_i, .chunk_i,
    .code_i(code), .step_i(step), .kind_i(kind), .per_row_i(per_row), .condition_i(condition), .row_i(row_q), .d_i(d), .m_o(m)
  );

  // The key's place in the row, and in its word of the mask.
  logic [12:0] length_q;
  logic [3:0]  key_q;
  logic        key_valid_q;
  always_ff @(posedge clk_i) begin
    if (misc == hil_vector_code_pkg::MiscLength) length_q <= d[12:0];
    else if (code[hil_vector_code_pkg::KeyLsb] && length_q != '0) length_q <= length_q - 13'd1;
    if (misc == hil_vector_code_pkg::MiscIndexMask) key_q <= '0;
    else if (code[hil_vector_code_pkg::KeyLsb]) key_q <= key_q + 4'd1;
    if (code[hil_vector_code_pkg::KeyLsb]) key_valid_q <= length_q != '0 && (!masked || m[key_q]);
  end

  logic [47:0] sums;
  logic [15:0] scaled, quotient;
  logic [4:0]  exponent;
  logic        sign, over, sign_q, over_q;
  hil_serial_adder u_adder (
    .clk_i, .code_i(code), .misc_i(misc), .per_row_i(per_row), .gate_i(gate), .key_valid_i(key_valid_q), .two_bytes_i(two_bytes),
    .x_i(x), .accumulator_i(column[31:0]), .sums_i(sums), .scaled_i(scaled), .result_i(result_q), .quotient_i(quotient), .exponent_i(exponent), .m_i(m),
    .operand_o(operand), .d_o(d), .sign_o(sign), .over_o(over), .sign_q_o(sign_q), .over_q_o(over_q)
  );

  // Digits for the multipliers: the low one of a number that is clipped waits for the high one's overflow.
  logic [15:0] digit;
  always_comb begin
    unique case (code[hil_vector_code_pkg::DigitLsb+:2])
      2'd0: digit = d;
      2'd1: digit = over ? {16{!sign}} : d;
      2'd2: digit = over_q ? {sign_q, {15{!sign_q}}} : d;
      default: digit = {16{sign_q}};
    endcase
  end

  // The shift: of the instruction, and by rows with the row's; of an entry; of a distance between scores; 63 and more are one.
  logic [5:0] shift_q, base_q;
  logic [8:0] shift;
  always_comb begin
    unique case (code[hil_vector_code_pkg::ShiftLsb+:3])
      3'd1: shift = 9'(m[7:0]);
      3'd2: shift = 9'(base_q) + (per_row ? 9'(m[7:0]) : 9'd0);
      3'd3: shift = wide_output ? 9'(m[15:8]) : 9'(m[7:0]);
      3'd4: shift = d[15:12] != '0 || !key_valid_q ? 9'd63 : 9'(d[11:8]) + 9'd8;
      default: shift = 9'(d[5:0]);
    endcase
  end
  always_ff @(posedge clk_i) begin
    if (misc == hil_vector_code_pkg::MiscBase) base_q <= m[5:0];
    if (code[hil_vector_code_pkg::ShiftLsb+:3] != '0) shift_q <= shift[8:6] != '0 ? 6'd63 : shift[5:0];
  end
  logic       scaled_first, multiplier_we;
  logic [2:0] scaled_digit;
  assign multiplier_we = code[hil_vector_code_pkg::MultiplierLsb+:2] == 2'd1 || (code[hil_vector_code_pkg::MultiplierLsb+:2] == 2'd2 && per_row);
  hil_serial_scale u_scale (
    .clk_i, .first_i(code[hil_vector_code_pkg::FirstLsb]), .digit_i(digit), .load_i(multiplier_we), .multiplier_i(m),
    .shift_i(shift_q), .scaled_o(scaled), .first_o(scaled_first), .digit_o(scaled_digit)
  );
  logic [7:0]  table_index, table_value, narrow;
  logic [15:0] wide;
  logic [1:0]  result;
  hil_serial_round u_round (
    .clk_i, .first_i(scaled_first), .digit_i(scaled), .index_i(scaled_digit), .table_index_o(table_index), .narrow_o(narrow), .wide_o(wide)
  );
  assign result = code[hil_vector_code_pkg::ResultLsb+:2];
  always_ff @(posedge clk_i) if (result != '0) result_q <= result == 2'd1 || (result == 2'd3 && wide_output) ? wide : {narrow, narrow};
  hil_tables u_tables (
    .clk_i, .we_i(table_we_i), .waddr_i(table_waddr_i), .wdata_i(table_i), .re_i(result == 2'd3 && table_on), .slot_i(table_slot), .index_i(table_index), .value_o(table_value)
  );

  hil_serial_sums u_sums (
    .clk_i, .sums_i(code[hil_vector_code_pkg::SumsLsb+:3]), .gate_i(gate), .a_i(operand),
    .b_we_i(code[hil_vector_code_pkg::FactorLsb+:2] != '0), .b_i(code[hil_vector_code_pkg::FactorLsb+1] ? operand : m), .sum_o(sums)
  );
  hil_serial_divide u_divide (
    .clk_i, .clear_i(misc == hil_vector_code_pkg::MiscDivideClear), .add_i(code[hil_vector_code_pkg::SumsLsb+:3] == 3'd5 && gate), .weight_i(result_q[6:0]),
    .start_i(misc == hil_vector_code_pkg::MiscDivide), .factor_i(m), .quotient_o(quotient), .exponent_o(exponent)
  );

  // The scratchpad: d is the address; what is read is there in the next cycle.
  logic [1:0] pad, of, byte_q;
  logic       two_bytes_q;
  assign pad         = code[hil_vector_code_pkg::PadLsb+:2];
  assign of          = code[hil_vector_code_pkg::BankLsb+:2];
  assign pad_we_o    = pad[1];
  assign pad_en_o    = pad[0] || (pad[1] && gate);
  assign pad_bank_o  = of[1] && (!of[0] || wide_output) ? bank[2] : of[0] ? bank[1] : bank[0];
  assign pad_addr_o  = d[15:2];
  assign pad_be_o    = two_bytes ? {{2{d[1]}}, {2{!d[1]}}} : 4'b1 << d[1:0];
  assign pad_wdata_o = element == 2'd3 && table_on ? {4{table_value}} : {2{result_q}};
  always_ff @(posedge clk_i) begin
    if (pad[0]) begin
      byte_q      <= d[1:0];
      two_bytes_q <= two_bytes;
    end
  end
  logic [15:0] both;
  logic [7:0]  low;
  assign both = byte_q[1] ? pad_rdata_i[31:16] : pad_rdata_i[15:0];
  assign low  = byte_q[0] && !two_bytes_q ? both[15:8] : both[7:0];
  assign x    = {two_bytes_q ? both[15:8] : {8{low[7]}}, low};

  logic unused;
  assign unused = ^{code, column, parameter_waddr_i};
endmodule
