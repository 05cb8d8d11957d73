// hil_serial_divide against docs/numerics.md section 7: sums of any weights with pauses, cleared and broken off anywhere, and the row scale of each, which stays until
// the next start. Arguments: +seed=N, +rows=N.
`timescale 1ns / 100ps
module tb_hil_serial_divide;
  // Cycles between the start's and the first in which the result is there.
  localparam int unsigned Latency = 24;
  localparam int unsigned Aligned = 7;
  // What SOFTMAX adds up at most.
  localparam int unsigned MostKeys = 4095;

  logic clk = 1'b0, clear = 1'b0, add = 1'b0, start = 1'b0;
  always #5 clk = !clk;
  logic [6:0]  weight = '0;
  logic [15:0] factor = '0, quotient;
  logic [4:0]  exponent;
  hil_serial_divide u_dut (
    .clk_i(clk), .clear_i(clear), .add_i(add), .weight_i(weight), .start_i(start), .factor_i(factor), .quotient_o(quotient), .exponent_o(exponent)
  );

  int unsigned seed = 1, rows = 3000, keys, pace, sum, z, m, zeros, largest, single, broken, most;

  task automatic cycle();
    @(negedge clk);
    {clear, add, start} = '0;
    weight = 7'($urandom);
    // Held only where it is looked at.
    factor = start ? factor : 16'($urandom);
  endtask

  task automatic row();
    clear = 1'b1;
    cycle();
    sum   = 0;
    keys  = $urandom % 8 == 0 ? $urandom % 2 : $urandom % 16 == 0 ? MostKeys : $urandom % 200;
    most  = $urandom % 4 == 0 ? 127 : $urandom % 8 == 0 ? $urandom % 2 : 1 + $urandom % 127;
    pace  = 1 + $urandom % 3;
    while (keys > 0) begin
      if ($urandom % pace == 0) begin
        add    = 1'b1;
        weight = keys == 1 && most > 1 && $urandom % 2 == 0 ? 7'd127 : 7'($urandom % (most + 1));
        if (most == 127) weight = 7'd127;
        sum  += 32'(weight);
        keys -= 1;
      end
      cycle();
    end
    repeat ($urandom % 3) cycle();
    start  = 1'b1;
    factor = $urandom % 4 == 0 ? '1 : 16'($urandom);
    m      = 32'(factor);
    cycle();
    // Once the sum is aligned, the next row may begin.
    if ($urandom % 16 == 0) begin
      repeat (Aligned + $urandom % (Latency - Aligned)) cycle();
      broken++;
      return;
    end
    repeat (Latency) cycle();
    // bitlen(sum) - 1, and the quotient rounded.
    z = 0;
    while (sum >> (z + 1) != 0) z++;
    if (sum == 0) m = 0;
    else m = 32'((((64'd2 * 64'(m)) << z) + 64'(sum)) / (64'd2 * 64'(sum)));
    repeat (2 + $urandom % 3) begin
      if (quotient != 16'(m) || exponent != 5'(z)) $fatal(1, "sum %0d: m %0d and z %0d, not %0d and %0d", sum, quotient, exponent, m, z);
      cycle();
    end
    if (sum == 0) zeros++;
    if (sum == 1) single++;
    if (sum == MostKeys * 127) largest++;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("rows=%d", rows));
    void'($urandom(seed));
    @(negedge clk);
    repeat (rows) row();
    if (zeros == 0 || single == 0 || largest == 0 || broken == 0) $fatal(1, "something never happened");
    $display("bench: %0d rows; sums of 0 %0d times, 1 %0d, the largest %0d; %0d broken off", rows, zeros, single, largest, broken);
    $finish;
  end
endmodule
