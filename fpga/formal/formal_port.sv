// Properties of hil_port: requests of any kind; the memory ends a burst only while one is under way.
module formal_port (
  input logic                                    clk_i,
  input logic                                    rst_i,
  input logic                                    fetch_request_i,
  input logic [hil_machine_pkg::MainAddrW-1:0]   fetch_addr_i,
  input logic [hil_machine_pkg::BurstW-1:0]      fetch_bytes_i,
  input logic                                    store_request_i,
  input logic [hil_machine_pkg::MainAddrW-1:0]   store_addr_i,
  input logic [hil_machine_pkg::BurstW-1:0]      store_bytes_i,
  input logic                                    load_request_i,
  input logic [hil_machine_pkg::MainAddrW-1:0]   load_addr_i,
  input logic [hil_machine_pkg::BurstW-1:0]      load_bytes_i,
  input logic                                    mem_last_i
);
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;

  logic fetch_grant, store_grant, load_grant, fetch_last, store_last, load_last, fetch_active, load_active, occupied, start, write;
  logic [BurstW-1:0]    bytes, mem_bytes;
  logic [MainAddrW-1:0] addr;
  hil_port dut (
    .clk_i,
    .rst_i,
    .fetch_request_i,
    .fetch_addr_i,
    .fetch_bytes_i,
    .store_request_i,
    .store_addr_i,
    .store_bytes_i,
    .load_request_i,
    .load_addr_i,
    .load_bytes_i,
    .fetch_grant_o (fetch_grant),
    .store_grant_o (store_grant),
    .load_grant_o  (load_grant),
    .fetch_last_o  (fetch_last),
    .store_last_o  (store_last),
    .load_last_o   (load_last),
    .fetch_active_o(fetch_active),
    .load_active_o (load_active),
    .occupied_o    (occupied),
    .bytes_o       (bytes),
    .mem_start_o   (start),
    .mem_write_o   (write),
    .mem_addr_o    (addr),
    .mem_bytes_o   (mem_bytes),
    .mem_last_i
  );

  initial assume (rst_i);
  always_comb begin
    assume (!mem_last_i || occupied);
    assume (!fetch_request_i || fetch_bytes_i != '0);
    assume (!store_request_i || store_bytes_i != '0);
    assume (!load_request_i || load_bytes_i != '0);
  end

  // Who owns the port: 0 nobody, 1 fetch, 2 store, 3 load.
  logic [1:0]        owner_q;
  logic [BurstW-1:0] granted_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) owner_q <= '0;
    else if (owner_q == '0) owner_q <= fetch_request_i ? 2'd1 : store_request_i ? 2'd2 : load_request_i ? 2'd3 : 2'd0;
    else if (mem_last_i) owner_q <= '0;
    if (start) granted_q <= mem_bytes;
  end

  // The port's own state, so that induction knows it: a bit an owner.
  (* hierconn *) logic [2:0] \dut.owner_q ;
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (\dut.owner_q == {owner_q == 2'd3, owner_q == 2'd2, owner_q == 2'd1});
      assert (occupied == (owner_q != '0));
      assert (fetch_active == (owner_q == 2'd1) && load_active == (owner_q == 2'd3));
      assert (fetch_last == (mem_last_i && owner_q == 2'd1));
      assert (store_last == (mem_last_i && owner_q == 2'd2));
      assert (load_last == (mem_last_i && owner_q == 2'd3));
      // In its own cycle, by priority, one at most.
      assert (fetch_grant == (owner_q == '0 && fetch_request_i));
      assert (store_grant == (owner_q == '0 && store_request_i && !fetch_request_i));
      assert (load_grant == (owner_q == '0 && load_request_i && !store_request_i && !fetch_request_i));
      assert (start == (fetch_grant || store_grant || load_grant));
      if (start) begin
        assert (write == store_grant);
        assert (addr == (fetch_grant ? fetch_addr_i : store_grant ? store_addr_i : load_addr_i));
        assert (mem_bytes == (fetch_grant ? fetch_bytes_i : store_grant ? store_bytes_i : load_bytes_i));
      end
      assert (!occupied || bytes == granted_q);
    end
  end
endmodule
