// Stand-in for controller and link: what the host says comes in by bits while shift_i is set, what it reads goes out the same way. It keeps the core's
// ports alive in a trial; it is no link, and a bitstream that has it is not for loading.
module hil_host_standin (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  rx_i,
  input  logic                                  shift_i,
  output logic                                  tx_o,
  output logic                                  start_o,
  output logic [hil_machine_pkg::MainAddrW-1:0] entry_o,
  output logic [hil_machine_pkg::IndexW-1:0]    count_o,
  input  logic                                  running_i,
  input  logic                                  done_i,
  input  logic [3:0]                            trap_reason_i,
  input  logic [hil_machine_pkg::IndexW-1:0]    trap_index_i,
  output logic                                  host_en_o,
  output logic                                  host_we_o,
  output logic [hil_machine_pkg::BankW-1:0]     host_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0] host_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0] host_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]  host_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]  host_rdata_i,
  output logic [5:0]                            counter_select_o,
  output logic [1:0]                            counter_part_o,
  input  logic [15:0]                           counter_word_i
);
  localparam int unsigned DataLsb = 0;
  localparam int unsigned BeLsb = DataLsb + hil_machine_pkg::WordBits;
  localparam int unsigned AddrLsb = BeLsb + hil_machine_pkg::WordBytes;
  localparam int unsigned BankLsb = AddrLsb + hil_machine_pkg::WordAddrW;
  localparam int unsigned KindLsb = BankLsb + hil_machine_pkg::BankW;
  // Kind: 0 write, 1 read, 2 start, 3 counters, and what is read besides.
  localparam int unsigned Width = KindLsb + 2;

  if (hil_machine_pkg::MainAddrW + hil_machine_pkg::IndexW > KindLsb) $error("an entry and a count fit before the kind");

  logic [Width-1:0]                     said_q;
  logic [hil_machine_pkg::WordBits-1:0] heard_q;
  logic                                 shift_q, act_q;
  logic [1:0]                           kind;
  assign kind = said_q[KindLsb+:2];

  always_ff @(posedge clk_i) begin
    shift_q <= shift_i;
    act_q   <= shift_q && !shift_i && !rst_i;
    if (shift_i) said_q <= {said_q[Width-2:0], rx_i};
    if (shift_i) heard_q <= {heard_q[hil_machine_pkg::WordBits-2:0], running_i};
    else if (kind[1]) heard_q <= hil_machine_pkg::WordBits'({trap_index_i, trap_reason_i}) ^ {counter_word_i, 15'b0, done_i};
    else heard_q <= host_rdata_i;
  end
  assign tx_o             = heard_q[hil_machine_pkg::WordBits-1];
  assign start_o          = act_q && kind == 2'd2;
  assign entry_o          = said_q[hil_machine_pkg::MainAddrW-1:0];
  assign count_o          = said_q[hil_machine_pkg::MainAddrW+:hil_machine_pkg::IndexW];
  assign host_en_o        = act_q && !kind[1];
  assign host_we_o        = kind == 2'd0;
  assign host_wdata_o     = said_q[DataLsb+:hil_machine_pkg::WordBits];
  assign host_be_o        = said_q[BeLsb+:hil_machine_pkg::WordBytes];
  assign host_addr_o      = said_q[AddrLsb+:hil_machine_pkg::WordAddrW];
  assign host_bank_o      = said_q[BankLsb+:hil_machine_pkg::BankW];
  assign counter_select_o = said_q[5:0];
  assign counter_part_o   = said_q[7:6];
endmodule
