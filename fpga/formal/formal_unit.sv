// Properties of hil_unit: one instruction of any kind is watched from its push to its retirement, among any others.
// Dispatch pushes only where there is room, and by chunks writes nothing while an instruction waits; the engine retires what executes.
module formal_unit (
  input logic         clk_i,
  input logic         rst_i,
  input logic         trapped_i,
  input logic         write_i,
  input logic [127:0] chunk_i,
  input logic [7:0]   index_i,
  input logic [3:0]   available_i,
  input logic         waiting_i,
  input logic         last_i,
  input logic         watch_i
);
  localparam int unsigned QueueDepth = hil_machine_pkg::QueueDepth;
  localparam int unsigned ChunkBits = hil_machine_pkg::ChunkBits;
  localparam int unsigned Chunks = 128 / ChunkBits;

  logic         push, full, empty, start, executing, busy, issue, idle, port_wait;
  logic [3:0]   take, post, stall;
  logic [127:0] word;
  logic [7:0]   index;
  logic [2:0]   chunk_q;
  assign push = write_i && chunk_q == 3'(Chunks - 1);
  always_ff @(posedge clk_i) begin
    if (rst_i || push) chunk_q <= '0;
    else if (write_i) chunk_q <= chunk_q + 1'b1;
  end

  hil_unit #(
    .QueueDepth(QueueDepth),
    .IndexW    (8),
    .ChunkBits (ChunkBits)
  ) dut (
    .clk_i,
    .rst_i,
    .trapped_i,
    .write_i,
    .chunk_index_i(chunk_q),
    .chunk_i      (chunk_i[ChunkBits-1:0]),
    .push_i       (push),
    .index_i,
    .full_o       (full),
    .empty_o      (empty),
    .available_i,
    .take_o       (take),
    .post_o       (post),
    .start_o      (start),
    .word_o       (word),
    .waiting_i,
    .last_i,
    .executing_o  (executing),
    .index_o      (index),
    .busy_o       (busy),
    .issue_o      (issue),
    .idle_o       (idle),
    .port_wait_o  (port_wait),
    .stall_o      (stall)
  );

  initial assume (rst_i);
  always_comb begin
    assume (!write_i || !full);
    assume (!last_i || executing);
  end

  // What was pushed and not started: 0 to QueueDepth. The watched one: gathered, its place from the head, and where it is.
  logic [2:0]   count_q, place_q;
  logic         queued_q, runs_q, seen_q;
  logic [127:0] gather_q, gathered, word_q;
  logic [7:0]   index_q;
  if (Chunks == 1) begin : gen_whole
    assign gathered = chunk_i;
  end else begin : gen_chunks
    assign gathered = {chunk_i[ChunkBits-1:0], gather_q[127:ChunkBits]};
  end
  always_ff @(posedge clk_i) begin
    if (write_i) gather_q <= gathered;
    if (rst_i) begin
      count_q  <= '0;
      queued_q <= 1'b0;
      runs_q   <= 1'b0;
      seen_q   <= 1'b0;
    end else begin
      count_q <= count_q + {2'b0, push} - {2'b0, start};
      if (push && watch_i && !seen_q) begin
        seen_q   <= 1'b1;
        queued_q <= 1'b1;
        place_q  <= count_q - {2'b0, start};
        word_q   <= gathered;
        index_q  <= index_i;
      end else if (queued_q && start) begin
        place_q <= place_q - 1'b1;
        if (place_q == '0) begin
          queued_q <= 1'b0;
          runs_q   <= 1'b1;
        end
      end
      if (runs_q && last_i) runs_q <= 1'b0;
    end
  end

  logic [3:0] awaited;
  assign awaited = word[hil_contract_pkg::WaitLsb+:4];
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (full == (count_q == 3'(QueueDepth)));
      assert (empty == (count_q == '0));
      // Starts at once, in order, one at a time, with all tokens and without a trap.
      assert (start == (!empty && !executing && !trapped_i && (awaited & ~available_i) == '0));
      assert (take == (start ? awaited : 4'h0));
      assert (!(queued_q && place_q == '0) || word == word_q);
      // Executes until it retires, and gives its tokens then.
      assert (!runs_q || (executing && index == index_q));
      assert (!runs_q || post == (last_i ? word_q[hil_contract_pkg::PostLsb+:4] : 4'h0));
      assert (last_i || post == '0);
      // What a cycle counts as.
      assert (busy == (executing && !waiting_i) && port_wait == (executing && waiting_i) && issue == start);
      assert (idle == (!executing && (empty || trapped_i)));
      // The lowest of those that are missing.
      assert (stall == '0 || ((stall & awaited & ~available_i) == stall && (awaited & ~available_i & (stall - 4'd1)) == '0));
    end
  end
endmodule
