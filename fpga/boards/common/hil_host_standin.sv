// Stand-in for controller and link: what the host says comes in by bits while shift_i is set, what it reads goes out the same way. It keeps the registers
// and the core's host port alive in a trial; it is no link, and a bitstream that has it is not for loading.
module hil_host_standin (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  rx_i,
  input  logic                                  shift_i,
  output logic                                  tx_o,
  // The core's registers, by words.
  output logic                                  bus_valid_o,
  output logic                                  bus_write_o,
  output logic [11:0]                           bus_addr_o,
  output logic [31:0]                           bus_wdata_o,
  input  logic                                  bus_valid_i,
  input  logic [31:0]                           bus_rdata_i,
  // The scratchpad.
  output logic                                  host_en_o,
  output logic                                  host_we_o,
  output logic [hil_machine_pkg::BankW-1:0]     host_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0] host_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0] host_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]  host_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]  host_rdata_i
);
  localparam int unsigned DataLsb = 0;
  localparam int unsigned BeLsb = DataLsb + hil_machine_pkg::WordBits;
  localparam int unsigned AddrLsb = BeLsb + hil_machine_pkg::WordBytes;
  localparam int unsigned BankLsb = AddrLsb + hil_machine_pkg::WordAddrW;
  localparam int unsigned KindLsb = BankLsb + hil_machine_pkg::BankW;
  // Kind: 0 write and 1 read of the scratchpad, 2 write and 3 read of a register.
  localparam int unsigned Width = KindLsb + 2;
  localparam int unsigned HeardW = hil_machine_pkg::WordBits > 32 ? hil_machine_pkg::WordBits : 32;

  if (32 + 12 > KindLsb) $error("a register's value and offset fit before the kind");

  logic [Width-1:0]  said_q;
  logic [HeardW-1:0] heard_q;
  logic              shift_q, act_q, read_q;
  logic [1:0]        kind;
  assign kind = said_q[KindLsb+:2];

  always_ff @(posedge clk_i) begin
    shift_q <= shift_i;
    act_q   <= shift_q && !shift_i && !rst_i;
    read_q  <= host_en_o && !host_we_o;
    if (shift_i) said_q <= {said_q[Width-2:0], rx_i};
    if (shift_i) heard_q <= {heard_q[HeardW-2:0], 1'b0};
    else if (bus_valid_i) heard_q <= HeardW'(bus_rdata_i);
    else if (read_q) heard_q <= HeardW'(host_rdata_i);
  end
  assign tx_o         = heard_q[HeardW-1];
  assign bus_valid_o  = act_q && kind[1];
  assign bus_write_o  = !kind[0];
  assign bus_wdata_o  = said_q[31:0];
  assign bus_addr_o   = said_q[43:32];
  assign host_en_o    = act_q && !kind[1];
  assign host_we_o    = kind == 2'd0;
  assign host_wdata_o = said_q[DataLsb+:hil_machine_pkg::WordBits];
  assign host_be_o    = said_q[BeLsb+:hil_machine_pkg::WordBytes];
  assign host_addr_o  = said_q[AddrLsb+:hil_machine_pkg::WordAddrW];
  assign host_bank_o  = said_q[BankLsb+:hil_machine_pkg::BankW];
endmodule
