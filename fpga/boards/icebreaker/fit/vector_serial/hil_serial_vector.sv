// A serial vector unit for machines of one lane and words of four bytes: everything is a stream of 16-bit digits through one adder, one
// multiplier, one multiplier by a power of two and one rounding, steered by microcode. A sketch, to know its size: the microcode is a memory
// that is not filled.
//
//   x, accumulators, sums, r -> adder (+ fields, biases) -> r -> scale (x m, x 2^g) -> round -> tables -> scratchpad
//                                  r: address of scratchpad, of fields, digit of scale
module hil_serial_vector (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  // The instruction, 16 bits at a time.
  input  logic [2:0]  kind_i,
  input  logic [15:0] word_i,
  output logic        last_o,
  output logic        acc_read_o,
  output logic        acc_half_o,
  output logic [7:0]  acc_row_o,
  input  logic [63:0] acc_data_i,
  input  logic        parameter_we_i,
  input  logic [7:0]  parameter_waddr_i,
  input  logic [63:0] parameter_i,
  input  logic        table_we_i,
  input  logic [8:0]  table_waddr_i,
  input  logic [7:0]  table_i,
  input  logic        code_we_i,
  input  logic [7:0]  code_addr_i,
  input  logic [54:0] code_i,
  output logic        pad_en_o,
  output logic        pad_we_o,
  output logic        pad_bank_o,
  output logic [13:0] pad_addr_o,
  output logic [3:0]  pad_be_o,
  output logic [31:0] pad_wdata_o,
  input  logic [31:0] pad_rdata_i
);
  // One microinstruction a cycle.
  logic [54:0] code;
  logic [2:0]  seq;
  logic [7:0]  target;
  logic [4:0]  field;
  logic [1:0]  field_from;
  logic [2:0]  a_from, k_from, misc;
  logic [1:0]  a_part, b_from, carry_from, invert, digit_from, multiplier_from, shift_from, accumulate, index_op;
  logic [2:0]  pad;
  logic        max_we, first, acc_re, row_step, parameter_re, gate, fin;
  assign {seq, target, field, field_from, a_from, k_from, a_part, b_from, carry_from, invert, digit_from, multiplier_from, shift_from,
          accumulate, index_op, pad, misc, max_we, first, acc_re, row_step, parameter_re, gate, fin} = code;

  // Where to go on.
  logic [7:0]  pc_q, pc;
  logic [11:0] count_q;
  logic        busy_q, taken, zero_q;
  logic [2:0]  flag_q, valid_q;
  always_comb begin
    unique case (seq)
      3'd1: taken = count_q != 12'd1;
      3'd2: taken = 1'b1;
      3'd3: taken = flag_q[0];
      3'd4: taken = flag_q[1];
      3'd5: taken = flag_q[2];
      3'd6: taken = zero_q;
      default: taken = 1'b0;
    endcase
    pc = start_i ? {kind_i, 5'b0} : taken ? target : pc_q + 8'd1;
  end
  assign last_o = busy_q && seq == 3'd7;
  always_ff @(posedge clk_i) begin
    pc_q   <= pc;
    busy_q <= !rst_i && (start_i || (busy_q && !last_o));
    if (misc == 3'd1) count_q <= r_q[11:0];
    else if (seq == 3'd1) count_q <= count_q - 12'd1;
    if (misc == 3'd1) valid_q <= '0;
    else if (seq == 3'd1) valid_q <= {valid_q[1:0], 1'b1};
  end
  hil_ram_1r1w #(.Width(55), .Depth(256), .AddrW(8)) u_code (
    .clk_i, .we_i(code_we_i), .waddr_i(code_addr_i), .wdata_i(code_i), .re_i(1'b1), .raddr_i(pc), .rdata_o(code)
  );

  // Flags of the instruction.
  logic       table_q, slot_q, half_q, wide_in_q, wide_out_q;
  logic [2:0] bank_q;
  always_ff @(posedge clk_i) begin
    if (misc == 3'd2) begin
      {table_q, slot_q, wide_in_q, wide_out_q, flag_q} <= {word_i[8], word_i[9], word_i[6], word_i[7], word_i[11:9]};
    end
    if (misc == 3'd3) {half_q, bank_q} <= {word_i[5], word_i[14], word_i[6], word_i[13]};
  end

  // Fields, row scales, and what is kept: one memory. Tables of constants beside it.
  logic [15:0] r_q;
  logic [23:0] field_data;
  logic [15:0] field_value;
  logic [14:0] power_q;
  logic [8:0]  seed_q;
  logic [1:0]  field_from_q;
  logic [7:0]  index_q;
  logic        field_we;
  assign field_we = busy_q && seq == 3'd0 && target[7] && (!target[6] || valid_q[2]) && (!target[5] || zero_q);
  hil_ram_1r1w #(.Width(24), .Depth(256), .AddrW(8)) u_row_scales (
    .clk_i, .we_i(field_we || scale_we), .waddr_i(scale_we ? scale_row : {3'b111, target[4:0]}),
    .wdata_i(scale_we ? scale : {8'b0, misc == 3'd4 ? word_i : r_q}), .re_i(1'b1), .raddr_i(field_from[1] ? index_q : {3'b111, field}), .rdata_o(field_data)
  );
  always_ff @(posedge clk_i) begin
    power_q      <= hil_contract_pkg::exponential(r_q[7:0]);
    seed_q       <= hil_contract_pkg::reciprocal_root_seed(r_q[15:9]);
    field_from_q <= field_from;
  end
  assign field_value = field_from_q == 2'd1 ? {1'b0, power_q} : field_from_q == 2'd3 ? {seed_q, 7'b0} : field_data[15:0];

  // Parameters.
  logic [63:0] entry;
  hil_ram_1r1w #(.Width(64), .Depth(256), .AddrW(8)) u_parameters (
    .clk_i, .we_i(parameter_we_i), .waddr_i(parameter_waddr_i), .wdata_i(parameter_i), .re_i(parameter_re), .raddr_i(index_q), .rdata_o(entry)
  );
  logic [7:0] row_q;
  always_ff @(posedge clk_i) begin
    if (index_op == 2'd1) index_q <= r_q[7:0];
    else if (index_op == 2'd2) index_q <= index_q + 8'd1;
    if (misc == 3'd1) row_q <= '0;
    else if (row_step) row_q <= row_q + 8'd1;
  end
  assign acc_read_o = acc_re;
  assign acc_half_o = half_q;
  assign acc_row_o  = row_q;

  // Valid keys of SOFTMAX: a length counted down, and 16 bits of the mask.
  logic [11:0] length_q;
  logic [15:0] mask_q;
  logic        valid;
  assign valid = length_q != '0 && mask_q[0];
  always_ff @(posedge clk_i) begin
    if (misc == 3'd6) length_q <= r_q[11:0];
    else if (first && length_q != '0) length_q <= length_q - 12'd1;
    if (misc == 3'd7) mask_q <= flag_q[1] ? entry[{target[1:0], 4'b0}+:16] : '1;
    else if (first) mask_q <= {1'b1, mask_q[15:1]};
  end

  // The scratchpad's operand.
  logic [1:0]  byte_q;
  logic [15:0] half_word, x;
  assign half_word = byte_q[1] ? pad_rdata_i[31:16] : pad_rdata_i[15:0];
  assign x[7:0]    = byte_q[0] && !wide_in_q ? half_word[15:8] : half_word[7:0];
  assign x[15:8]   = wide_in_q ? half_word[15:8] : {8{x[7]}};
  always_ff @(posedge clk_i) if (pad_en_o) byte_q <= r_q[1:0];

  // The adder.
  logic [15:0] part, acc_part;
  logic [41:0] sums;
  logic [15:0] scaled, product;
  logic        sign, sign_q, over, over_q;
  always_comb begin
    unique case (a_part)
      2'd0: part = sums[15:0];
      2'd1: part = sums[31:16];
      2'd2: part = {6'b0, sums[41:32]};
      default: part = scaled;
    endcase
    acc_part = acc_data_i[{a_part, 4'b0}+:16];
  end
  hil_serial_adder u_adder (
    .clk_i, .a_from_i(a_from), .k_from_i(k_from), .b_from_i(b_from), .carry_from_i(carry_from), .invert_i(invert),
    .max_we_i(max_we && valid), .hold_sign_i(digit_from == 2'd1), .immediate_i(target), .wide_in_i(wide_in_q), .wide_out_i(wide_out_q),
    .x_i(x), .acc_i(acc_part), .part_i(part), .field_i(field_value), .bias_i(entry[31:0]),
    .r_o(r_q), .zero_o(zero_q), .sign_o(sign), .over_o(over), .sign_q_o(sign_q), .over_q_o(over_q)
  );

  // Digits for the multipliers: the low one waits for the high one's overflow.
  logic [15:0] digit, multiplier;
  always_comb begin
    unique case (digit_from)
      2'd0: digit = r_q;
      2'd1: digit = over ? {16{!sign}} : r_q;
      2'd2: digit = over_q ? {sign_q, {15{!sign_q}}} : r_q;
      default: digit = {16{sign_q}};
    endcase
    unique case (multiplier_from)
      2'd1: multiplier = entry[47:32];
      2'd2: multiplier = field_value;
      default: multiplier = x;
    endcase
  end
  logic [5:0]  shift_q;
  logic [5:0]  shift;
  logic        scaled_first;
  always_comb begin
    unique case (shift_from)
      2'd1: shift = r_q[15:12] != '0 || !valid ? 6'd63 : {2'b0, r_q[11:8]} + 6'd8;
      2'd2: shift = entry[55:54] != '0 ? 6'd63 : entry[53:48];
      default: shift = entry[63:62] != '0 ? 6'd63 : entry[61:56];
    endcase
  end
  always_ff @(posedge clk_i) begin
    if (misc == 3'd5) shift_q <= r_q[5:0];
    else if (shift_from != '0) shift_q <= shift;
  end
  hil_serial_scale u_scale (
    .clk_i, .first_i(first), .digit_i(digit), .load_i(multiplier_from != '0), .multiplier_i(multiplier),
    .power_i(-shift_q[3:0]), .product_o(product), .scaled_o(scaled), .first_o(scaled_first)
  );
  logic [7:0]  table_index, narrow, table_value;
  logic [15:0] wide, result_q;
  hil_serial_round u_round (
    .clk_i, .first_i(scaled_first), .digit_i(scaled), .index_i({1'b0, shift_q[5:4]} + 3'(shift_q[3:0] != '0)),
    .table_index_o(table_index), .narrow_o(narrow), .wide_o(wide)
  );
  hil_ram_1r1w #(.Width(8), .Depth(512), .AddrW(9)) u_tables (
    .clk_i, .we_i(table_we_i), .waddr_i(table_waddr_i), .wdata_i(table_i), .re_i(fin), .raddr_i({slot_q, table_index}), .rdata_o(table_value)
  );
  logic write_wide;
  assign write_wide = wide_out_q || pad[1:0] == 2'd3;
  always_ff @(posedge clk_i) if (fin) result_q <= write_wide ? wide : {narrow, narrow};

  hil_serial_accumulate u_sums (
    .clk_i, .clear_i(accumulate == 2'd1), .add_i(accumulate[1]), .a_i(accumulate[0] ? result_q : x), .b_i(multiplier), .sum_o(sums)
  );

  // A row of exponentials: its sum and the division.
  logic        scale_we;
  logic [7:0]  scale_row;
  logic [23:0] scale;
  hil_row_scale u_row_scale (
    .clk_i, .rst_i, .start_i, .row_i(r_q[11:0]), .add_i(accumulate[1]), .last_i(fin && seq == 3'd2), .sum_i({11'b0, result_q[7:0]}),
    .factor_i(entry[47:32]), .write_o(scale_we), .row_o(scale_row), .scale_o(scale)
  );

  // r is the scratchpad's address; each operand has its bank.
  logic [1:0] operand;
  assign operand     = pad[1:0] - 2'd1;
  assign pad_en_o    = busy_q && pad[1:0] != '0 && (!pad[2] || !gate || valid_q[2]);
  assign pad_we_o    = pad[2];
  assign pad_bank_o  = operand[1] ? bank_q[2] : operand[0] ? bank_q[1] : bank_q[0];
  assign pad_addr_o  = r_q[15:2];
  assign pad_be_o    = write_wide ? {{2{r_q[1]}}, {2{!r_q[1]}}} : 4'b1 << r_q[1:0];
  assign pad_wdata_o = table_q ? {4{table_value}} : {2{result_q}};
endmodule
