// hil_serial_adder against docs/microcode.md and the fields' definitions (host/Hil.Contract/Microcode/Field.cs): any fields in any cycle, operands about the bounds, and
// numbers of several digits. Arguments: +seed=N, +cycles=N.
`timescale 1ns / 100ps
module tb_hil_serial_adder;
  import hil_vector_code_pkg::*;
  localparam logic [1:0] ZeroDigit = 2'd3, Before = 2'd2, FromM = 2'd1;

  logic clk = 1'b0, per_row = 1'b0, gate = 1'b0, key_valid = 1'b0, two_bytes = 1'b0;
  always #5 clk = !clk;
  logic [Bits-1:0] fields_of = '0;
  logic [4:0]      misc = '0, exponent = '0;
  logic [15:0]     x = '0, scaled = '0, result = '0, quotient = '0, m = '0, operand, d;
  logic [31:0]     accumulator = '0;
  logic [47:0]     sums = '0;
  logic            sign, over, sign_kept, over_kept;
  hil_serial_adder u_dut (
    .clk_i(clk), .code_i(fields_of), .misc_i(misc), .per_row_i(per_row), .gate_i(gate), .key_valid_i(key_valid), .two_bytes_i(two_bytes), .x_i(x),
    .accumulator_i(accumulator), .sums_i(sums), .scaled_i(scaled), .result_i(result), .quotient_i(quotient), .exponent_i(exponent), .m_i(m),
    .operand_o(operand), .d_o(d), .sign_o(sign), .over_o(over), .sign_q_o(sign_kept), .over_q_o(over_kept)
  );

  // The registers as they are to be: the operand, r, q, s, d, the carry, the kept sign and overflow, what a field leaves out, whether a key has come.
  logic [15:0] o_due, r_due, q_due, s_due, d_due;
  logic [4:0]  left_out;
  logic        carry_due, sign_due, over_due, none_yet, negative, passed, carried, inverted;
  logic [15:0] first, second;
  int          added, whole;
  int unsigned seed = 1, cycles = 60000, taken[16], negatives, overflows, largest, firsts, numbers, place;

  function automatic logic [15:0] edge_value();
    case ($urandom % 6)
      0:       return '0;
      1:       return '1;
      2:       return 16'h7FFF;
      3:       return 16'h8000;
      4:       return 16'd1 << ($urandom % 16);
      default: return 16'($urandom);
    endcase
  endfunction

  function automatic logic [15:0] masked(input logic [15:0] value);
    logic [15:0] v;
    v = value;
    if (left_out[0]) v[1:0]   = '0;
    if (left_out[1]) v[10:7]  = '0;
    if (left_out[2]) v[11]    = '0;
    if (left_out[3]) v[13:12] = '0;
    if (left_out[4]) v[15:14] = '0;
    return v;
  endfunction

  // What the operand register takes.
  function automatic logic [15:0] operand_of(input logic [3:0] from);
    case (from)
      OperandHold:     return o_due;
      OperandX:        return x;
      OperandLow:      return accumulator[15:0];
      OperandHigh:     return accumulator[31:16];
      OperandSums0:    return sums[15:0];
      OperandSums1:    return sums[31:16];
      OperandSums2:    return sums[47:32];
      OperandScaled:   return scaled;
      OperandField:    return masked(scaled);
      OperandResult:   return result;
      OperandQuotient: return quotient;
      OperandExponent: return 16'(exponent);
      OperandSign:     return o_due[15] ? '1 : '0;
      OperandBytes:    return two_bytes ? 16'd2 : 16'd1;
      OperandZero:     return '0;
      default: begin
        place = 0;
        for (int unsigned i = 0; i < 16; i++) if (d_due[i]) place = i / 2;
        return 16'(place);
      end
    endcase
  endfunction

  // The sum of this cycle, in whole numbers.
  task automatic add();
    inverted = fields_of[InvertLsb+:2] == 2'd1 || fields_of[InvertLsb+:2] == 2'd3 || (fields_of[InvertLsb+:2] == 2'd2 && sign_due);
    case (fields_of[ALsb+:2])
      2'd0:    first = o_due;
      2'd1:    first = r_due;
      2'd2:    first = q_due;
      default: first = '0;
    endcase
    if (inverted) first = ~first;
    case (fields_of[BLsb+:2])
      2'd0:    second = '0;
      2'd1:    second = m;
      2'd2:    second = s_due;
      default: second = per_row ? '0 : m;
    endcase
    case (fields_of[CarryLsb+:2])
      2'd0:    carried = 1'b0;
      2'd1:    carried = 1'b1;
      2'd2:    carried = carry_due;
      default: carried = sign_due;
    endcase
    added    = int'(signed'(first)) + int'(signed'(second)) + (carried ? 1 : 0);
    whole    = int'(first) + int'(second) + (carried ? 1 : 0);
    negative = added < 0;
    passed   = added > 32767 || added < -32768;
  endtask

  task automatic cycle();
    logic [15:0] o_next;
    logic        is_larger;
    #4;
    add();
    if (sign != negative || over != passed) $fatal(1, "%h + %h + %b: sign %b, passed %b", first, second, carried, sign, over);
    if (d != d_due || operand != o_due) $fatal(1, "d is %h, not %h; the operand %h, not %h", d, d_due, operand, o_due);
    if (sign_kept != sign_due || over_kept != over_due) $fatal(1, "keeps sign %b and overflow %b, not %b and %b", sign_kept, over_kept, sign_due, over_due);
    taken[fields_of[OperandLsb+:4]]++;
    negatives += 32'(negative);
    overflows += 32'(passed);
    o_next    = operand_of(fields_of[OperandLsb+:4]);
    is_larger = fields_of[SLsb+:2] == 2'd2 && gate && key_valid && (negative || none_yet);
    if (is_larger && !none_yet) largest++;
    if (is_larger && none_yet) firsts++;
    if (fields_of[RLsb+:2] == 2'd1 || (fields_of[RLsb+:2] == 2'd2 && gate)) r_due = 16'(whole);
    if (fields_of[QLsb+:2] == 2'd1 || (fields_of[QLsb+:2] == 2'd2 && gate)) q_due = 16'(whole);
    if (fields_of[SLsb+:2] == 2'd1) s_due = 16'(whole);
    else if (is_larger) s_due = o_due;
    if (misc == MiscIndexMask) none_yet = 1'b1;
    else if (is_larger) none_yet = 1'b0;
    if (fields_of[LatchLsb]) {sign_due, over_due} = {negative, passed};
    d_due     = 16'(whole);
    carry_due = whole > 65535;
    o_due     = o_next;
    if (misc == MiscListed) left_out = m[15:11];
    @(negedge clk);
    {x, scaled, result, quotient, m} = {edge_value(), edge_value(), edge_value(), edge_value(), edge_value()};
    accumulator = $urandom;
    sums        = {16'($urandom), $urandom};
    {exponent, per_row, gate, key_valid, two_bytes} = 9'($urandom);
    misc        = $urandom % 4 == 0 ? MiscIndexMask : 5'($urandom);
    fields_of   = Bits'({$urandom, $urandom});
  endtask

  // A number of several digits and another, added as the microcode does it: each digit of the first is taken a cycle before it is added.
  task automatic number();
    longint      one, other, sum;
    int unsigned digits;
    digits    = 2 + $urandom % 3;
    one       = longint'({$urandom, $urandom});
    other     = longint'({$urandom, $urandom});
    sum       = one + other;
    fields_of = '0;
    for (int unsigned i = 0; i <= digits; i++) begin
      fields_of[ALsb+:2]       = i == 0 ? ZeroDigit : 2'd0;
      fields_of[BLsb+:2]       = i == 0 ? 2'd0 : FromM;
      fields_of[CarryLsb+:2]   = i <= 1 ? 2'd0 : Before;
      fields_of[OperandLsb+:4] = OperandX;
      x = one[16*(i%4)+:16];
      m = i == 0 ? m : other[16*(i-1)+:16];
      cycle();
      if (i > 0 && d != sum[16*(i-1)+:16]) $fatal(1, "%h + %h: digit %0d is %h", one, other, i - 1, d);
      fields_of = '0;
    end
    numbers++;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("cycles=%d", cycles));
    void'($urandom(seed));
    {negatives, overflows, largest, firsts, numbers} = '0;
    // Every register is given a value first: that of nothing.
    fields_of[OperandLsb+:4] = OperandZero;
    fields_of[ALsb+:2] = ZeroDigit;
    fields_of[RLsb+:2] = 2'd1;
    fields_of[QLsb+:2] = 2'd1;
    fields_of[SLsb+:2] = 2'd1;
    fields_of[LatchLsb] = 1'b1;
    misc = MiscIndexMask;
    @(negedge clk);
    misc = MiscListed;
    @(negedge clk);
    {o_due, r_due, q_due, s_due, d_due, left_out, carry_due, sign_due, over_due, none_yet} = '0;
    none_yet = 1'b1;
    repeat (cycles) begin
      if ($urandom % 32 == 0) number();
      cycle();
    end
    foreach (taken[i]) if (taken[i] == 0) $fatal(1, "operand %0d was never taken", i);
    if (negatives == 0 || overflows == 0 || largest == 0 || firsts == 0 || numbers == 0) $fatal(1, "something never happened");
    $display("bench: %0d cycles, %0d sums negative, %0d too large, %0d numbers; a first key %0d times, a larger one %0d", cycles, negatives, overflows, numbers, firsts, largest);
    $finish;
  end
endmodule
