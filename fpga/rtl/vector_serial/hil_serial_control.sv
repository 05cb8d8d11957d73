// The serial vector unit's control: one word of microcode a cycle (docs/microcode.md), and what the words decide by.
//
//   start_i -> word 1 ... -> the word that ends -> word 0, which does nothing, until the next start
//
// Latency: word 1 is executed in the cycle after start_i; last_o is the cycle of the word that ends. Throughput: a word a cycle.
// Not checked: that the microcode ends.
module hil_serial_control (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  input  logic [2:0]  kind_i,
  output logic [2:0]  kind_o,
  output logic        last_o,
  output logic [hil_vector_code_pkg::Bits-1:0] code_o,
  input  logic [15:0] m_i,
  input  logic [15:0] d_i,
  // Of the instruction: how its elements are, by which table, by rows, with a mask; the operands' banks; the accumulators' half.
  output logic        wide_source_o,
  output logic        wide_output_o,
  output logic        table_o,
  output logic [2:0]  table_slot_o,
  output logic        per_row_o,
  output logic        masked_o,
  output logic [2:0]  bank_o,
  output logic        half_o,
  // Writes and sums are let through; a latched condition.
  output logic        gate_o,
  output logic        condition_o
);
  localparam int unsigned Bits = hil_vector_code_pkg::Bits;
  logic [Bits-1:0] code_q;
  logic [8:0]      pc_q, pc, target;
  logic [3:0]      sequence_now;
  logic [4:0]      misc;
  logic [12:0]     count_q;
  logic [3:0]      gate_q;
  logic [2:0]      kind_q;
  logic [8:0]      flags_q;
  logic            taken, nonzero;

  assign kind_o       = kind_q;
  assign code_o       = code_q;
  assign sequence_now = code_q[hil_vector_code_pkg::SequenceLsb+:hil_vector_code_pkg::SequenceWidth];
  assign target       = code_q[hil_vector_code_pkg::ImmediateLsb+:9];
  assign misc         = sequence_now == hil_vector_code_pkg::SequenceNext && !target[7] ? target[4:0] : 5'd0;
  assign last_o       = sequence_now == hil_vector_code_pkg::SequenceEnd;
  assign nonzero      = d_i != '0;

  always_comb begin
    unique case (sequence_now)
      hil_vector_code_pkg::SequenceLoop:    taken = count_q != 13'd1;
      hil_vector_code_pkg::SequenceJump:    taken = 1'b1;
      hil_vector_code_pkg::SequenceKind:    taken = 1'b1;
      hil_vector_code_pkg::SequenceNonzero: taken = nonzero;
      hil_vector_code_pkg::SequenceFlag9:   taken = flags_q[3];
      hil_vector_code_pkg::SequenceFlag10:  taken = flags_q[4];
      hil_vector_code_pkg::SequenceFlag11:  taken = flags_q[5];
      hil_vector_code_pkg::SequenceFlag14:  taken = flags_q[8];
      default:                              taken = 1'b0;
    endcase
    if (rst_i || last_o || (pc_q == '0 && !start_i)) pc = '0;
    else if (taken) pc = sequence_now == hil_vector_code_pkg::SequenceKind ? {target[8:3], kind_q} : target;
    else pc = pc_q + 9'd1;
  end

  always_ff @(posedge clk_i) begin
    pc_q   <= pc;
    code_q <= hil_vector_code_pkg::code(pc);

    if (misc == hil_vector_code_pkg::MiscCount) begin
      count_q <= m_i[12:0];
      gate_q  <= '0;
    end else if (sequence_now == hil_vector_code_pkg::SequenceLoop) begin
      count_q <= count_q - 13'd1;
      gate_q  <= {gate_q[2:0], 1'b1};
    end

    if (start_i) kind_q <= kind_i;
    if (misc == hil_vector_code_pkg::MiscFlags) flags_q <= m_i[14:6];
    if (misc == hil_vector_code_pkg::MiscBank0) bank_o[0] <= m_i[14];
    if (misc == hil_vector_code_pkg::MiscBank1) bank_o[1] <= m_i[6];
    if (misc == hil_vector_code_pkg::MiscBank2) begin
      bank_o[2] <= m_i[14];
      half_o    <= m_i[5];
    end
    if (misc == hil_vector_code_pkg::MiscIfNonzero) condition_o <= nonzero;
    if (misc == hil_vector_code_pkg::MiscIfZero) condition_o <= !nonzero;
  end
  assign gate_o = gate_q[code_q[hil_vector_code_pkg::GateLsb+:2]];

  // Bits of the instruction's last fields, which are not at the same places in all.
  logic requantize;
  assign requantize    = kind_q == hil_contract_pkg::OpRequantize[2:0];
  assign wide_source_o = flags_q[0];
  assign wide_output_o = requantize ? flags_q[2] : kind_q[1] ? flags_q[1] : flags_q[4];
  assign table_o       = requantize ? flags_q[4] : kind_q[1] && flags_q[2];
  assign table_slot_o  = requantize ? flags_q[7:5] : flags_q[5:3];
  assign per_row_o     = flags_q[8];
  assign masked_o      = flags_q[5];

  logic unused;
  assign unused = m_i[15];
endmodule
