// The basic set of counters, cycles and the units' busy cycles, in one block RAM: the low bits of each count in flip-flops, and a sweep adds
// what overflows to the rest, 16 bits at a time.
// Latency: an event of a cycle is counted at its end. After running_i falls, Settle cycles pass before the counters may be read; a
// selected word is at word_o in the next cycle. Throughput: all events in each cycle. Ordering: none. Overflow: as in hil_counters.
// Not checked: that nobody reads while the core runs.
module hil_counters_basic #(
  parameter int unsigned Counters = 5
) (
  input  logic                 clk_i,
  input  logic                 rst_i,
  input  logic                 running_i,
  input  logic [Counters-1:0]  event_i,
  input  logic [2:0]           select_i,
  // 0: the low bits; 1 to 3: 16 bits each of what is above.
  input  logic [1:0]           part_i,
  output logic [15:0]          word_o
);
  localparam int unsigned LowBits = hil_machine_pkg::CounterLowBits;
  // A sweep takes six cycles a counter, less than the low bits take to overflow again.
  if (Counters > 7 || 6 * Counters >= 1 << LowBits) $error("the sweep is too slow");

  localparam int unsigned Slots = 8;
  logic [LowBits-1:0]  low[0:Slots-1];
  logic [Slots-1:0]    pending;
  logic [2:0]          counter_q;
  logic [1:0]          part_q;
  logic                write_q, carry_q, clear_q, once_more_q, sweeping_q;
  logic                sweep_last, add, carry;
  logic [15:0]         old, sum;

  for (genvar i = 0; i < Counters; i++) begin : gen_counter
    logic [LowBits-1:0] low_q;
    logic               counts, taken, pending_q;
    assign counts     = running_i && event_i[i];
    assign low[i]     = low_q;
    assign pending[i] = pending_q;
    assign taken      = write_q && part_q == 2'd1 && counter_q == 3'(i);
    always_ff @(posedge clk_i) begin
      if (rst_i) low_q <= '0;
      else if (counts) low_q <= low_q + 1'b1;
      if (rst_i) pending_q <= 1'b0;
      else if (counts && low_q == '1) pending_q <= 1'b1;
      else if (taken) pending_q <= 1'b0;
    end
  end
  for (genvar i = Counters; i < Slots; i++) begin : gen_absent
    assign low[i]     = '0;
    assign pending[i] = 1'b0;
  end

  // Read, then write, each part of each counter; the first sweep of a segment writes zeros, and one more follows the segment.
  assign add          = part_q == 2'd1 ? pending[counter_q] : carry_q;
  assign {carry, sum} = {1'b0, old} + 17'(add);
  assign sweep_last   = write_q && part_q == 2'd3 && counter_q == 3'(Counters - 1);
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      counter_q   <= '0;
      part_q      <= 2'd1;
      write_q     <= 1'b0;
      clear_q     <= 1'b1;
      once_more_q <= 1'b1;
      sweeping_q  <= 1'b1;
    end else if (sweeping_q) begin
      write_q <= !write_q;
      if (write_q) begin
        carry_q <= carry;
        part_q  <= part_q == 2'd3 ? 2'd1 : part_q + 1'b1;
        if (part_q == 2'd3) counter_q <= sweep_last ? '0 : counter_q + 1'b1;
      end
      if (sweep_last) begin
        clear_q     <= 1'b0;
        once_more_q <= running_i;
        sweeping_q  <= running_i || once_more_q;
      end
    end
  end

  hil_ram_1r1w #(
    .Width(16),
    .Depth(32),
    .AddrW(5)
  ) u_high (
    .clk_i,
    .we_i   (sweeping_q && write_q),
    .waddr_i({counter_q, part_q}),
    .wdata_i(sum & {16{!clear_q}}),
    .re_i   (!sweeping_q || !write_q),
    .raddr_i(sweeping_q ? {counter_q, part_q} : {select_i, part_i}),
    .rdata_o(old)
  );

  logic [1:0] shown_q;
  always_ff @(posedge clk_i) shown_q <= part_i;
  assign word_o = shown_q == '0 ? 16'(low[select_i]) : old;
endmodule
