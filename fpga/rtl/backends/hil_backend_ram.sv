// Main memory in the chip's own RAM: a back end of the core's memory port, for a region that is read and written.
// A word of WordBytes holds one beat or several; the memory is hil_ram_1rw, which a board may replace by its blocks (SPRAM on the iCE40).
// Latency: a burst of n bytes ends LatencyCycles + ceil(n / BeatBytes) cycles after start_i, with ReadLatencyCycles >= 1 and
// WriteLatencyCycles >= 0. Throughput: one beat a cycle. Ordering: by ascending address, one burst at a time.
// write_o takes a beat of wdata_i in its own cycle; its bytes beyond the burst are not written.
// Not checked: bursts beyond the memory; addresses that are no multiple of a beat.
module hil_backend_ram #(
  parameter int unsigned AddrW              = 24,
  parameter int unsigned BurstW             = 9,
  parameter int unsigned BeatBytes          = 1,
  parameter int unsigned WordBytes          = 4,
  parameter int unsigned Words              = 16384,
  parameter int unsigned ReadLatencyCycles  = 1,
  parameter int unsigned WriteLatencyCycles = 0
) (
  input  logic                   clk_i,
  input  logic                   rst_i,
  input  logic                   start_i,
  input  logic                   is_write_i,
  input  logic [AddrW-1:0]       addr_i,
  input  logic [BurstW-1:0]      bytes_i,
  output logic                   read_o,
  output logic [8*BeatBytes-1:0] rdata_o,
  output logic                   write_o,
  input  logic [8*BeatBytes-1:0] wdata_i,
  output logic                   last_o
);
  localparam int unsigned Lanes = WordBytes / BeatBytes;
  localparam int unsigned LaneW = Lanes > 1 ? $clog2(Lanes) : 1;
  localparam int unsigned BeatShift = $clog2(BeatBytes);
  localparam int unsigned WordAddrW = $clog2(Words);
  // Beats of the whole memory.
  localparam int unsigned PlaceW = WordAddrW + (Lanes > 1 ? LaneW : 0);

  if (Lanes * BeatBytes != WordBytes || (Lanes & (Lanes - 1)) != 0) $error("a word holds 1, 2, 4, ... beats");
  if (ReadLatencyCycles < 1) $error("the memory answers in the cycle after a read");
  if (AddrW < PlaceW + BeatShift) $error("the memory is larger than its addresses reach");

  logic              write_q, read_beat, read_last, write_last, read_last_q;
  logic [PlaceW-1:0] first_q, place;
  logic [BurstW-1:0] read_index, write_index, write_left, read_left;
  logic [LaneW-1:0]  lane, lane_q;

  hil_burst_timer #(
    .LatencyCycles(ReadLatencyCycles - 1), .CyclesPerBeat(1), .BeatBytes(BeatBytes), .BurstW(BurstW)
  ) u_read (
    .clk_i, .rst_i, .start_i(start_i && !is_write_i), .bytes_i, .beat_o(read_beat), .last_o(read_last), .index_o(read_index), .left_o(read_left)
  );
  hil_burst_timer #(
    .LatencyCycles(WriteLatencyCycles), .CyclesPerBeat(1), .BeatBytes(BeatBytes), .BurstW(BurstW)
  ) u_write (
    .clk_i, .rst_i, .start_i(start_i && is_write_i), .bytes_i, .beat_o(write_o), .last_o(write_last), .index_o(write_index), .left_o(write_left)
  );

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      first_q <= addr_i[BeatShift+:PlaceW];
      write_q <= is_write_i;
    end
  end
  assign place = first_q + (write_q ? PlaceW'(write_index) : PlaceW'(read_index));

  logic [WordBytes-1:0]   be;
  logic [BeatBytes-1:0]   beat_be;
  logic [8*WordBytes-1:0] word;
  if (Lanes > 1) begin : gen_lanes
    assign lane = place[LaneW-1:0];
  end else begin : gen_one
    assign lane = '0;
  end
  always_comb begin
    for (int unsigned b = 0; b < BeatBytes; b++) beat_be[b] = write_left > BurstW'(b);
  end
  assign be = WordBytes'(beat_be) << (32'(lane) * BeatBytes);

  hil_ram_1rw #(
    .Bytes(WordBytes), .Depth(Words), .AddrW(WordAddrW)
  ) u_ram (
    .clk_i,
    .en_i   (read_beat || write_o),
    .we_i   (write_o),
    .be_i   (be),
    .addr_i (place[PlaceW-1-:WordAddrW]),
    .wdata_i({Lanes{wdata_i}}),
    .rdata_o(word)
  );

  always_ff @(posedge clk_i) begin
    read_o      <= !rst_i && read_beat;
    read_last_q <= !rst_i && read_last;
    lane_q      <= lane;
  end
  assign rdata_o = word[32'(lane_q)*8*BeatBytes+:8*BeatBytes];
  assign last_o  = read_last_q || write_last;

  // Bytes of a beat that the burst does not want are read all the same.
  logic unused;
  assign unused = ^{read_left, addr_i};

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    if (!rst_i && start_i) begin
      assert ((32'(addr_i) & (BeatBytes - 1)) == 0)
      else $error("a burst starts within a beat");
      assert (32'(addr_i) + 32'(bytes_i) <= Words * WordBytes)
      else $error("a burst leaves the memory");
    end
  end
`endif
endmodule
