// When the beats of a burst move: beat j (from 1) in cycle g + LatencyCycles + j * CyclesPerBeat, g being the cycle of start_i; last_o with the
// last beat (docs/timing.md, section 5, without pages).
// Latency: that. Throughput: one burst at a time; the next may start in the cycle after last_o. Ordering: by ascending beat; index_o counts from 0.
// Not checked: bursts of no byte.
module hil_burst_timer #(
  parameter int unsigned LatencyCycles = 0,
  parameter int unsigned CyclesPerBeat = 1,
  parameter int unsigned BeatBytes     = 1,
  parameter int unsigned BurstW        = 9
) (
  input  logic              clk_i,
  input  logic              rst_i,
  input  logic              start_i,
  input  logic [BurstW-1:0] bytes_i,
  output logic              beat_o,
  output logic              last_o,
  output logic [BurstW-1:0] index_o,
  // Bytes of the burst that are left, those of this beat included.
  output logic [BurstW-1:0] left_o
);
  localparam int unsigned Most = LatencyCycles + CyclesPerBeat;
  localparam int unsigned WaitW = $clog2(Most + 1);

  if (CyclesPerBeat < 1 || BeatBytes < 1) $error("a beat takes a cycle and moves a byte at least");

  logic              active_q;
  logic [WaitW-1:0]  wait_q;
  logic [BurstW-1:0] left_q, index_q;

  assign beat_o  = active_q && wait_q == WaitW'(1);
  assign last_o  = beat_o && left_q <= BurstW'(BeatBytes);
  assign index_o = index_q;
  assign left_o  = left_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) active_q <= 1'b0;
    else if (start_i) active_q <= 1'b1;
    else if (last_o) active_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      wait_q  <= WaitW'(Most);
      left_q  <= bytes_i;
      index_q <= '0;
    end else if (beat_o) begin
      wait_q  <= WaitW'(CyclesPerBeat);
      left_q  <= left_q - BurstW'(BeatBytes);
      index_q <= index_q + 1'b1;
    end else begin
      wait_q <= wait_q - 1'b1;
    end
  end

`ifdef HIL_ASSERT
  // The rules of the header: one burst at a time, and it ends in the cycle that its length says.
  logic [31:0] age_q, length_q;
  always_ff @(posedge clk_i) begin
    age_q <= start_i ? 32'd1 : age_q + 32'd1;
    if (start_i) length_q <= LatencyCycles + (32'(bytes_i) + BeatBytes - 1) / BeatBytes * CyclesPerBeat;
    if (!rst_i) begin
      assert (!start_i || (!active_q && bytes_i != '0))
      else $error("a burst starts within another one, or has no byte");
      assert (!last_o || age_q == length_q)
      else $error("a burst takes %0d cycles and should take %0d", age_q, length_q);
    end
  end
`endif
endmodule
