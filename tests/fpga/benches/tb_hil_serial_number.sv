// hil_serial_scale and hil_serial_round, one behind the other as in the serial vector unit, against docs/numerics.md sections 1 and 5: numbers of two to four digits one
// after the other, right behind each other or with pauses, every shift, ties and values about the bounds of the types. Arguments: +seed=N, +numbers=N.
`timescale 1ns / 100ps
module tb_hil_serial_number;
  // A digit of the product comes in the cycle in which hil_serial_round takes it; its results are there in the cycle after the last one.
  localparam int unsigned Digits = 4;
  localparam int unsigned Latency = 3;

  logic clk = 1'b0, first = 1'b0, load = 1'b0;
  always #5 clk = !clk;
  logic [15:0] digit = '0, multiplier = '0, scaled, wide;
  logic [5:0]  shift = '0;
  logic        scaled_first;
  logic [2:0]  scaled_digit;
  logic [7:0]  table_index, narrow;
  hil_serial_scale u_scale (
    .clk_i(clk), .first_i(first), .digit_i(digit), .load_i(load), .multiplier_i(multiplier), .shift_i(shift), .scaled_o(scaled), .first_o(scaled_first),
    .digit_o(scaled_digit)
  );
  hil_serial_round u_round (
    .clk_i(clk), .first_i(scaled_first), .digit_i(scaled), .index_i(scaled_digit), .table_index_o(table_index), .narrow_o(narrow), .wide_o(wide)
  );

  // Numbers under way: what is due of them, and in which cycle.
  typedef struct {
    longint      product;
    int unsigned shift;
    int unsigned at;
  } number_t;
  number_t     due[$], one, made;
  int unsigned seed = 1, numbers = 40000, now, checked, ties, clipped, behind, kind, pause;
  longint      value, half, rest, rounded;
  logic [63:0] bits;

  // Half to even, as the document has it.
  function automatic longint round(input longint p, input int unsigned s);
    longint q;
    if (s == 0) return p;
    if (s >= 62) return p < 0 && s == 62 && p < -(64'sd1 <<< 61) ? -1 : p > (64'sd1 <<< 61) && s == 62 ? 1 : 0;
    q    = p >>> s;
    rest = p - (q <<< s);
    half = 64'sd1 <<< (s - 1);
    return rest > half || (rest == half && q[0]) ? q + 1 : q;
  endfunction

  function automatic longint clip(input longint y, input longint least, input longint most);
    return y < least ? least : y > most ? most : y;
  endfunction

  task automatic cycle();
    #4;
    if (due.size() > 0 && due[0].at == now) begin
      one     = due.pop_front();
      rounded = round(one.product, one.shift);
      checked++;
      if (one.shift > 0 && rest == half) ties++;
      if (rounded > 127 || rounded < -127) clipped++;
      if (signed'(wide) != 16'(clip(rounded, -32767, 32767))) $fatal(1, "%0d >> %0d: %0d, not %0d", one.product, one.shift, signed'(wide), clip(rounded, -32767, 32767));
      if (signed'(narrow) != 8'(clip(rounded, -127, 127))) $fatal(1, "%0d >> %0d: %0d in 8 bits, not %0d", one.product, one.shift, signed'(narrow), clip(rounded, -127, 127));
      if (table_index != 8'(clip(rounded, -128, 127))) $fatal(1, "%0d >> %0d: index %h, not that of %0d", one.product, one.shift, table_index, clip(rounded, -128, 127));
    end
    @(negedge clk);
    now++;
    {first, load} = '0;
    digit = 16'($urandom);
  endtask

  // A number whose rounded product lies about a tie or a bound, or any: the value that the multiplier leads there.
  task automatic number();
    multiplier = 16'($urandom);
    if ($urandom % 4 == 0) multiplier = 16'd1 << ($urandom % 16);
    shift = 6'($urandom % 64);
    kind  = $urandom % 6;
    case (kind)
      0: value = longint'(signed'($urandom));
      1: value = longint'(signed'(17'($urandom)));
      2: value = longint'(signed'(8'($urandom))) * (shift > 24 ? 1 : 64'sd1 <<< shift) / 2;
      3: value = multiplier == 0 ? 0 : (longint'(signed'(3'($urandom))) + ($urandom % 2 == 0 ? 32768 : -32768)) * (shift > 30 ? 1 : 64'sd1 <<< shift) / longint'(multiplier);
      4: value = multiplier == 0 ? 0 : (longint'(signed'(3'($urandom))) + ($urandom % 2 == 0 ? 128 : -128)) * (shift > 30 ? 1 : 64'sd1 <<< shift) / longint'(multiplier);
      default: value = $urandom % 2 == 0 ? 64'sd2147483647 : -64'sd2147483648;
    endcase
    // The sums that it is for are 32 bits; the digits above are its sign.
    value = clip(value, -64'sd2147483648, 64'sd2147483647);
    bits  = value;
    made.product = value * longint'(multiplier);
    made.shift   = 32'(shift);
    for (int unsigned d = 0; d < Digits; d++) begin
      first = d == 0;
      load  = d == 0;
      digit = bits[16*d+:16];
      if (d == Digits - 1) begin
        made.at = now + Latency + 1;
        due.push_back(made);
      end
      cycle();
    end
    pause = $urandom % 3;
    if (pause == 0) behind++;
    else repeat (pause) cycle();
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("numbers=%d", numbers));
    void'($urandom(seed));
    now = 0;
    @(negedge clk);
    repeat (numbers) number();
    repeat (Latency + 2) cycle();
    if (due.size() != 0 || checked != numbers || ties == 0 || clipped == 0 || behind == 0) $fatal(1, "something never happened");
    $display("bench: %0d numbers, %0d ties, %0d clipped, %0d right behind another", checked, ties, clipped, behind);
    $finish;
  end
endmodule
