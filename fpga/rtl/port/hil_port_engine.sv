// How a port instruction executes: Request, Burst, ... , tail of two cycles (timing, section 5). Used by Load and Store.
// A burst ends at a multiple of the region's largest one, the last burst with the instruction: so the next one begins at such a multiple, and what is
// left is counted from the multiple at or below the address on.
// Latency: Request from the cycle after start_i; last_o two cycles after the last burst's end. Throughput: one instruction at a time.
// Ordering: bursts by ascending address. waiting_o is set in Request cycles without a grant.
module hil_port_engine (
  input  logic                             clk_i,
  input  logic                             rst_i,
  input  logic                             start_i,
  input  logic [hil_machine_pkg::MainAddrW-1:0] addr_i,
  // Of the region: its largest burst; bytes from the multiple of it at or below the address to the instruction's last one.
  input  logic [hil_machine_pkg::BurstW-1:0]  most_i,
  input  logic [hil_machine_pkg::LengthW-1:0] reach_i,
  output logic                             request_o,
  // The burst that is asked for.
  output logic [hil_machine_pkg::MainAddrW-1:0] addr_o,
  output logic [hil_machine_pkg::BurstW-1:0]  bytes_o,
  input  logic                             grant_i,
  input  logic                             burst_last_i,
  output logic                             waiting_o,
  output logic                             last_o
);
  localparam int unsigned MainAddrW = hil_machine_pkg::MainAddrW;
  localparam int unsigned BurstW = hil_machine_pkg::BurstW;
  localparam int unsigned LengthW = hil_machine_pkg::LengthW;

  typedef enum logic [2:0] {
    Idle,
    Request,
    Burst,
    Tail1,
    Tail2
  } state_e;

  state_e               state_q, state_d;
  logic [MainAddrW-1:0] addr_q;
  logic [LengthW-1:0]   reach_q;
  logic [BurstW-1:0]    most, offset;
  logic                 is_final, final_q;

  assign offset    = BurstW'(addr_q) & (most - 1'b1);
  assign is_final  = reach_q <= LengthW'(most);
  assign request_o = state_q == Request;
  assign waiting_o = request_o && !grant_i;
  assign last_o    = state_q == Tail2;
  assign addr_o    = addr_q;
  assign bytes_o   = (is_final ? reach_q[BurstW-1:0] : most) - offset;

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
    if (grant_i) final_q <= is_final;
  end

  if (hil_machine_pkg::RegionCount == 1) begin : gen_one
    localparam int unsigned Shift = $clog2(hil_machine_pkg::LargestBurstBytes);
    assign most = BurstW'(hil_machine_pkg::LargestBurstBytes);
    logic [Shift-1:0] addr_low_q, reach_low_q;
    assign addr_q[Shift-1:0]  = addr_low_q;
    assign reach_q[Shift-1:0] = reach_low_q;
    hil_counter #(
      .Width(MainAddrW - Shift)
    ) u_addr (
      .clk_i,
      .load_i (start_i),
      .value_i(addr_i[MainAddrW-1:Shift]),
      .step_i (grant_i),
      .count_o(addr_q[MainAddrW-1:Shift])
    );
    hil_counter #(
      .Width(LengthW - Shift),
      .Down (1'b1)
    ) u_reach (
      .clk_i,
      .load_i (start_i),
      .value_i(reach_i[LengthW-1:Shift]),
      .step_i (grant_i),
      .count_o(reach_q[LengthW-1:Shift])
    );
    always_ff @(posedge clk_i) begin
      if (start_i || grant_i) addr_low_q <= start_i ? addr_i[Shift-1:0] : '0;
      if (start_i) reach_low_q <= reach_i[Shift-1:0];
    end
    logic unused;
    assign unused = ^most_i;
  end else begin : gen_several
    logic [BurstW-1:0] most_q;
    assign most = most_q;
    always_ff @(posedge clk_i) begin
      if (start_i) begin
        most_q  <= most_i;
        addr_q  <= addr_i;
        reach_q <= reach_i;
      end else if (grant_i) begin
        addr_q  <= addr_q - MainAddrW'(offset) + MainAddrW'(most);
        reach_q <= reach_q - LengthW'(most);
      end
    end
  end
endmodule
