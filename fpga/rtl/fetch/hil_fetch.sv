// Fetch: reads instructions through the port in bursts into a buffer of twice as many (timing, section 3).
// Latency: Request in the cycle after Idle found room; instructions appear in the cycle after their burst's last.
// Throughput: one burst at a time. Ordering: program order.
// Not checked: that END comes last, that entry_i is a multiple of a burst; nothing is fetched beyond count_i instructions.
module hil_fetch (
  input  logic                              clk_i,
  input  logic                              rst_i,
  input  logic                              running_i,
  input  logic                              trapped_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] entry_i,
  input  logic [hil_machine_pkg::IndexW-1:0]   count_i,
  output logic                              request_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]   bytes_o,
  input  logic                              grant_i,
  input  logic                              active_i,
  input  logic                              last_i,
  input  logic                              beat_i,
  input  logic [hil_machine_pkg::PortBits-1:0] data_i,
  output logic                              in_burst_o,
  // The head of the buffer: what the dispatcher has to know of its form (by chunks: with chunk 0, of an END only), its place in the segment,
  // and its word by chunks, chunk chunk_o in each cycle.
  output logic                              valid_o,
  output logic                              known_o,
  output logic                              end_o,
  output logic [1:0]                        unit_o,
  output logic [3:0]                        reason_o,
  output logic [hil_machine_pkg::IndexW-1:0]   index_o,
  // Trapped: the first instruction that had not been dispatched in the cycle of the trap.
  output logic [hil_machine_pkg::IndexW-1:0]   trap_index_o,
  output logic [hil_machine_pkg::ChunkBits-1:0] chunk_o,
  // The chunk that is wanted in the next cycle, if the head stays; the head leaves.
  input  logic [2:0]                        next_chunk_i,
  input  logic                              pop_i
);
  localparam int unsigned N = hil_machine_pkg::FetchInstructions;
  localparam int unsigned IndexW = hil_machine_pkg::IndexW;
  localparam int unsigned SlotW = $clog2(2 * N);
  localparam int unsigned CountW = $clog2(2 * N + 1);

  typedef enum logic [1:0] {
    Idle,
    Request,
    Burst
  } state_e;

  // Bursts of N instructions, the last one of what is left: burst_q counts those that were granted, whole_q says that one more is whole (a cycle
  // later, which is before it is asked for), rest_q that the last one was granted. ask_q is the number of instructions of the one under way.
  localparam int unsigned BurstShift = $clog2(N);
  localparam int unsigned BurstsW = IndexW - BurstShift;
  localparam int unsigned AddrShift = BurstShift + 4;

  state_e             state_q, state_d;
  logic [BurstsW-1:0] burst_q;
  logic [IndexW-1:0]  head_q;
  logic [CountW-1:0]  buffered_q, ask, ask_q, rest;
  logic [SlotW-1:0]   read_q;
  logic               more, room, append, whole_q, rest_q, popped_q;

  assign rest  = CountW'(count_i & IndexW'(N - 1));
  assign more  = whole_q || (rest != '0 && !rest_q);
  assign ask   = whole_q ? CountW'(N) : rest;
  assign room  = (CountW+1)'(buffered_q) + (CountW+1)'(ask) <= (CountW+1)'(2 * N);

  assign request_o  = state_q == Request && !trapped_i;
  assign addr_o     = {entry_i[hil_machine_pkg::MainAddrW-1:AddrShift] + (hil_machine_pkg::MainAddrW-AddrShift)'(burst_q), {AddrShift{1'b0}}};
  assign bytes_o    = hil_machine_pkg::BurstW'(ask) << 4;
  assign in_burst_o = state_q == Burst;
  assign append     = state_q == Burst && last_i;

  assign valid_o = buffered_q != '0;
  // What leaves in the cycle of a trap is not counted.
  assign index_o      = head_q + IndexW'(popped_q);
  assign trap_index_o = head_q;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (running_i && !trapped_i && more && room) state_d = Request;
      Request: state_d = trapped_i ? Idle : grant_i ? Burst : Request;
      Burst:   if (last_i) state_d = Idle;
      default: state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q    <= Idle;
      burst_q    <= '0;
      rest_q     <= 1'b0;
      buffered_q <= '0;
      read_q     <= '0;
      head_q     <= '0;
      popped_q   <= 1'b0;
    end else begin
      state_q    <= state_d;
      buffered_q <= buffered_q + (append ? ask_q : '0) - CountW'(pop_i);
      if (grant_i) begin
        ask_q   <= ask;
        burst_q <= burst_q + BurstsW'(whole_q);
        rest_q  <= !whole_q;
      end
      if (pop_i) read_q <= read_q + 1'b1;
      popped_q <= pop_i;
      if (popped_q && !trapped_i) head_q <= head_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) whole_q <= rst_i ? BurstsW'(count_i >> BurstShift) != '0 : burst_q != BurstsW'(count_i >> BurstShift);

  logic unused_entry;
  assign unused_entry = ^entry_i[AddrShift-1:0];

  if (hil_machine_pkg::ChunkBits == 128) begin : gen_wide
    hil_buffer_wide u_buffer (
      .clk_i,
      .rst_i,
      .beat_i  (active_i && beat_i),
      .data_i,
      .slot_i  (read_q),
      .known_o,
      .end_o,
      .unit_o,
      .reason_o,
      .word_o  (chunk_o)
    );
    logic unused;
    assign unused = ^next_chunk_i;
  end else begin : gen_narrow
    // The next cycle's head may be read if it is there then.
    hil_buffer_narrow u_buffer (
      .clk_i,
      .rst_i,
      .beat_i  (active_i && beat_i),
      .data_i,
      .read_i  (append || buffered_q > CountW'(pop_i)),
      .next_slot_i (read_q + SlotW'(pop_i)),
      .next_chunk_i(pop_i ? 3'd0 : next_chunk_i),
      .known_o,
      .end_o,
      .unit_o,
      .reason_o,
      .chunk_o
    );
  end
endmodule
