// The core's registers (docs/registers.md) on a bus of bytes: identity and counters come from the core's port for them, the others are here.
// Latency: a byte that is read, or what others give, is at rdata_o in the next cycle, and no longer; the core starts, or is reset for two cycles, one cycle after the
// write. Throughput: an access a cycle.
// Ordering: what is written while the same is read is there for the next read. Not checked: that we_i and re_i are not both set.
module hil_registers (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic [11:0]                           addr_i,
  input  logic [7:0]                            wdata_i,
  input  logic                                  we_i,
  input  logic                                  re_i,
  // What other blocks of the bus give; 0 while this one is read.
  input  logic [7:0]                            others_i,
  output logic [7:0]                            rdata_o,
  // Main memory can be read.
  input  logic                                  ready_i,
  // The core, and with core_rst_o its memory port's back end.
  output logic                                  core_rst_o,
  output logic                                  start_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] entry_o,
  output logic [hil_machine_pkg::IndexW-1:0]    count_o,
  input  logic                                  running_i,
  input  logic                                  done_i,
  input  logic [3:0]                            trap_reason_i,
  input  logic [hil_machine_pkg::IndexW-1:0]    trap_index_i,
  input  logic                                  counters_ready_i,
  output logic                                  counter_read_o,
  output logic [5:0]                            counter_select_o,
  output logic [1:0]                            counter_part_o,
  input  logic [15:0]                           counter_word_i
);
  // Identity, control, counters: by the highest bits of the offset.
  localparam logic [4:0] IdentityPage = hil_contract_pkg::RegMagic[11:7];
  localparam logic [6:0] ControlPage = hil_contract_pkg::RegControl[11:5];
  localparam logic [2:0] CounterPage = hil_contract_pkg::RegCounterBase[11:9];
  // Numbers of the core's port for counters from which on it gives the identity.
  localparam logic [1:0] IdentityTop = 2'(hil_contract_pkg::IdentitySelect >> 4);
  localparam int unsigned Start = hil_contract_pkg::RegControlStartLsb;
  localparam int unsigned Reset = hil_contract_pkg::RegControlResetLsb;

  logic in_identity, in_control, in_counters, writes;
  logic [2:0] register;
  assign in_identity = addr_i[11:7] == IdentityPage;
  assign in_control  = addr_i[11:5] == ControlPage;
  assign in_counters = addr_i[11:9] == CounterPage && addr_i[8:7] != IdentityTop;
  assign register    = addr_i[4:2];
  assign writes      = we_i && in_control;

  // A counter's lowest byte is its part 0, the seven above it are its other parts by halves, of which the last has but one.
  logic [3:0] half;
  assign half             = {1'b0, addr_i[2:0]} + 4'd1;
  assign counter_read_o   = re_i && in_counters && addr_i[2:0] == '0;
  assign counter_select_o = in_counters ? addr_i[8:3] : {IdentityTop, addr_i[6:3]};
  assign counter_part_o   = in_identity ? addr_i[2:1] : addr_i[2:0] == '0 ? 2'd0 : half[2:1];

  localparam int unsigned MainBytes = (hil_machine_pkg::MainAddrW + 7) / 8;
  localparam int unsigned CountBytes = (hil_machine_pkg::IndexW + 7) / 8;
  logic [MainBytes*8-1:0]  entry_q;
  logic [CountBytes*8-1:0] count_q;
  logic                    start_q, busy;
  logic [1:0]              reset_q;
  assign busy       = running_i || start_q || !counters_ready_i || !ready_i || core_rst_o;
  assign start_o    = start_q;
  assign core_rst_o = rst_i || reset_q != '0;
  assign entry_o    = entry_q[hil_machine_pkg::MainAddrW-1:0];
  assign count_o    = count_q[hil_machine_pkg::IndexW-1:0];
  always_ff @(posedge clk_i) begin
    start_q <= !rst_i && writes && addr_i == hil_contract_pkg::RegControl && wdata_i[Start] && !wdata_i[Reset] && !busy;
    reset_q <= rst_i ? '0 : {reset_q[0], writes && addr_i == hil_contract_pkg::RegControl && wdata_i[Reset]};
    for (int unsigned b = 0; b < MainBytes; b++) begin
      if (writes && addr_i == hil_contract_pkg::RegEntry + 12'(b)) entry_q[8*b+:8] <= wdata_i;
    end
    for (int unsigned b = 0; b < CountBytes; b++) begin
      if (writes && addr_i == hil_contract_pkg::RegCount + 12'(b)) count_q[8*b+:8] <= wdata_i;
    end
  end

  // What is read of the control page.
  logic [7:0]  status;
  logic [31:0] trap_index;
  always_comb begin
    status = '0;
    status[hil_contract_pkg::RegStatusBusyLsb]    = busy;
    status[hil_contract_pkg::RegStatusDoneLsb]    = done_i;
    status[hil_contract_pkg::RegStatusTrappedLsb] = trap_reason_i != hil_contract_pkg::TrapNone;
  end
  assign trap_index = 32'(trap_index_i);

  logic [7:0] control, control_q;
  logic       from_core_q, high_q;
  always_comb begin
    control = '0;
    if (re_i && in_control) begin
      if (register == hil_contract_pkg::RegTrapIndex[4:2]) control = trap_index[8*addr_i[1:0]+:8];
      if (addr_i[1:0] == '0 && register == hil_contract_pkg::RegStatus[4:2]) control = status;
      if (addr_i[1:0] == '0 && register == hil_contract_pkg::RegTrap[4:2]) control = {4'b0, trap_reason_i};
    end
  end
  always_ff @(posedge clk_i) begin
    control_q   <= control | others_i;
    from_core_q <= re_i && (in_identity || (in_counters && !half[3]));
    high_q      <= in_identity ? addr_i[0] : addr_i[2:0] != '0 && half[0];
  end
  assign rdata_o = from_core_q ? (high_q ? counter_word_i[15:8] : counter_word_i[7:0]) : control_q;

  // The highest byte of either may have more bits than there are.
  logic unused;
  assign unused = ^{entry_q, count_q};
endmodule
