// The accumulators: per column two halves of 32-bit sums, each written by row tags that arrive with the sums.
// A tag is {valid, first, shift7, half, row}: first replaces what the half holds, shift7 multiplies it by 128 before adding.
// Latency: a tag at tag_i is written for column c in cycle c + 1 after it, from psums_i of that cycle. Throughput: one row a cycle.
// Ordering: a row may come again after two cycles. With zero_i all columns take the tag at once and add zero.
// Reads for the vector unit (read_*): data of all columns one cycle later, from the half that no tag names.
// Overflow: sums wrap modulo 2^32 (numerics, section 4).
module hil_accumulators #(
  parameter int unsigned Columns = 2,
  parameter int unsigned Rows    = 16,
  parameter int unsigned PsumW   = 18,
  parameter int unsigned RowW    = 4
) (
  input  logic                     clk_i,
  input  logic                     rst_i,
  input  logic [RowW+3:0]          tag_i,
  input  logic                     zero_i,
  input  logic [Columns*PsumW-1:0] psums_i,
  input  logic                     read_i,
  input  logic                     read_half_i,
  input  logic [RowW-1:0]          read_row_i,
  output logic [Columns*32-1:0]    read_data_o
);
  localparam int unsigned TagW = RowW + 4;
  localparam int unsigned Valid = RowW + 3;
  localparam int unsigned First = RowW + 2;
  localparam int unsigned Shift7 = RowW + 1;
  localparam int unsigned Half = RowW;

  // chain[c] is the tag one cycle before the sums of column c; zero tags bypass the chain.
  logic [TagW-1:0] chain[0:Columns];
  logic            zero_q;
  logic            read_half_q;

  assign chain[0] = tag_i & {TagW{!zero_i}};

  always_ff @(posedge clk_i) begin
    zero_q <= zero_i;
    if (read_i) read_half_q <= read_half_i;
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_column
    logic [TagW-1:0] now, write_q;
    logic [31:0] old[0:1];
    logic [31:0] held, base, sum;

    assign now = zero_i ? tag_i : chain[c];

    always_ff @(posedge clk_i) begin
      if (rst_i) begin
        chain[c+1] <= '0;
        write_q    <= '0;
      end else begin
        chain[c+1] <= chain[c];
        write_q    <= now;
      end
    end

    assign held = old[write_q[Half]];
    assign base = write_q[First] ? '0 : write_q[Shift7] ? {held[24:0], 7'b0} : held;
    assign sum  = base + (zero_q ? '0 : 32'(signed'(psums_i[c*PsumW+:PsumW])));

    for (genvar h = 0; h < 2; h++) begin : gen_half
      logic mine;
      assign mine = now[Valid] && now[Half] == 1'(h);
      hil_ram_1r1w #(
        .Width(32),
        .Depth(Rows),
        .AddrW(RowW)
      ) u_ram (
        .clk_i,
        .we_i   (write_q[Valid] && write_q[Half] == 1'(h)),
        .waddr_i(write_q[RowW-1:0]),
        .wdata_i(sum),
        .re_i   (mine || (read_i && read_half_i == 1'(h))),
        .raddr_i(mine ? now[RowW-1:0] : read_row_i),
        .rdata_o(old[h])
      );
`ifdef HIL_ASSERT
      always_ff @(posedge clk_i) begin
        assert (!(mine && read_i && read_half_i == 1'(h)))
        else $error("accumulator half %0d read and summed into at once", h);
      end
`endif
    end

    assign read_data_o[c*32+:32] = old[read_half_q];
  end

  logic unused;
  assign unused = ^chain[Columns];
endmodule
