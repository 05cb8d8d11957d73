// What all four units have in common: the queue, the start by tokens, and what each cycle counts as (timing, section 4).
// Latency: an instruction pushed in one cycle can start in the next; its engine executes from the cycle after start_o to that of last_i.
// Throughput: one instruction at a time, in order. Ordering: program order within the unit.
// Exactly one of busy_o, issue_o, idle_o, port_wait_o and a bit of stall_o is set in each cycle.
module hil_unit #(
  parameter int unsigned QueueDepth = 1,
  parameter int unsigned IndexW     = 24,
  parameter int unsigned ChunkBits  = 128
) (
  input  logic              clk_i,
  input  logic              rst_i,
  input  logic              trapped_i,
  // A chunk of an instruction for this unit; with the last one comes push_i.
  input  logic              write_i,
  input  logic [2:0]        chunk_index_i,
  input  logic [ChunkBits-1:0] chunk_i,
  input  logic              push_i,
  input  logic [IndexW-1:0] index_i,
  output logic              full_o,
  output logic              empty_o,
  // Tokens from each unit that are there; those taken; those given at retirement.
  input  logic [3:0]        available_i,
  output logic [3:0]        take_o,
  output logic [3:0]        post_o,
  // The engine: word_o is valid with start_o.
  output logic              start_o,
  output logic [127:0]      word_o,
  input  logic              waiting_i,
  input  logic              last_i,
  output logic              executing_o,
  output logic [IndexW-1:0] index_o,
  output logic              busy_o,
  output logic              issue_o,
  output logic              idle_o,
  output logic              port_wait_o,
  output logic [3:0]        stall_o
);
  localparam int unsigned CountW = $clog2(QueueDepth + 1);

  logic [127:0]      head;
  logic [IndexW-1:0] head_index;
  logic [CountW-1:0] count_q;
  logic              executing_q;
  logic [3:0]        running_post_q;
  logic [IndexW-1:0] running_index_q;

  logic [3:0] missing;
  logic       ready;

  assign word_o  = head;
  assign full_o  = count_q == CountW'(QueueDepth);
  assign empty_o = count_q == '0;
  assign missing = word_o[hil_contract_pkg::WaitLsb+:4] & ~available_i;
  assign ready   = !executing_q && !trapped_i && !empty_o;
  assign start_o = ready && missing == '0;

  assign take_o      = start_o ? word_o[hil_contract_pkg::WaitLsb+:4] : '0;
  assign post_o      = last_i ? running_post_q : '0;
  assign executing_o = executing_q;
  assign index_o     = running_index_q;

  assign busy_o      = executing_q && !waiting_i;
  assign port_wait_o = executing_q && waiting_i;
  assign issue_o     = start_o;
  assign idle_o      = !executing_q && (trapped_i || empty_o);
  // The lowest-numbered unit of those awaited.
  assign stall_o     = ready ? missing & (~missing + 1'b1) : '0;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      count_q        <= '0;
      executing_q    <= 1'b0;
      running_post_q <= '0;
    end else begin
      count_q <= count_q + CountW'(push_i) - CountW'(start_o);
      if (start_o) begin
        executing_q     <= 1'b1;
        running_post_q  <= word_o[hil_contract_pkg::PostLsb+:4];
        running_index_q <= head_index;
      end else if (last_i) begin
        executing_q <= 1'b0;
      end
    end
  end

  if (ChunkBits == 128) begin : gen_whole
    // The queue moves towards entry 0; a push goes behind what remains.
    localparam int unsigned W = 128 + IndexW;
    logic [W-1:0] entry_q[0:QueueDepth-1];
    assign {head_index, head} = entry_q[0];
    always_ff @(posedge clk_i) begin
      for (int unsigned e = 0; e < QueueDepth; e++) begin
        if (push_i && CountW'(e) == count_q - CountW'(start_o)) entry_q[e] <= {index_i, chunk_i};
        else if (start_o && e + 1 < QueueDepth) entry_q[e] <= entry_q[e+1<QueueDepth?e+1 : e];
      end
    end
    logic unused;
    assign unused = ^{write_i, chunk_index_i};
  end else begin : gen_chunks
    // One instruction is gathered at a time: nothing is written while one waits.
    if (QueueDepth != 1) $error("a queue of chunks holds one instruction");
    logic [127:0]      entry_q;
    logic [IndexW-1:0] entry_index_q;
    assign head       = entry_q;
    assign head_index = entry_index_q;
    always_ff @(posedge clk_i) begin
      for (int unsigned k = 0; k < 128 / ChunkBits; k++) begin
        if (write_i && chunk_index_i == 3'(k)) entry_q[k*ChunkBits+:ChunkBits] <= chunk_i;
      end
      if (push_i) entry_index_q <= index_i;
    end
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert ($onehot({busy_o, issue_o, idle_o, port_wait_o, stall_o}))
      else $error("a cycle counts under one name only");
      assert (!push_i || !full_o)
      else $error("push into a full queue");
      assert (!last_i || executing_q)
      else $error("retirement of nothing");
    end
  end
`endif
endmodule
