// The memory's side of one port instruction, for benches: grants, beats and ends of bursts with random pauses, and each cycle of the instruction against
// docs/timing.md section 5. Inputs change while the clk is low. For machines of one region.
`timescale 1ns / 100ps
module port_side
  import hil_machine_pkg::*;
(
  input  logic                 clk_i,
  input  logic                 rst_i,
  // An instruction begins: its first byte and how many; 0: it does not use the port. One in pace_i cycles moves something.
  input  logic                 start_i,
  input  int unsigned          main_i,
  input  int unsigned          length_i,
  input  int unsigned          pace_i,
  input  logic                 request_i,
  input  logic [MainAddrW-1:0] addr_i,
  input  logic [BurstW-1:0]    bytes_i,
  input  logic                 waiting_i,
  output logic                 grant_o,
  output logic                 last_o,
  // A beat moves in this cycle, and its first byte's address.
  output logic                 beat_o,
  output int unsigned          at_o,
  // This is the instruction's last cycle, by the contract.
  output logic                 retire_o
);
  if (RegionCount != 1) $error("bursts are cut by the first region's rule");
  localparam int unsigned Most = LargestBurstBytes;

  typedef enum int {Idle, Request, Burst, Tail1, Tail2} state_e;
  state_e      state = Idle;
  int unsigned next, left, ask, sent;
  logic        may_grant = 1'b0, beat = 1'b0, ends = 1'b0;

  assign ask      = left < Most - next % Most ? left : Most - next % Most;
  assign grant_o  = request_i && may_grant;
  assign beat_o   = beat;
  assign at_o     = next + sent;
  assign last_o   = ends;
  assign retire_o = state == Tail2;

  always @(negedge clk_i) begin
    may_grant = $urandom % pace_i == 0;
    beat      = state == Burst && sent < ask && $urandom % pace_i == 0;
    ends      = state == Burst && sent + (beat ? PortBytes : 0) == ask && $urandom % pace_i == 0;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      if (request_i != (state == Request)) $fatal(1, "request %b in state %0d of a port instruction", request_i, state);
      if (request_i && (addr_i != MainAddrW'(next) || bytes_i != BurstW'(ask))) $fatal(1, "asks for %0d bytes at %06x, not %0d at %06x", bytes_i, addr_i, ask, next);
      if (waiting_i != (state == Request && !grant_o)) $fatal(1, "waiting %b in state %0d of a port instruction", waiting_i, state);
    end
    case (state)
      Idle:    if (start_i && length_i != 0) begin
        state <= Request;
        next  <= main_i;
        left  <= length_i;
      end
      Request: if (grant_o) begin
        state <= Burst;
        sent  <= 0;
      end
      Burst: begin
        if (beat) sent <= sent + PortBytes;
        if (ends) begin
          next  <= next + ask;
          left  <= left - ask;
          sent  <= 0;
          state <= left == ask ? Tail1 : Request;
        end
      end
      Tail1:   state <= Tail2;
      default: state <= Idle;
    endcase
    if (rst_i) state <= Idle;
  end
endmodule
