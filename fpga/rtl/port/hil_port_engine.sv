// How a port instruction executes: Request, Burst, ... , tail of two cycles (timing, section 5). Used by Load and Store.
// Latency: Request from the cycle after start_i; last_o two cycles after the last burst's end. Throughput: one instruction at a time.
// Ordering: bursts by ascending address. waiting_o is set in Request cycles without a grant.
module hil_port_engine (
  input  logic                             clk_i,
  input  logic                             rst_i,
  input  logic                             start_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] addr_i,
  input  logic [hil_machine_pkg::LengthW-1:0] length_i,
  output logic                             request_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] addr_o,
  output logic [hil_machine_pkg::LengthW-1:0] left_o,
  input  logic                             grant_i,
  // The burst that is granted in this cycle is the last one; the bytes of the one under way.
  input  logic                             final_i,
  input  logic [hil_machine_pkg::BurstW-1:0]  bytes_i,
  input  logic                             burst_last_i,
  output logic                             waiting_o,
  output logic                             last_o
);
  typedef enum logic [2:0] {
    Idle,
    Request,
    Burst,
    Tail1,
    Tail2
  } state_e;

  state_e                           state_q, state_d;
  logic [hil_machine_pkg::MainAddrW-1:0] addr_q;
  logic [hil_machine_pkg::LengthW-1:0] left_q;
  logic                             final_q, granted_q;

  assign request_o = state_q == Request;
  assign waiting_o = request_o && !grant_i;
  assign last_o    = state_q == Tail2;
  assign addr_o    = addr_q;
  assign left_o    = left_q;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (start_i) state_d = Request;
      Request: if (grant_i) state_d = Burst;
      Burst:   if (burst_last_i) state_d = final_q ? Tail1 : Request;
      Tail1:   state_d = Tail2;
      Tail2:   state_d = Idle;
      default: state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= Idle;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      addr_q <= addr_i;
      left_q <= length_i;
    end else if (granted_q) begin
      // A cycle after the grant, before the next request.
      addr_q <= addr_q + hil_machine_pkg::MainAddrW'(bytes_i);
      left_q <= left_q - hil_machine_pkg::LengthW'(bytes_i);
    end
    granted_q <= grant_i;
    if (grant_i) final_q <= final_i;
  end
endmodule
