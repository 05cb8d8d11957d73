// Properties of hil_port_engine: instructions of any length from any address of a region on, granted and ended whenever the port likes.
module formal_port_engine (
  input logic                                  clk_i,
  input logic                                  rst_i,
  input logic                                  start_i,
  input logic [hil_machine_pkg::MainAddrW-1:0] addr_i,
  input logic [hil_machine_pkg::LengthW-1:0]   length_i,
  input logic                                  grant_i,
  input logic                                  burst_last_i
);
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned LengthW = hil_machine_pkg::LengthW;
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;

  logic                 request, waiting, last;
  logic [MainAddrW-1:0] addr;
  logic [BurstW-1:0]    bytes, most, behind;
  hil_largest_burst u_most (
    .addr_i,
    .most_o  (most),
    .behind_o(behind)
  );
  hil_port_engine dut (
    .clk_i,
    .rst_i,
    .start_i,
    .addr_i,
    .most_i   (most),
    .reach_i  (length_i + LengthW'(behind)),
    .request_o(request),
    .addr_o   (addr),
    .bytes_o  (bytes),
    .grant_i,
    .burst_last_i,
    .waiting_o(waiting),
    .last_o   (last)
  );

  // What the engine owes: it runs; a burst is under way; bytes moved; the cycles since the end of the last burst.
  logic                 runs_q, burst_q;
  logic [1:0]           tail_q;
  logic [MainAddrW-1:0] first_q;
  logic [BurstW-1:0]    most_q;
  logic [LengthW-1:0]   length_q, moved_q, left;
  assign left = length_q - moved_q;

  initial assume (rst_i);
  always_comb begin
    // No instruction is longer than main memory.
    assume (!start_i || (!runs_q && length_i != '0 && !length_i[LengthW-1]));
    assume (!grant_i || request);
    assume (!burst_last_i || burst_q);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      runs_q  <= 1'b0;
      burst_q <= 1'b0;
      tail_q  <= '0;
    end else begin
      if (start_i) runs_q <= 1'b1;
      else if (tail_q == 2'd2) runs_q <= 1'b0;
      if (grant_i) burst_q <= 1'b1;
      else if (burst_last_i) burst_q <= 1'b0;
      tail_q <= burst_last_i && moved_q == length_q ? 2'd1 : tail_q == 2'd1 ? 2'd2 : 2'd0;
    end
    if (start_i) begin
      first_q  <= addr_i;
      most_q   <= most;
      length_q <= length_i;
      moved_q  <= '0;
    end else if (grant_i) moved_q <= moved_q + LengthW'(bytes);
  end

  // Not within the comparison, where Yosys 0.23 lets the sum grow beyond its width.
  logic [MainAddrW-1:0] expected, last_addr, next_addr;
  assign expected  = first_q + MainAddrW'(moved_q);
  assign last_addr = addr + MainAddrW'(bytes) - 1'b1;
  assign next_addr = addr + MainAddrW'(bytes);

  // The engine's own state, so that induction knows it: 0 idle, 1 request, 2 burst, 3 and 4 the tail.
  (* hierconn *) logic [2:0] \dut.state_q ;
  (* hierconn *) logic       \dut.final_q ;
  (* hierconn *) logic [LengthW-1:0] \dut.reach_q ;
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (\dut.state_q == (!runs_q ? 3'd0 : burst_q ? 3'd2 : tail_q != '0 ? 3'd2 + 3'(tail_q) : 3'd1));
      assert (tail_q != 2'd3 && (runs_q || (!burst_q && tail_q == '0)) && (!burst_q || tail_q == '0));
      assert (!runs_q || (moved_q <= length_q && length_q != '0 && !length_q[LengthW-1]));
      assert (!burst_q || \dut.final_q == (left == '0));
      assert (!request || left != '0);
      assert (tail_q == '0 || left == '0);
      assert (request == (runs_q && !burst_q && tail_q == '0));
      assert (waiting == (request && !grant_i));
      assert (last == (tail_q == 2'd2));
      // Between two bursts and before the first: where the next one begins and how much is left, counted from a multiple of the largest burst.
      assert (!request || addr == expected);
      assert (!(runs_q && left != '0) || \dut.reach_q == left + LengthW'(BurstW'(expected) & (most_q - 1'b1)));
      assert (!(burst_q && left != '0) || addr == expected);
      if (request) begin
        // A burst moves something, no more than is left, and stays within a multiple of the region's largest burst; it is shorter than what is
        // left only where it ends at one.
        assert (bytes != '0 && LengthW'(bytes) <= left);
        assert (((addr ^ last_addr) & ~(MainAddrW'(most_q) - 1'b1)) == '0);
        assert (LengthW'(bytes) == left || (BurstW'(next_addr) & (most_q - 1'b1)) == '0);
      end
    end
  end
endmodule
