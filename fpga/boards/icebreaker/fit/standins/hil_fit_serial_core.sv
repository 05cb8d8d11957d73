// Stand-in for the controller: a bit-serial RV32I datapath of the size that a full one has, with its registers in its block RAM.
//
// An instruction is two halfwords; both operands are read by halves, one bit of the result is made a cycle and its halves are written back.
// It decodes every RV32I format, adds, subtracts, compares, combines, shifts, branches, jumps, loads and stores: words, halves and bytes of its
// own memory, bytes of the peripherals. No interrupts and no CSRs: the firmware polls.
// Code above address 8000h is in the flash: an instruction is read into the memory just below the registers, then executed. It waits for the flash
// while a segment of the core runs, which alone has the flash then; what runs meanwhile, or while the flash is written, lies in the memory.
// Not checked: that it is a correct RV32I core. It is here for its cells, its memory and its paths.
module hil_fit_serial_core #(
  parameter int unsigned Halves = 1024
) (
  input  logic       clk_i,
  input  logic       rst_i,
  // Peripherals, a byte each.
  output logic [13:0] bus_addr_o,
  output logic [7:0] bus_wdata_o,
  output logic       bus_we_o,
  output logic       bus_re_o,
  input  logic [7:0] bus_rdata_i,
  // An instruction of the flash: four bytes, the first one is the lowest.
  input  logic        flash_ready_i,
  output logic        flash_start_o,
  output logic [14:0] flash_addr_o,
  input  logic        flash_valid_i,
  input  logic [7:0]  flash_data_i
);
  localparam int unsigned AddrW = $clog2(Halves);
  localparam logic [AddrW-7:0] RegisterBase = (AddrW-6)'(Halves / 64 - 1);
  typedef enum logic [3:0] {Start, Wait, FetchLow, FetchHigh, Decode, ALow, AHigh, BLow, BHigh, BLast, Compare, Execute, Access, AccessHigh, LoadHigh, Tail} state_e;

  state_e      state_q, state_d;
  logic [4:0]  bit_q;
  logic [31:0] instr_q, a_q, b_q;
  logic [15:0] pc_q;
  logic [1:0]  place_q;

  // Decoded once, as the instruction rotates while the immediate is taken from it.
  logic       unsigned_q, byte_q, word_q, writes_q, sign_of_load_q, load_q, store_q, branch_q, jal_q, jalr_q, upper_q, pc_base_q, b_reg_q, subtract_q, compare_q, shift_q, right_q, j_type_q, sign_q;
  logic [2:0] funct3_q;
  logic [4:0] rd_q;
  logic       bit7_q, bit20_q;
  logic [6:0] opcode;
  assign opcode = instr_q[6:0];

  // Immediate: at bit i of the result the instruction has rotated by i, so its fields stand at fixed places.
  logic imm_bit, low, middle;
  assign low    = bit_q < 5'd5;
  assign middle = bit_q < 5'd11;
  always_comb begin
    if (upper_q) imm_bit = bit_q >= 5'd12 && instr_q[0];
    else if (bit_q == '0) imm_bit = store_q ? instr_q[7] : !branch_q && !jal_q && instr_q[20];
    else if (low) imm_bit = store_q || branch_q ? instr_q[7] : instr_q[20];
    else if (middle) imm_bit = instr_q[20];
    else if (bit_q == 5'd11) imm_bit = branch_q ? bit7_q : jal_q ? bit20_q : sign_q;
    else imm_bit = j_type_q && bit_q < 5'd20 ? instr_q[0] : sign_q;
  end

  // A shift rotates to the right first, and then keeps the bits that have not come round.
  logic [4:0] amount_q, back_q, place;
  logic       before_place, kept, fill_q;
  assign place        = right_q ^ (state_q == Compare) ? back_q : amount_q;
  assign before_place = bit_q < place;
  assign kept         = amount_q == '0 || before_place == right_q;

  // One bit of the sum or the logic function.
  logic op_a, op_b, inverted, sum, carry, carry_q, logic_bit, alu_bit, pc_bit, pc_carry, pc_carry_q, pc_sum, equal_q, less_q, taken;
  logic less;
  assign inverted       = subtract_q || state_q == Compare;
  assign pc_bit         = !bit_q[4] && pc_q[0];
  assign op_a           = pc_base_q && state_q == Execute ? pc_bit : !(upper_q && !pc_base_q) && a_q[0];
  assign op_b           = (b_reg_q || state_q == Compare ? b_q[0] : imm_bit) ^ inverted;
  assign {carry, sum}   = {1'b0, op_a} + {1'b0, op_b} + {1'b0, carry_q};
  assign less           = unsigned_q ? !carry : op_a == op_b ? op_a : sum;
  assign {pc_carry, pc_sum} = {1'b0, pc_bit} + {1'b0, bit_q == 5'd2} + {1'b0, pc_carry_q};
  assign logic_bit      = funct3_q[1:0] == 2'b00 ? op_a ^ op_b : funct3_q[0] ? op_a && op_b : op_a || op_b;
  assign taken          = jal_q || jalr_q || (branch_q && (funct3_q[0] ^ (funct3_q[2] ? less_q : equal_q)));
  assign alu_bit        = shift_q ? (kept ? a_q[0] : fill_q) : compare_q ? bit_q == '0 && less_q
      : (jal_q || jalr_q) ? pc_sum
      : funct3_q[2] && !load_q && !store_q && !branch_q && !upper_q ? logic_bit : sum;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Start:     if (!pc_q[15] || flash_ready_i) state_d = pc_q[15] ? Wait : FetchLow;
      Wait:      if (flash_valid_i && place_q == '1) state_d = FetchLow;
      FetchLow:  state_d = FetchHigh;
      FetchHigh: state_d = Decode;
      Decode:    state_d = ALow;
      ALow:      state_d = AHigh;
      AHigh:     state_d = BLow;
      BLow:      state_d = BHigh;
      // To compare, or to rotate what is shifted.
      BHigh:     state_d = BLast;
      BLast:     state_d = branch_q || compare_q || shift_q ? Compare : Execute;
      Compare:   if (bit_q == '1) state_d = Execute;
      Execute:   if (bit_q == '1) state_d = load_q || store_q ? Access : Tail;
      Access:    state_d = AccessHigh;
      AccessHigh: state_d = LoadHigh;
      LoadHigh:   state_d = Tail;
      default:   state_d = Start;
    endcase
  end

  logic move;
  assign move = state_q == Compare || state_q == Execute;
  // By halves or by bits.
  logic a_half, a_bit, b_half, instr_half;
  assign a_half     = state_q == AHigh || state_q == BLow || (load_q && (state_q == AccessHigh || state_q == LoadHigh));
  assign a_bit      = move && !(shift_q && state_q == Compare && !before_place);
  assign b_half     = state_q == BHigh || state_q == BLast || state_q == Access;
  assign instr_half = state_q == FetchHigh || state_q == Decode;
  always_ff @(posedge clk_i) begin
    state_q <= state_d;
    bit_q   <= move ? bit_q + 1'b1 : '0;
    back_q  <= 5'd0 - amount_q;
    if (from_flash && flash_valid_i) place_q <= place_q + 1'b1;
    if (instr_half || state_q == Execute) instr_q <= instr_half ? {read_q, instr_q[31:16]} : {instr_q[0], instr_q[31:1]};
    if (state_q == ALow) rd_q <= instr_q[11:7];
    if (state_q == ALow) begin
      load_q     <= opcode[6:2] == 5'b00000;
      store_q    <= opcode[6:2] == 5'b01000;
      branch_q   <= opcode[6:2] == 5'b11000;
      jal_q      <= opcode[6:2] == 5'b11011;
      jalr_q     <= opcode[6:2] == 5'b11001;
      upper_q    <= opcode[4:2] == 3'b101;
      j_type_q   <= opcode[3];
      pc_base_q  <= opcode[6:5] == 2'b11 && opcode[3:2] != 2'b01 || opcode[6:2] == 5'b00101;
      b_reg_q    <= opcode[5] && opcode[6:2] == 5'b01100;
      subtract_q <= opcode[6:2] == 5'b01100 && instr_q[30];
      compare_q  <= opcode[4:2] == 3'b100 && instr_q[14:13] == 2'b01;
      shift_q    <= opcode[4:2] == 3'b100 && instr_q[13:12] == 2'b01;
      right_q    <= instr_q[14];
      unsigned_q <= opcode[6] ? instr_q[13] : instr_q[12];
      funct3_q   <= instr_q[14:12];
      byte_q     <= instr_q[13:12] == 2'b00;
      word_q     <= instr_q[13];
      writes_q   <= instr_q[11:7] != '0 && opcode[5:2] != 4'b1000;
      sign_q     <= instr_q[31];
      bit7_q     <= instr_q[7];
      bit20_q    <= instr_q[20];
    end
    if (a_half || a_bit) a_q <= a_half ? {incoming, a_q[31:16]} : {state_q == Compare ? a_q[0] : alu_bit, a_q[31:1]};
    if (state_q == AccessHigh) sign_of_load_q <= fill;
    if (b_half || move) b_q <= b_half ? {read_q, b_q[31:16]} : {b_q[0], b_q[31:1]};
    if (state_q == BHigh) begin
      amount_q <= b_reg_q ? read_q[4:0] : instr_q[24:20];
      fill_q   <= instr_q[30] && a_q[31];
    end
    if (move) begin
      carry_q    <= carry;
      pc_carry_q <= pc_carry;
      equal_q    <= (equal_q || bit_q == '0) && !sum;
      less_q     <= less;
    end else begin
      carry_q    <= subtract_q || (state_q == BLast && (branch_q || compare_q));
      pc_carry_q <= 1'b0;
    end
    if (state_q == Execute && !bit_q[4]) pc_q <= {taken ? sum : pc_sum, pc_q[15:1]};
    if (rst_i) begin
      pc_q    <= 16'h8000;
      state_q <= Start;
      bit_q   <= '0;
      place_q <= '0;
    end
  end

  // The memory: code and data from address 0, the instruction from the flash, the registers in its last 64 halfwords. It is read or written in a cycle.
  (* no_rw_check *) logic [15:0] memory[0:Halves-1];
  logic [15:0]      read_q, wdata;
  logic [AddrW-1:0] addr;
  logic [1:0]       we;
  logic [4:0]       register;
  logic             high, result, to_bus, of_pc, of_a, from_flash;
  assign to_bus   = a_q[15];
  assign from_flash = state_q == Wait;
  assign of_pc    = state_q == FetchLow || state_q == FetchHigh;
  assign of_a     = state_q == Access || state_q == AccessHigh;
  assign high     = state_q == AHigh || state_q == BHigh || state_q == Tail;
  assign register = move || state_q == Tail ? rd_q : state_q == ALow || state_q == AHigh ? instr_q[19:15] : instr_q[24:20];
  assign result   = writes_q && (state_q == Tail || (state_q == Execute && bit_q == 5'd16));
  assign addr     = from_flash ? {(AddrW-1)'((Halves - 66) / 2), place_q[1]}
      : of_pc ? {pc_q[15] ? (AddrW-1)'((Halves - 66) / 2) : pc_q[AddrW:2], state_q == FetchHigh}
      : of_a ? {a_q[AddrW:2], a_q[1] || state_q == AccessHigh}
      : {RegisterBase, register, high};
  assign wdata    = from_flash ? {2{flash_data_i}} : !store_q ? a_q[31:16] : byte_q ? {2{b_q[7:0]}} : b_q[15:0];
  assign we       = from_flash ? {2{flash_valid_i}} & {place_q[0], !place_q[0]}
      : {2{result || (store_q && !to_bus && (state_q == Access || (state_q == AccessHigh && word_q)))}} & (store_q && byte_q ? {a_q[0], !a_q[0]} : '1);
  // Without a read in a cycle of writing there is nothing to say of what it would see.
  always_ff @(posedge clk_i) begin
    if (we == '0) read_q <= memory[addr];
    if (we[0]) memory[addr][7:0] <= wdata[7:0];
    if (we[1]) memory[addr][15:8] <= wdata[15:8];
  end

  // What comes into the upper half of the first operand: a half of a register, or what was loaded, filled up.
  logic [15:0] incoming;
  logic [7:0]  byte_in;
  logic        fill;
  assign byte_in  = to_bus ? bus_rdata_i : a_q[0] ? read_q[15:8] : read_q[7:0];
  assign fill     = !funct3_q[2] && (byte_q ? byte_in[7] : read_q[15]);
  assign incoming = load_q && state_q == LoadHigh && !word_q ? {16{sign_of_load_q}}
      : load_q && state_q == AccessHigh && byte_q ? {{8{fill}}, byte_in} : read_q;

  assign flash_start_o = state_q == Start && pc_q[15] && flash_ready_i;
  assign flash_addr_o  = pc_q[14:0];
  assign bus_addr_o  = a_q[13:0];
  assign bus_wdata_o = b_q[7:0];
  assign bus_we_o    = state_q == Access && store_q && to_bus;
  assign bus_re_o    = state_q == Access && load_q && to_bus;
endmodule
