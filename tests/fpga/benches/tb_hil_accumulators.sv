// hil_accumulators against plain sums (numerics, section 4): strips of rows with pauses, a row again after two cycles at the earliest, first, shifted and plain
// sums, rows of no tile, a reset between, and reads of the other half meanwhile. Arguments: +seed=N, +strips=N.
`timescale 1ns / 100ps
module tb_hil_accumulators #(
  parameter int unsigned Columns = 5
);
  localparam int unsigned Rows = 16;
  localparam int unsigned RowW = 4;
  localparam int unsigned PsumW = 18;
  localparam int unsigned Pairs = (Columns + 1) / 2;

  logic clk = 1'b0, rst = 1'b1, zero = 1'b0, read = 1'b0, read_half = 1'b0;
  always #5 clk = !clk;
  logic [RowW+3:0]          tag = '0;
  logic [RowW-1:0]          read_row = '0;
  logic [Columns*PsumW-1:0] psums = '0;
  logic [Columns*32-1:0]    data;
  hil_accumulators #(
    .Columns(Columns), .Rows(Rows), .PsumW(PsumW), .RowW(RowW)
  ) u_dut (
    .clk_i(clk), .rst_i(rst), .tag_i(tag), .zero_i(zero), .psums_i(psums), .read_i(read), .read_half_i(read_half), .read_row_i(read_row), .read_data_o(data)
  );

  // history[p]: the tag of p cycles ago, whose sums for pair p - 1 come now.
  logic [RowW+3:0] history[Pairs+1];
  logic [Columns*PsumW-1:0] next_psums;
  logic [31:0] model[2][Rows][Columns], due[Columns];
  logic        was_read, half, fresh;
  logic signed [PsumW-1:0] sum;
  int unsigned seed = 1, strips = 400, rows, pace, last_row, sums, reads, zeros, kind, row;
  logic [RowW+3:0] none;

  // One cycle with the inputs that are set: sums for the tags under way, and the other half may be read.
  task automatic cycle();
    for (int unsigned c = 0; c < Columns; c++) begin
      sum = PsumW'($urandom);
      if (zero || !history[c/2+1][RowW+3]) sum = zero ? '0 : sum;
      next_psums[c*PsumW+:PsumW] = sum;
      if (history[c/2+1][RowW+3]) add(history[c/2+1], c, 32'(sum));
    end
    // At once: Verilator 5.006 has been seen to miss the last change of a vector that a task writes piece by piece.
    psums     = next_psums;
    read      = $urandom % 2 == 0;
    read_half = !half;
    read_row  = RowW'($urandom);
    was_read  = read;
    for (int unsigned c = 0; c < Columns; c++) due[c] = model[read_half][read_row][c];
    @(negedge clk);
    if (was_read) begin
      reads++;
      for (int unsigned c = 0; c < Columns; c++) if (data[c*32+:32] != due[c]) $fatal(1, "column %0d, half %b, row %0d reads %h, not %h", c, read_half, read_row, data[c*32+:32], due[c]);
    end
    for (int unsigned p = Pairs; p > 0; p--) history[p] = history[p-1];
    history[1] = tag;
    tag = none;
  endtask

  task automatic add(input logic [RowW+3:0] what, input int unsigned c, input logic [31:0] value);
    logic [31:0] base;
    base = what[RowW+2] ? '0 : what[RowW+1] ? model[what[RowW]][what[RowW-1:0]][c] << 7 : model[what[RowW]][what[RowW-1:0]][c];
    model[what[RowW]][what[RowW-1:0]][c] = base + value;
    sums++;
  endtask

  task automatic drain();
    repeat (Pairs + 1) cycle();
  endtask

  task automatic strip(input bit first);
    pace = 1 + $urandom % 3;
    kind = $urandom % 3;
    rows = first ? Rows : 3 + $urandom % (Rows - 2);
    for (int unsigned pass = 0; pass < 2; pass++) begin
      for (row = 0; row < rows; row++) begin
        while ($urandom % pace != 0) cycle();
        tag = {1'b1, first && pass == 0 || kind == 0 && pass == 0, kind == 1, half, RowW'(row)};
        cycle();
      end
    end
    drain();
  endtask

  // The rows of no tile: all columns at once, as first or as sums of zero.
  task automatic rows_of_no_tile();
    zero = 1'b1;
    kind = $urandom % 2;
    for (row = 0; row < Rows; row++) begin
      tag = {1'b1, kind == 0, 1'b0, half, RowW'(row)};
      for (int unsigned c = 0; c < Columns; c++) if (kind == 0) model[half][row][c] = '0;
      for (int unsigned p = 0; p <= Pairs; p++) history[p] = '0;
      cycle();
      for (int unsigned p = 0; p <= Pairs; p++) history[p] = '0;
      zeros++;
    end
    // The last one is written while the unit still says so.
    cycle();
    zero = 1'b0;
  endtask

  initial begin
    void'($value$plusargs("seed=%d", seed));
    void'($value$plusargs("strips=%d", strips));
    void'($urandom(seed));
    none = '0;
    for (int unsigned p = 0; p <= Pairs; p++) history[p] = '0;
    @(negedge clk);
    rst = 1'b0;
    // Both halves once, so that nothing unknown is read: what is read of the other one before is not looked at.
    for (int unsigned h = 0; h < 2; h++) begin
      half = 1'(h);
      for (int unsigned r = 0; r < Rows; r++) begin
        tag = {1'b1, 1'b1, 1'b0, half, RowW'(r)};
        @(negedge clk);
        tag = '0;
        repeat (Pairs + 1) @(negedge clk);
        for (int unsigned c = 0; c < Columns; c++) model[half][r][c] = '0;
      end
    end
    repeat (strips) begin
      half = 1'($urandom);
      kind = $urandom % 4;
      if (kind == 0) rows_of_no_tile();
      else begin
        fresh = 1'($urandom);
        strip(fresh);
      end
    end
    if (sums == 0 || reads == 0 || zeros == 0) $fatal(1, "something never happened");
    $display("bench: %0d sums, %0d reads, %0d rows of no tile", sums, reads, zeros);
    $finish;
  end
endmodule
