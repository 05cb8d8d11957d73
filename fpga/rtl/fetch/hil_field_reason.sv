// The reason of the first rule of fields that fails, of those that hil_form finds broken. Combinational.
module hil_field_reason (
  // Tokens, counts, alignment, indices, flags; the first rule highest.
  input  logic [4:0] broken_i,
  output logic [3:0] reason_o
);
  assign reason_o = broken_i[4] ? hil_contract_pkg::TrapOwnUnitToken
      : broken_i[3] ? hil_contract_pkg::TrapCountOutOfRange
      : broken_i[2] ? hil_contract_pkg::TrapMisaligned
      : broken_i[1] ? hil_contract_pkg::TrapIndexOutOfRange
      : broken_i[0] ? hil_contract_pkg::TrapIllegalFlags
      : hil_contract_pkg::TrapNone;
endmodule
