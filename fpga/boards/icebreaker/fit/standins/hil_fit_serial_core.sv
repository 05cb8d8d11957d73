// Stand-in for the controller: a bit-serial RV32I datapath of the size that a full one has.
//
// One bit of an instruction a cycle, 32 cycles an instruction and a few for fetch; the registers are the last words of the code's block RAM.
// It fetches, decodes every RV32I format, adds, subtracts, compares, shifts, branches, loads and stores over a 32-bit bus.
// Not checked: that it is a correct RV32I core. It is here for its cells, its memories and its paths.
module hil_fit_serial_core #(
  parameter int unsigned CodeWords = 1024
) (
  input  logic        clk_i,
  input  logic        rst_i,
  output logic [23:0] bus_addr_o,
  output logic [31:0] bus_wdata_o,
  output logic        bus_we_o,
  output logic        bus_valid_o,
  input  logic [31:0] bus_rdata_i,
  input  logic        bus_ready_i,
  input  logic        irq_i,
  // Code is written once, by the boot loader in the flash controller.
  input  logic        boot_we_i,
  input  logic [11:0] boot_addr_i,
  input  logic [31:0] boot_data_i
);
  localparam int unsigned CodeBits = $clog2(CodeWords);
  typedef enum logic [2:0] {Fetch, Latch, ReadA, ReadB, Execute, Bus, Write} state_e;

  logic [31:0] code[0:CodeWords-1];
  state_e      state_q, state_d;
  logic [4:0]  bit_q;
  logic [31:0] instr_q, code_q, a_q, b_q, pc_q, result_q;
  logic        carry_q, equal_q, sign_q, mie_q;
  logic [31:0] mepc_q;

  logic [6:0] opcode;
  logic [2:0] funct3;
  logic is_load, is_store, is_branch, is_jal, is_jalr, is_lui, is_auipc, is_imm, is_reg, is_system;
  assign opcode = instr_q[6:0];
  assign funct3 = instr_q[14:12];
  assign is_load = opcode == 7'b0000011;
  assign is_store = opcode == 7'b0100011;
  assign is_branch = opcode == 7'b1100011;
  assign is_jal = opcode == 7'b1101111;
  assign is_jalr = opcode == 7'b1100111;
  assign is_lui = opcode == 7'b0110111;
  assign is_auipc = opcode == 7'b0010111;
  assign is_imm = opcode == 7'b0010011;
  assign is_reg = opcode == 7'b0110011;
  assign is_system = opcode == 7'b1110011;

  // The immediate is taken bit by bit from the instruction.
  logic imm_bit;
  always_comb begin
    imm_bit = instr_q[31];
    if (is_lui || is_auipc) imm_bit = (bit_q < 5'd12) ? 1'b0 : instr_q[bit_q];
    else if (is_jal) begin
      if (bit_q == 5'd0) imm_bit = 1'b0;
      else if (bit_q < 5'd11) imm_bit = instr_q[5'd20 + bit_q];
      else if (bit_q == 5'd11) imm_bit = instr_q[20];
      else if (bit_q < 5'd20) imm_bit = instr_q[bit_q];
    end else if (is_branch) begin
      if (bit_q == 5'd0) imm_bit = 1'b0;
      else if (bit_q < 5'd5) imm_bit = instr_q[5'd7 + bit_q];
      else if (bit_q < 5'd11) imm_bit = instr_q[5'd20 + bit_q];
      else if (bit_q == 5'd11) imm_bit = instr_q[7];
    end else if (is_store) begin
      if (bit_q < 5'd5) imm_bit = instr_q[5'd7 + bit_q];
      else if (bit_q < 5'd11) imm_bit = instr_q[5'd20 + bit_q];
    end else begin
      if (bit_q < 5'd11) imm_bit = instr_q[5'd20 + bit_q];
    end
  end

  logic op_a, op_b, subtract, sum, carry_d, logic_bit, alu_bit, pc_operand;
  assign pc_operand = is_auipc || is_jal || is_branch;
  assign op_a = pc_operand ? pc_q[0] : (is_lui ? 1'b0 : a_q[0]);
  assign op_b = (is_reg || (is_branch && state_q == ReadB)) ? b_q[0] : imm_bit;
  assign subtract = (is_reg && instr_q[30]) || ((is_reg || is_imm) && funct3[2:1] == 2'b01)
                    || (is_branch && state_q == ReadB);
  assign {carry_d, sum} = {1'b0, op_a} + {1'b0, op_b ^ subtract} + {1'b0, carry_q};
  always_comb begin
    unique case (funct3)
      3'b100:  logic_bit = op_a ^ op_b;
      3'b110:  logic_bit = op_a | op_b;
      default: logic_bit = op_a & op_b;
    endcase
    alu_bit = ((is_imm || is_reg) && funct3[2] && funct3 != 3'b101) ? logic_bit : sum;
  end

  logic is_shift, taken;
  assign is_shift = (is_imm || is_reg) && (funct3 == 3'b001 || funct3 == 3'b101);
  assign taken = is_jal || is_jalr
      || (is_branch && (funct3[0] ^ (funct3[2] ? (funct3[1] ? !carry_q : sign_q) : equal_q)));

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Fetch:   state_d = Latch;
      Latch:   state_d = ReadA;
      ReadA:   state_d = ReadB;
      ReadB:   if (!is_branch || bit_q == 5'd31) state_d = Execute;
      Execute: if (bit_q == 5'd31) state_d = (is_load || is_store) ? Bus : Write;
      Bus:     if (bus_ready_i) state_d = Write;
      Write:   state_d = Fetch;
      default: state_d = Fetch;
    endcase
  end

  // One read port: code while fetching, then the two registers; one write port: the boot loader, then results.
  logic [CodeBits-1:0] read_addr, write_addr;
  logic                reg_we;
  assign reg_we = state_q == Write && instr_q[11:7] != 5'd0 && !is_store && !is_branch;
  always_comb begin
    unique case (state_q)
      Fetch:   read_addr = pc_q[CodeBits+1:2];
      Latch:   read_addr = {{(CodeBits - 5){1'b1}}, code_q[19:15]};
      default: read_addr = {{(CodeBits - 5){1'b1}}, instr_q[24:20]};
    endcase
  end
  assign write_addr = boot_we_i ? boot_addr_i[CodeBits-1:0] : {{(CodeBits - 5){1'b1}}, instr_q[11:7]};
  always_ff @(posedge clk_i) begin
    code_q <= code[read_addr];
    if (boot_we_i || reg_we) code[write_addr] <= boot_we_i ? boot_data_i : result_q;
  end

  logic [7:0] load_byte;
  always_comb begin
    unique case (result_q[1:0])
      2'd0: load_byte = bus_rdata_i[7:0];
      2'd1: load_byte = bus_rdata_i[15:8];
      2'd2: load_byte = bus_rdata_i[23:16];
      default: load_byte = bus_rdata_i[31:24];
    endcase
  end

  always_ff @(posedge clk_i) begin
    state_q <= state_d;
    if (state_q == Latch) instr_q <= code_q;
    if (state_q == ReadA) a_q <= code_q;
    if (state_q == ReadB) begin
      if (bit_q == 5'd0) b_q <= code_q;
      equal_q <= (bit_q == 5'd0 || equal_q) && !sum;
      sign_q <= sum;
    end
    if (state_q == Execute || (state_q == ReadB && is_branch)) begin
      bit_q <= bit_q + 5'd1;
      carry_q <= carry_d;
      a_q <= {is_shift && instr_q[30] && a_q[31], a_q[31:1]};
      b_q <= {b_q[0], b_q[31:1]};
      pc_q <= {pc_q[0], pc_q[31:1]};
      result_q <= {alu_bit, result_q[31:1]};
    end else begin
      bit_q <= 5'd0;
      carry_q <= subtract;
    end
    if (state_q == Bus && bus_ready_i && is_load)
      result_q <= funct3[1] ? bus_rdata_i : {{24{load_byte[7] && !funct3[2]}}, load_byte};
    if (state_q == Write) begin
      pc_q <= (irq_i && mie_q) ? 32'h10 : (taken ? result_q : pc_q + 32'd4);
      if (irq_i && mie_q) mepc_q <= pc_q;
      if (is_system) begin
        mie_q <= a_q[3];
        if (instr_q[29]) pc_q <= mepc_q;
      end
    end
    if (rst_i) begin
      state_q <= Fetch;
      bit_q <= 5'd0;
      pc_q <= 32'd0;
      mie_q <= 1'b0;
    end
  end

  assign bus_addr_o = result_q[23:0];
  assign bus_wdata_o = b_q;
  assign bus_we_o = is_store;
  assign bus_valid_o = state_q == Bus;
endmodule
