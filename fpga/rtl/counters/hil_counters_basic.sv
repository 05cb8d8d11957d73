// The basic set of counters, cycles and the units' busy cycles, in one block RAM: the low bits of each count in flip-flops, and a sweep adds
// what overflows to the rest, 16 bits at a time. The rest of that memory holds the core's identity.
// Latency: an event of a cycle is counted at its end. After a reset, and after running_i falls, ready_o says when counters and identity may be
// read: within two sweeps; a selected word is at word_o in the next cycle. Throughput: all events in each cycle. Ordering: none. Overflow: as in
// hil_counters. Not checked: that nobody reads before.
module hil_counters_basic #(
  parameter int unsigned Counters = 5,
  // 64 words of 16 bits.
  parameter logic [1023:0] Identity = '0
) (
  input  logic                 clk_i,
  input  logic                 rst_i,
  input  logic                 running_i,
  input  logic [Counters-1:0]  event_i,
  output logic                 ready_o,
  // Four words of the identity instead of a counter.
  input  logic                 identity_i,
  input  logic [3:0]           select_i,
  // 0: the low byte, whatever stands above it; 1 to 3: 16 bits each of what is above. A counter that is not there reads 0.
  input  logic [1:0]           part_i,
  output logic [15:0]          word_o
);
  localparam int unsigned LowBits = hil_machine_pkg::CounterLowBits;
  // A sweep takes six cycles a counter, less than the low bits take to overflow again.
  if (Counters > 7 || 6 * Counters >= 1 << LowBits || LowBits != 8) $error("the sweep is too slow, or the low bits are no byte");

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

  // The counters' words, then the identity's; a memory with initial contents, which the general one has not.
  localparam int unsigned Depth = 128;
  (* no_rw_check *) logic [15:0] mem[0:Depth-1];
  for (genvar i = 0; i < Depth; i++) begin : gen_contents
    initial mem[i] = i < Depth / 2 ? '0 : Identity[16*(i%(Depth/2))+:16];
  end
  always_ff @(posedge clk_i) begin
    if (sweeping_q && write_q) mem[{2'b0, counter_q, part_q}] <= sum & {16{!clear_q}};
    if (!sweeping_q || !write_q) old <= mem[sweeping_q ? {2'b0, counter_q, part_q} : {identity_i, select_i, part_i}];
  end

  logic               shows_low_q;
  logic [LowBits-1:0] low_q;
  always_ff @(posedge clk_i) begin
    shows_low_q <= part_i == '0 && !identity_i;
    low_q       <= low[select_i[2:0]];
  end
  assign word_o  = {old[15:8], shows_low_q ? 8'(low_q) : old[7:0]};
  assign ready_o = !running_i && !sweeping_q;
endmodule
