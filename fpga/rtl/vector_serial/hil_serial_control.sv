// The serial vector unit's control: a word of microcode a cycle and the control word that it names, one cycle later (docs/microcode.md), and what the words decide by.
//
//   start_i -> word 1 ... -> the word that ends -> word 0, which does nothing, until the next start
//   pc -> words -> branch, loop, end -> pc
//                  number, step -> control words -> the rest of the unit
//
// Latency: word 1 is read in the cycle after start_i and acts in the one after that; last_o is the cycle in which the word that ends acts. Throughput: a word a cycle.
// Not checked: that the microcode ends.
module hil_serial_control (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  input  logic [2:0]  kind_i,
  output logic [2:0]  kind_o,
  output logic        last_o,
  // The control word that acts, its groups taken apart, and its word's step.
  output logic [hil_vector_code_pkg::Bits-1:0]      code_o,
  output logic [hil_vector_code_pkg::StepWidth-1:0] step_o,
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
  localparam int unsigned StepW = hil_vector_code_pkg::StepWidth;
  localparam int unsigned AddrW = hil_vector_code_pkg::WordAddrW;
  logic [hil_vector_code_pkg::WordBits-1:0]     word_q;
  logic [hil_vector_code_pkg::ControlBits-1:0]  control_q;
  logic [hil_vector_code_pkg::ControlAddrW-1:0] control;
  logic [AddrW-1:0] pc_q, pc, loop_q, target;
  logic [StepW-1:0] step, step_q;
  logic [4:0]       misc;
  logic [12:0]      count_q;
  logic [3:0]       gate_q;
  logic [2:0]       kind_q;
  logic [8:0]       flags_q;
  logic             branch, loop, last, taken, nonzero;

  assign kind_o  = kind_q;
  assign code_o  = hil_vector_code_pkg::fields(control_q);
  assign step_o  = step_q;
  assign misc    = step_q[6:5] == 2'b00 ? step_q[4:0] : hil_vector_code_pkg::MiscNone;
  assign last_o  = misc == hil_vector_code_pkg::MiscEnd;
  assign nonzero = d_i != '0;

  // The word that was read: a branch, or a step and a control word. Neither acts after a reset.
  assign branch  = word_q[hil_vector_code_pkg::BranchBit];
  assign target  = word_q[hil_vector_code_pkg::TargetLsb+:AddrW];
  assign step    = branch || rst_i ? '0 : word_q[hil_vector_code_pkg::StepLsb+:StepW];
  assign control = branch || rst_i ? '0 : word_q[hil_vector_code_pkg::ControlAddrW-1:0];
  assign loop    = step == {2'b00, hil_vector_code_pkg::MiscLoop};
  assign last    = step == {2'b00, hil_vector_code_pkg::MiscEnd};

  always_comb begin
    unique case (word_q[hil_vector_code_pkg::BranchLsb+:hil_vector_code_pkg::BranchWidth])
      hil_vector_code_pkg::BranchNonzero: taken = nonzero;
      hil_vector_code_pkg::BranchFlag9:   taken = flags_q[3];
      hil_vector_code_pkg::BranchFlag10:  taken = flags_q[4];
      hil_vector_code_pkg::BranchFlag11:  taken = flags_q[5];
      hil_vector_code_pkg::BranchFlag14:  taken = flags_q[8];
      default:                            taken = 1'b1;
    endcase
    if (rst_i || last || (pc_q == '0 && !start_i)) pc = '0;
    else if (branch && taken)
      pc = word_q[hil_vector_code_pkg::BranchLsb+:hil_vector_code_pkg::BranchWidth] == hil_vector_code_pkg::BranchKind ? {target[AddrW-1:3], kind_q} : target;
    else if (loop && count_q != 13'd1) pc = loop_q;
    else pc = pc_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    pc_q      <= pc;
    word_q    <= hil_vector_code_pkg::code(pc);
    control_q <= hil_vector_code_pkg::control(control);
    step_q    <= step;
    if (branch || step == {2'b00, hil_vector_code_pkg::MiscCount}) loop_q <= pc;

    if (misc == hil_vector_code_pkg::MiscCount) count_q <= m_i[12:0];
    else if (loop) count_q <= count_q - 13'd1;
    if (misc == hil_vector_code_pkg::MiscCount) gate_q <= '0;
    else if (misc == hil_vector_code_pkg::MiscLoop) gate_q <= {gate_q[2:0], 1'b1};

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
  assign gate_o = gate_q[code_o[hil_vector_code_pkg::GateLsb+:2]];

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
