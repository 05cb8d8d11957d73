// The accumulators: per column two halves of 32-bit sums, each written by row tags that arrive with the sums.
// A tag is {valid, first, shift7, half, row}: first replaces what the half holds, shift7 multiplies it by 128 before adding.
// Latency: a tag at tag_i is written for pair p of columns in cycle p + 1 after it, from psums_i of that cycle. Throughput: one row a cycle.
// Ordering: a row may come again after two cycles. With zero_i all columns take the tag at once; psums_i must be zero then.
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
  localparam int unsigned Pairs = (Columns + 1) / 2;
  localparam int unsigned TagW = RowW + 4;
  localparam int unsigned Valid = RowW + 3;
  localparam int unsigned First = RowW + 2;
  localparam int unsigned Shift7 = RowW + 1;
  localparam int unsigned Half = RowW;

  // now[p] is the tag one cycle before the sums of pair p, write_q[p] the one that comes with them; zero tags bypass the chain.
  logic [TagW-1:0] now[0:Pairs-1];
  logic [TagW-1:0] write_q[0:Pairs-1];
  logic            read_half_q;

  always_ff @(posedge clk_i) begin
    if (read_i) read_half_q <= read_half_i;
  end

  for (genvar p = 0; p < Pairs; p++) begin : gen_pair
    if (p == 0) begin : gen_first
      assign now[0] = tag_i;
    end else begin : gen_next
      logic [TagW-1:0] chain_q;
      assign now[p] = zero_i ? tag_i : chain_q;
      always_ff @(posedge clk_i) begin
        if (rst_i || zero_i) chain_q <= '0;
        else chain_q <= now[p-1];
      end
    end
    always_ff @(posedge clk_i) begin
      write_q[p] <= now[p];
      if (rst_i) write_q[p][Valid] <= 1'b0;
    end
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_column
    // What each half gave; not an array, whose elements Yosys 0.23 does not connect to an instance that it does not see into.
    logic [63:0]     old;
    logic [31:0]     held, base, sum;
    logic [TagW-1:0] tag, write;

    assign tag   = now[c/2];
    assign write = write_q[c/2];
    assign held  = old[write[Half]*32+:32];
    assign base  = write[First] ? '0 : write[Shift7] ? {held[24:0], 7'b0} : held;
    assign sum   = base + 32'(signed'(psums_i[c*PsumW+:PsumW]));

    for (genvar h = 0; h < 2; h++) begin : gen_half
      logic mine;
      assign mine = tag[Valid] && tag[Half] == 1'(h);
      hil_ram_1r1w #(
        .Width(32),
        .Depth(Rows),
        .AddrW(RowW)
      ) u_ram (
        .clk_i,
        .we_i   (write[Valid] && write[Half] == 1'(h)),
        .waddr_i(write[RowW-1:0]),
        .wdata_i(sum),
        .re_i   (mine || (read_i && read_half_i == 1'(h))),
        .raddr_i(mine ? tag[RowW-1:0] : read_row_i),
        .rdata_o(old[h*32+:32])
      );
`ifdef HIL_ASSERT
      always_ff @(posedge clk_i) begin
        assert (!(mine && read_i && read_half_i == 1'(h)))
        else $error("accumulator half %0d read and summed into at once", h);
      end
`endif
    end

    assign read_data_o[c*32+:32] = old[read_half_q*32+:32];
  end

  // With one pair there is no chain.
  logic unused;
  assign unused = zero_i;
endmodule
