// The serial vector unit's adder: 16 bits a cycle, with the carry kept between the digits of a number. The operand register before it, d, r, q, s behind it.
// Latency: an operand taken in one cycle is added in the next; the sum is in d in the one after. Throughput: one sum a cycle.
// Overflow: told by over_o for the highest digit of a number, with the true sign.
module hil_serial_adder (
  input  logic        clk_i,
  input  logic [hil_vector_code_pkg::Bits-1:0] code_i,
  input  logic [4:0]  misc_i,
  input  logic        per_row_i,
  input  logic        gate_i,
  input  logic        key_valid_i,
  input  logic        two_bytes_i,
  // Operands.
  input  logic [15:0] x_i,
  input  logic [31:0] accumulator_i,
  input  logic [47:0] sums_i,
  input  logic [15:0] scaled_i,
  input  logic [15:0] result_i,
  input  logic [15:0] quotient_i,
  input  logic [4:0]  exponent_i,
  input  logic [15:0] m_i,
  output logic [15:0] operand_o,
  output logic [15:0] d_o,
  // Of this cycle's sum; kept ones.
  output logic        sign_o,
  output logic        over_o,
  output logic        sign_q_o,
  output logic        over_q_o
);
  logic [15:0] operand, operand_q, r_q, q_q, s_q;
  logic [3:0]  operand_from;
  assign operand_from = code_i[hil_vector_code_pkg::OperandLsb+:4];
  assign operand_o    = operand_q;

  // Half the place of d's highest bit, for the root.
  logic       high, half, quarter;
  logic [7:2] upper;
  assign high    = d_o[15:8] != '0;
  assign upper   = high ? d_o[15:10] : d_o[7:2];
  assign half    = upper[7:4] != '0;
  assign quarter = (half ? upper[7:6] : upper[3:2]) != '0;

  always_comb begin
    unique case (operand_from)
      hil_vector_code_pkg::OperandX:        operand = x_i;
      hil_vector_code_pkg::OperandLow:      operand = accumulator_i[15:0];
      hil_vector_code_pkg::OperandHigh:     operand = accumulator_i[31:16];
      hil_vector_code_pkg::OperandSums0:    operand = sums_i[15:0];
      hil_vector_code_pkg::OperandSums1:    operand = sums_i[31:16];
      hil_vector_code_pkg::OperandSums2:    operand = sums_i[47:32];
      hil_vector_code_pkg::OperandResult:   operand = result_i;
      hil_vector_code_pkg::OperandQuotient: operand = quotient_i;
      hil_vector_code_pkg::OperandExponent: operand = {11'b0, exponent_i};
      hil_vector_code_pkg::OperandPlace:    operand = {13'b0, high, half, quarter};
      hil_vector_code_pkg::OperandSign:     operand = {16{operand_q[15]}};
      hil_vector_code_pkg::OperandBytes:    operand = {14'b0, two_bytes_i, !two_bytes_i};
      default:                              operand = scaled_i;
    endcase
  end

  // Bits that do not belong to a field are left out: 1:0, 10:7, 11, 13:12, 15:14.
  logic [4:0]  mask_q, clear;
  logic [15:0] cleared;
  assign clear   = operand_from == hil_vector_code_pkg::OperandField ? mask_q : 5'b0;
  assign cleared = {{2{clear[4]}}, {2{clear[3]}}, clear[2], {4{clear[1]}}, 5'b0, {2{clear[0]}}};
  for (genvar i = 0; i < 16; i++) begin : gen_operand
    always_ff @(posedge clk_i) begin
      if (operand_from == hil_vector_code_pkg::OperandZero || cleared[i]) operand_q[i] <= 1'b0;
      else if (operand_from != '0) operand_q[i] <= operand[i];
    end
  end

  logic [15:0] a, b;
  logic [16:0] sum;
  logic        carry, carry_q, flip;
  logic [1:0]  a_from, b_from, carry_from, invert, r_we, q_we, s_we;
  assign a_from     = code_i[hil_vector_code_pkg::ALsb+:2];
  assign b_from     = code_i[hil_vector_code_pkg::BLsb+:2];
  assign carry_from = code_i[hil_vector_code_pkg::CarryLsb+:2];
  assign invert     = code_i[hil_vector_code_pkg::InvertLsb+:2];
  assign r_we       = code_i[hil_vector_code_pkg::RLsb+:2];
  assign q_we       = code_i[hil_vector_code_pkg::QLsb+:2];
  assign s_we       = code_i[hil_vector_code_pkg::SLsb+:2];
  assign flip       = invert[0] || (invert[1] && sign_q_o);
  assign a          = (a_from == 2'd0 ? operand_q : a_from == 2'd1 ? r_q : a_from == 2'd2 ? q_q : 16'd0) ^ {16{flip}};
  assign b          = b_from == 2'd2 ? s_q : b_from == 2'd0 || (b_from == 2'd3 && per_row_i) ? '0 : m_i;
  assign carry      = carry_from == 2'd3 ? sign_q_o : carry_from == 2'd2 ? carry_q : carry_from[0];
  assign sum        = {1'b0, a} + {1'b0, b} + 17'(carry);
  assign sign_o     = a[15] ^ b[15] ^ sum[16];
  assign over_o     = sign_o != sum[15];

  // s keeps the largest of the valid keys: the first, then those that s - x is negative for.
  logic empty_q, larger;
  assign larger = s_we == 2'd2 && key_valid_i && gate_i && (sign_o || empty_q);
  always_ff @(posedge clk_i) begin
    d_o     <= sum[15:0];
    carry_q <= sum[16];
    if (r_we == 2'd1 || (r_we == 2'd2 && gate_i)) r_q <= sum[15:0];
    if (q_we == 2'd1 || (q_we == 2'd2 && gate_i)) q_q <= sum[15:0];
    if (s_we == 2'd1) s_q <= sum[15:0];
    else if (larger) s_q <= operand_q;
    if (misc_i == hil_vector_code_pkg::MiscIndexMask) empty_q <= 1'b1;
    else if (larger) empty_q <= 1'b0;
    if (misc_i == hil_vector_code_pkg::MiscListed) mask_q <= m_i[15:11];
    if (code_i[hil_vector_code_pkg::LatchLsb]) begin
      sign_q_o <= sign_o;
      over_q_o <= over_o;
    end
  end

  logic unused;
  assign unused = ^code_i;
endmodule
