// The fetch buffer in chunks of 16 bits, one block RAM, for machines that take their time to dispatch.
// What is wrong with the first END is found as it arrives, as nothing is dispatched behind it; other forms are checked during dispatch.
// Latency: an instruction's chunk 0 can be asked for in the cycle after its last beat; a chunk that is asked for (next_*) is at chunk_o in
// the next cycle. Throughput: one beat and one chunk a cycle. Ordering: slots ascending.
// Not checked: that a slot that is asked for was written.
module hil_buffer_narrow (
  input  logic                                   clk_i,
  input  logic                                   rst_i,
  input  logic                                   beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   data_i,
  input  logic                                   read_i,
  input  logic [hil_machine_pkg::SlotW-1:0]      next_slot_i,
  input  logic [2:0]                             next_chunk_i,
  // With chunk 0, whose opcode is as it was only if it is an instruction's: the opcode is that of an instruction; it is END, or unit_o executes it; what is wrong with the opcode, or with an END.
  output logic                                   known_o,
  output logic                                   end_o,
  output logic [1:0]                             unit_o,
  output logic [3:0]                             reason_o,
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
  logic [ChunkBits-1:0]  gathered;
  logic                  whole, chunk_last;

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

  if (ChunkBits > PortBits) begin : gen_gather
    logic [ChunkBits-PortBits-1:0] shift_q;
    assign gathered = {data_i, shift_q};
    always_ff @(posedge clk_i) begin
      if (beat_i) shift_q <= gathered[ChunkBits-1:PortBits];
    end
  end else begin : gen_chunk
    assign gathered = data_i;
  end

  // The opcode is looked at as it arrives: the three bits that name the unit, which are one more than its number, become a class where there is none
  // (isa.md: no opcode has these bits 0 but END's, 6 or 7).
  localparam logic [2:0] ClassEnd = 3'd0;
  localparam logic [2:0] ClassAbsent = 3'd6;
  localparam logic [2:0] ClassUnknown = 3'd7;
  logic [2:0]           chunk, stored_class, class_now;
  logic [ChunkBits-1:0] stored;
  logic                 known, is_end;
  logic [3:0]           opcode_reason;
  logic [1:0]           unused_unit;
  logic [4:0]           unused_broken;
  hil_form #(
    .Fields(1'b1)
  ) u_opcode (
    .word_i  (128'(gathered[hil_contract_pkg::OpcodeLsb+:6])),
    .known_o (known),
    .unit_o  (unused_unit),
    .end_o   (is_end),
    .reason_o(opcode_reason),
    .broken_o(unused_broken)
  );
  assign chunk        = beat_q[BeatW-1-:3];
  assign stored_class = !known ? ClassUnknown : is_end ? ClassEnd : opcode_reason == hil_contract_pkg::TrapNotOnThisMachine ? ClassAbsent
      : gathered[hil_contract_pkg::OpcodeLsb+3+:3];
  assign stored       = chunk == '0 ? {gathered[ChunkBits-1:6], stored_class, gathered[2:0]} : gathered;

  hil_ram_1r1w #(
    .Width(ChunkBits),
    .Depth(16 * hil_machine_pkg::FetchInstructions),
    .AddrW(SlotW + 3)
  ) u_chunks (
    .clk_i,
    .we_i   (chunk_last),
    .waddr_i({write_q, chunk}),
    .wdata_i(stored),
    .re_i   (read_i),
    .raddr_i({next_slot_i, next_chunk_i}),
    .rdata_o(chunk_o)
  );

  assign class_now = chunk_o[hil_contract_pkg::OpcodeLsb+3+:3];
  assign known_o   = class_now != ClassUnknown;
  assign end_o     = class_now == ClassEnd;
  // Of ClassAbsent it is Store.
  assign unit_o    = class_now == ClassAbsent ? 2'(hil_contract_pkg::UnitStore) : 2'(class_now - 1'b1);

  // The first END: bits that it does not have, then tokens.
  logic now_end_q, found_q, reserved, reserved_q, tokens_q;
  assign reserved     = (chunk == '0 ? gathered & ~hil_contract_pkg::EndUsedBits[ChunkBits-1:0] : gathered) != '0;
  assign reason_o     = !known_o ? hil_contract_pkg::TrapIllegalOpcode
      : class_now == ClassAbsent ? hil_contract_pkg::TrapNotOnThisMachine
      : !end_o ? hil_contract_pkg::TrapNone
      : reserved_q ? hil_contract_pkg::TrapReservedBits
      : tokens_q ? hil_contract_pkg::TrapOwnUnitToken : hil_contract_pkg::TrapNone;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      now_end_q <= 1'b0;
      found_q   <= 1'b0;
    end else if (chunk_last && !found_q) begin
      if (chunk == '0) begin
        now_end_q  <= is_end;
        tokens_q   <= gathered[hil_contract_pkg::WaitLsb+:8] != '0;
        reserved_q <= reserved;
      end else begin
        if (reserved) reserved_q <= 1'b1;
        found_q <= now_end_q && whole;
      end
    end
  end
endmodule
