// The fetch buffer in chunks of 16 bits, one block RAM, for machines that take eight cycles to dispatch.
// Forms are checked as instructions arrive; the first END or illegal one is remembered, as the dispatcher never gets past it.
// Latency: an instruction's form is known, and its chunk 0 can be asked for, in the cycle after its last beat; a chunk that is asked for
// (next_*) is at chunk_o in the next cycle. Throughput: one beat and one chunk a cycle. Ordering: slots ascending.
// Not checked: that a slot that is asked for was written.
module hil_buffer_narrow (
  input  logic                                   clk_i,
  input  logic                                   rst_i,
  input  logic                                   beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   data_i,
  input  logic [hil_machine_pkg::SlotW-1:0]      slot_i,
  input  logic                                   read_i,
  input  logic [hil_machine_pkg::SlotW-1:0]      next_slot_i,
  input  logic [2:0]                             next_chunk_i,
  output logic [3:0]                             reason_o,
  output logic                                   end_o,
  output logic [1:0]                             unit_o,
  output logic [hil_machine_pkg::ChunkBits-1:0]  chunk_o
);
  localparam int unsigned ChunkBits = hil_machine_pkg::ChunkBits;
  localparam int unsigned PortBits = hil_machine_pkg::PortBits;
  localparam int unsigned SlotW = hil_machine_pkg::SlotW;
  localparam int unsigned Beats = 128 / PortBits;
  localparam int unsigned BeatW = $clog2(Beats);
  localparam int unsigned ChunkBeats = ChunkBits / PortBits;

  logic [BeatW-1:0]      beat_q;
  logic [SlotW-1:0]      write_q;
  logic [127-PortBits:0] shift_q;
  logic [127:0]          gathered;
  logic                  whole, chunk_last;

  assign gathered   = {data_i, shift_q};
  assign whole      = beat_i && beat_q == BeatW'(Beats - 1);
  assign chunk_last = beat_i && (beat_q & BeatW'(ChunkBeats - 1)) == BeatW'(ChunkBeats - 1);

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      beat_q  <= '0;
      write_q <= '0;
    end else if (beat_i) begin
      beat_q  <= beat_q + 1'b1;
      write_q <= write_q + SlotW'(whole);
    end
  end
  always_ff @(posedge clk_i) begin
    if (beat_i) shift_q <= gathered[127:PortBits];
  end

  hil_ram_1r1w #(
    .Width(ChunkBits),
    .Depth(16 * hil_machine_pkg::FetchInstructions),
    .AddrW(SlotW + 3)
  ) u_chunks (
    .clk_i,
    .we_i   (chunk_last),
    .waddr_i({write_q, beat_q[BeatW-1-:3]}),
    .wdata_i(gathered[127-:ChunkBits]),
    .re_i   (read_i),
    .raddr_i({next_slot_i, next_chunk_i}),
    .rdata_o(chunk_o)
  );

  // The unit is in the opcode, of which chunk 0 holds the copy that the dispatcher looks at.
  assign unit_o = 2'(chunk_o[hil_contract_pkg::OpcodeLsb+3+:3] - 3'd1);

  logic             is_end, stop_q;
  logic [3:0]       reason, reason_q;
  logic [SlotW-1:0] stop_slot_q;
  logic             stopped;
  logic [1:0]       unused_unit;
  hil_form u_form (
    .word_i  (gathered),
    .unit_o  (unused_unit),
    .end_o   (is_end),
    .reason_o(reason)
  );
  assign stopped  = stop_q && slot_i == stop_slot_q;
  assign reason_o = stopped ? reason_q : hil_contract_pkg::TrapNone;
  assign end_o    = stopped && reason_q == hil_contract_pkg::TrapNone;
  always_ff @(posedge clk_i) begin
    if (rst_i) stop_q <= 1'b0;
    else if (whole && !stop_q && (is_end || reason != hil_contract_pkg::TrapNone)) begin
      stop_q      <= 1'b1;
      stop_slot_q <= write_q;
      reason_q    <= reason;
    end
  end

  logic unused;
  assign unused = ^{unused_unit, chunk_o};
endmodule
