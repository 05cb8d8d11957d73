// The arbiter of the one main-memory port: grants whole bursts by priority fetch, store, load (timing, section 5).
// Latency: none; a request is granted in its own cycle if the port is free. Throughput: one burst at a time.
// Ordering: by priority only. The burst ends in the cycle of mem_last_i, which the memory controller gives.
// Not checked: that a burst stays within a region and its largest burst; whoever asks sees to it.
module hil_port (
  input  logic                             clk_i,
  input  logic                             rst_i,
  input  logic                             fetch_request_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] fetch_addr_i,
  input  logic [hil_machine_pkg::BurstW-1:0]  fetch_bytes_i,
  input  logic                             store_request_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] store_addr_i,
  input  logic [hil_machine_pkg::BurstW-1:0]  store_bytes_i,
  input  logic                             load_request_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] load_addr_i,
  input  logic [hil_machine_pkg::BurstW-1:0]  load_bytes_i,
  output logic                             fetch_grant_o,
  output logic                             store_grant_o,
  output logic                             load_grant_o,
  // Owner of the burst under way, and its last cycle.
  output logic                             fetch_last_o,
  output logic                             store_last_o,
  output logic                             load_last_o,
  output logic                             fetch_active_o,
  output logic                             load_active_o,
  output logic                             occupied_o,
  // Bytes of the burst under way, from the cycle after its grant on.
  output logic [hil_machine_pkg::BurstW-1:0]  bytes_o,
  // To the memory controller, in the grant cycle.
  output logic                             mem_start_o,
  output logic                             mem_write_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] mem_addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]  mem_bytes_o,
  input  logic                             mem_last_i
);
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;

  logic              occupied_q;
  logic [2:0]        owner_q;
  logic [2:0]        grant;
  logic [BurstW-1:0] bytes_q;

  assign grant[0] = !occupied_q && fetch_request_i;
  assign grant[1] = !occupied_q && store_request_i && !fetch_request_i;
  assign grant[2] = !occupied_q && load_request_i && !store_request_i && !fetch_request_i;

  assign mem_start_o = |grant;
  assign mem_write_o = grant[1];
  assign mem_addr_o  = fetch_request_i ? fetch_addr_i : store_request_i ? store_addr_i : load_addr_i;
  assign mem_bytes_o = fetch_request_i ? fetch_bytes_i : store_request_i ? store_bytes_i : load_bytes_i;

  assign fetch_grant_o  = grant[0];
  assign store_grant_o  = grant[1];
  assign load_grant_o   = grant[2];
  assign fetch_last_o   = owner_q[0] && mem_last_i;
  assign store_last_o   = owner_q[1] && mem_last_i;
  assign load_last_o    = owner_q[2] && mem_last_i;
  assign fetch_active_o = owner_q[0];
  assign load_active_o  = owner_q[2];
  assign occupied_o     = occupied_q;
  assign bytes_o        = bytes_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      occupied_q <= 1'b0;
      owner_q    <= '0;
    end else if (mem_start_o) begin
      occupied_q <= 1'b1;
      owner_q    <= grant;
    end else if (mem_last_i) begin
      occupied_q <= 1'b0;
      owner_q    <= '0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (mem_start_o) bytes_q <= mem_bytes_o;
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      assert (!mem_last_i || occupied_q)
      else $error("end of a burst that was not granted");
    end
  end
`endif
endmodule
