// The performance counters of the contract (timing, sections 3, 4, 7 and 11), in the order of the register map, and behind them its identity.
// Latency: an event of a cycle is counted at its end; a selected part is at word_o in the next cycle, of the basic set only while ready_o
// (hil_counters_basic). Throughput: all events in each cycle.
// Ordering: of the full set, parts 1 to 3 are those of the counter whose part 0 was read last, as it was then. Overflow: 48 bits last for 32 days at 100 MHz.
// Machines with the basic set keep cycles and the units' busy cycles; the others read as zero.
module hil_counters (
  input  logic                             clk_i,
  input  logic                             rst_i,
  input  logic                             running_i,
  input  logic [3:0]                       busy_i,
  input  logic [3:0]                       issue_i,
  input  logic [3:0]                       idle_i,
  input  logic [3:0]                       port_wait_i,
  // Bit u*4+p: unit u waits for a token of unit p.
  input  logic [15:0]                      stall_i,
  input  logic [3:0]                       dispatch_full_i,
  input  logic [3:0]                       retired_i,
  input  logic                             dispatch_busy_i,
  input  logic                             dispatch_starved_i,
  input  logic                             dispatch_draining_i,
  input  logic                             dispatch_stopped_i,
  input  logic                             fetch_last_i,
  input  logic                             load_last_i,
  input  logic                             store_last_i,
  input  logic [hil_machine_pkg::BurstW-1:0]  bytes_i,
  input  logic                             tile_i,
  input  logic                             streamed_row_i,
  // Part 0 of a counter is its low byte, whatever stands above it; parts 1 to 3 are 16 bits each above that. From IdentitySelect on: four halfwords of the
  // registers from offset 0 on.
  output logic                             ready_o,
  input  logic                             read_i,
  input  logic [5:0]                       select_i,
  input  logic [1:0]                       part_i,
  output logic [15:0]                      word_o
);
  localparam int unsigned Count = hil_contract_pkg::CounterCount;
  // Counters that add one at a time come first, the three byte counters after dispatchStopped, then two more of the first kind.
  localparam int unsigned PerUnit = 9;
  localparam int unsigned IdentitySelect = hil_contract_pkg::IdentitySelect;
  if (Count > IdentitySelect || IdentitySelect + hil_contract_pkg::IdentityBytes / 8 != 64) $error("the counters and the identity do not share the port's 64 selections");

  `include "hil_identity.svh"
  localparam logic [8*hil_contract_pkg::IdentityBytes-1:0] Identity = identity();
  logic of_identity;
  assign of_identity = select_i >= 6'(IdentitySelect);

  logic [Count-1:0] event_bits;
  always_comb begin
    event_bits    = '0;
    event_bits[0] = 1'b1;
    for (int unsigned u = 0; u < 4; u++) begin
      event_bits[1+u*PerUnit]   = busy_i[u];
      event_bits[1+u*PerUnit+1] = issue_i[u];
      event_bits[1+u*PerUnit+2] = idle_i[u];
      event_bits[1+u*PerUnit+3] = port_wait_i[u];
      for (int unsigned p = 0; p < 3; p++) begin
        // The three other units, ascending.
        event_bits[1+u*PerUnit+4+p] = stall_i[u*4+(p<u?p : p+1)];
      end
      event_bits[1+u*PerUnit+7] = dispatch_full_i[u];
      event_bits[1+u*PerUnit+8] = retired_i[u];
    end
    event_bits[hil_contract_pkg::CounterDispatchBusy]     = dispatch_busy_i;
    event_bits[hil_contract_pkg::CounterDispatchStarved]  = dispatch_starved_i;
    event_bits[hil_contract_pkg::CounterDispatchDraining] = dispatch_draining_i;
    event_bits[hil_contract_pkg::CounterDispatchStopped]  = dispatch_stopped_i;
    event_bits[hil_contract_pkg::CounterFetchBytes]       = fetch_last_i;
    event_bits[hil_contract_pkg::CounterLoadBytes]        = load_last_i;
    event_bits[hil_contract_pkg::CounterStoreBytes]       = store_last_i;
    event_bits[hil_contract_pkg::CounterTiles]            = tile_i;
    event_bits[hil_contract_pkg::CounterStreamedRows]     = streamed_row_i;
  end

  if (hil_machine_pkg::CountersFull != 0) begin : gen_full
    localparam int unsigned FetchBytes = hil_contract_pkg::CounterFetchBytes;
    localparam int unsigned CounterW = hil_machine_pkg::CounterW;
    localparam int unsigned LowBits = hil_machine_pkg::CounterLowBits;
    logic [CounterW-1:0] value[0:Count-1];
    for (genvar i = 0; i < Count; i++) begin : gen_counter
      logic [CounterW-1:0] count_q;
      always_ff @(posedge clk_i) begin
        if (rst_i) count_q <= '0;
        else if (running_i && event_bits[i]) begin
          count_q <= count_q + (i >= FetchBytes && i < FetchBytes + 3 ? CounterW'(bytes_i) : CounterW'(1));
        end
      end
      assign value[i] = count_q;
    end
    logic [LowBits+47:0] selected;
    logic [47:0]         above_q;
    assign selected = select_i < 6'(Count) ? (LowBits+48)'(value[select_i]) : '0;
    assign ready_o  = 1'b1;
    always_ff @(posedge clk_i) begin
      if (read_i && part_i == '0) above_q <= selected[LowBits+:48];
      if (of_identity) word_o <= Identity[16*{select_i[3:0], part_i}+:16];
      else begin
        unique case (part_i)
          2'd0:    word_o <= 16'(selected[LowBits-1:0]);
          2'd1:    word_o <= above_q[15:0];
          2'd2:    word_o <= above_q[31:16];
          default: word_o <= above_q[47:32];
        endcase
      end
    end
  end else begin : gen_basic
    // cycles, and busy of unit u, which is counter 1 + 9u.
    logic [2:0] slot;
    always_comb begin
      unique case (select_i)
        6'd0:    slot = 3'd0;
        6'd1:    slot = 3'd1;
        6'd10:   slot = 3'd2;
        6'd19:   slot = 3'd3;
        6'd28:   slot = 3'd4;
        // Nothing counts there.
        default: slot = 3'd7;
      endcase
    end
    // Without a Store unit nothing counts in the last.
    localparam int unsigned Kept = hil_machine_pkg::HasWritableRegion != 0 ? 5 : 4;
    hil_counters_basic #(
      .Counters(Kept),
      .Identity(Identity)
    ) u_basic (
      .clk_i,
      .rst_i,
      .running_i,
      .event_i (Kept'({event_bits[28], event_bits[19], event_bits[10], event_bits[1], event_bits[0]})),
      .ready_o,
      .identity_i(of_identity),
      .select_i  (of_identity ? select_i[3:0] : {1'b0, slot}),
      .part_i,
      .word_o
    );
    logic unused;
    assign unused = ^{event_bits, bytes_i, read_i};
  end
endmodule
