// The bank of a scratchpad byte address, and the byte address within it. Combinational; a bank is a power of two.
// Not checked: an address beyond the last bank names a bank that is not there.
module hil_bank_of (
  input  logic [23:0]                        addr_i,
  output logic [hil_machine_pkg::BankW-1:0]     bank_o,
  output logic [hil_machine_pkg::ByteAddrW-1:0] local_o
);
  localparam int unsigned Shift = $clog2(hil_machine_pkg::BankBytes);
  assign bank_o  = hil_machine_pkg::BankW'(addr_i >> Shift);
  assign local_o = hil_machine_pkg::ByteAddrW'(addr_i & 24'(hil_machine_pkg::BankBytes - 1));
endmodule
