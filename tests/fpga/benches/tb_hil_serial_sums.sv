// hil_serial_sums against docs/microcode.md: sums of random products and of the largest, factors kept, terms that the gate holds back, pauses. Arguments: +seed=N, +sums=N.
`timescale 1ns / 100ps
module tb_hil_serial_sums;
  localparam logic [2:0] Keep = 3'd0, Product = 3'd1, Add = 3'd2, AddGated = 3'd3, Zero = 3'd4, Divider = 3'd5;
  // What LAYER_NORM adds up at most.
  localparam int unsigned MostTerms = 1024;

  logic clk = 1'b0, gate = 1'b0, b_we = 1'b0;
  always #5 clk = !clk;
  logic [2:0]  sums = Zero;
  logic [15:0] a = '0, b = '0;
  logic [47:0] sum;
  hil_serial_sums u_dut (.clk_i(clk), .sums_i(sums), .gate_i(gate), .a_i(a), .b_we_i(b_we), .b_i(b), .sum_o(sum));

  // The factors of this cycle's product: what was given in the cycle before, and the second one that was kept last.
  longint      factor_a, factor_b, due;
  int unsigned seed = 1, count = 2000, left, pace, held, largest, lowest, replaced, kept, turn;
  logic        squares;

  task automatic cycle();
    #4;
    if (signed'(sum) != 48'(due)) $fatal(1, "the sum is %0d, not %0d", signed'(sum), due);
    case (sums)
      Product:  due = factor_a * factor_b;
      Add:      due = due + factor_a * factor_b;
      AddGated: if (gate) due = due + factor_a * factor_b; else held++;
      Zero:     due = 0;
      default:  kept++;
    endcase
    factor_a = longint'(signed'(a));
    if (b_we) factor_b = longint'(signed'(b));
    @(negedge clk);
    sums = $urandom % 2 == 0 ? Keep : Divider;
    gate = 1'($urandom);
    b_we = 1'b0;
    a    = 16'($urandom);
    b    = 16'($urandom);
  endtask

  // Factors for the term that is added one cycle later; in a sum of the largest each is -32768, or one of them 32767.
  task automatic factors();
    b_we = $urandom % 2 == 0 || squares;
    if (!squares) return;
    a = 16'h8000;
    b = turn == 0 ? 16'h8000 : 16'h7FFF;
  endtask

  task automatic one_sum();
    squares = $urandom % 64 == 0;
    turn    = squares ? $urandom % 2 : 0;
    left    = squares ? MostTerms : 1 + $urandom % 30;
    pace    = squares ? 1 : 1 + $urandom % 3;
    if (squares || $urandom % 2 == 0) begin
      sums = Zero;
      factors();
      cycle();
    end else begin
      factors();
      cycle();
      sums = Product;
      replaced++;
      factors();
      cycle();
      left--;
    end
    while (left > 0) begin
      if ($urandom % pace == 0) begin
        sums = $urandom % 2 == 0 ? Add : AddGated;
        if (squares) gate = 1'b1;
        left--;
      end
      factors();
      cycle();
    end
    if (due == 64'sd1 <<< 40) largest++;
    if (due == -(64'sd1 <<< 40) + (64'sd1 <<< 25)) lowest++;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("sums=%d", count));
    void'($urandom(seed));
    {held, largest, lowest, replaced, kept} = '0;
    // Until something is there, nothing is known.
    b_we = 1'b1;
    @(negedge clk);
    factor_a = 0;
    factor_b = 0;
    due      = 0;
    b_we     = 1'b0;
    repeat (count) one_sum();
    if (held == 0 || largest == 0 || lowest == 0 || replaced == 0 || kept == 0) $fatal(1, "something never happened");
    $display("bench: %0d sums, the largest %0d times, the lowest %0d; %0d terms held back, %0d cycles of rest", count, largest, lowest, held, kept);
    $finish;
  end
endmodule
