// Main memory in a quad SPI flash (Winbond W25Q128JV and what answers alike): a back end of the core's memory port for a region that is only read.
// After reset it wakes the flash: leaves continuous read (FFh), releases power-down (ABh) and waits tRES1, sets the QE bit where it is not
// set (50h, 31h: in the register alone, nothing wears), and enters continuous read by Fast Read Quad I/O (EBh, mode bits A0h). From ready_o on a
// burst is six clocks of address, two of mode and four dummies, then half a byte a clock; no command byte, no page rule: a read crosses pages.
// Pins: what is given here is registered in the pads at the clock's edge; SCK runs in the second half of a cycle of sck_en_o, so that the flash
// takes what was set half a cycle before; io_i is what the pads registered at the end of the cycle before. docs/icebreaker.md has the budget.
// Latency: a burst of n bytes ends LatencyCycles + 2 n cycles after start_i; LatencyCycles >= 15. Throughput: one byte in two cycles.
// Ordering: by ascending address, one burst at a time. fault_o stays: the QE bit could not be set; then ready_o never comes.
// Not checked: what the flash holds.
module hil_backend_flash #(
  parameter int unsigned ClockHz       = 24_000_000,
  parameter int unsigned BurstW        = 9,
  parameter int unsigned LatencyCycles = 16
) (
  input  logic              clk_i,
  input  logic              rst_i,
  output logic              ready_o,
  output logic              fault_o,
  input  logic              start_i,
  input  logic [23:0]       addr_i,
  input  logic [BurstW-1:0] bytes_i,
  output logic              read_o,
  output logic [7:0]        rdata_o,
  output logic              last_o,
  output logic              cs_no,
  output logic              sck_en_o,
  output logic [3:0]        io_o,
  output logic [3:0]        io_oe_o,
  input  logic [3:0]        io_i
);
  // Data sheet, AC characteristics: tRES1 3 us from /CS high to the next command (4 here); tSHSL2 50 ns between commands.
  localparam int unsigned WakeCycles = ClockHz / 250_000 + 1;
  localparam int unsigned GapCycles = ClockHz / 16_000_000 + 3;
  localparam int unsigned CountW = $clog2(WakeCycles + 16);
  // Cycles from the last data clock to the last beat, and what the region's figure has beyond.
  localparam int unsigned BeatDelay = 3;
  localparam int unsigned LastDelay = BeatDelay + LatencyCycles - 15;
  localparam logic [7:0] Continuous = 8'hA0;

  if (LatencyCycles < 15) $error("the flash needs 15 cycles: 8 of address and mode, 4 dummies, 3 through the pads and a register");

  // What is said to the flash after reset, in this order; a status that has QE set skips the two writes.
  typedef enum logic [2:0] {
    LeaveContinuous,
    Release,
    ReadStatus,
    EnableWrite,
    WriteStatus,
    CheckStatus,
    EnterContinuous,
    Awake
  } step_e;
  typedef enum logic [2:0] {
    Idle,
    Command,
    Address,
    Dummy,
    Data,
    Finish,
    Gap
  } state_e;

  step_e                step_q, step_d;
  state_e               state_q, state_d;
  logic [CountW-1:0]    count_q, count_d;
  logic [31:0]          shift_q, command;
  logic [BurstW-1:0]    left_q, left_d;
  logic                 odd_q, odd_d, fault_q, fault_d;
  logic [7:0]           opcode, status_q, command_byte;
  logic                 has_byte, command_last, gap_last, data_last, sample, sample_q, sample_qq, odd_qq, odd_qqq;
  logic [3:0]           high_q;
  logic [LastDelay-1:0] last_q;

  // Commands have a second byte where a status is read or written.
  assign has_byte     = step_q == ReadStatus || step_q == WriteStatus || step_q == CheckStatus;
  assign command_last = count_q == (has_byte ? CountW'(15) : CountW'(7));
  assign gap_last     = count_q == (step_q == Release ? CountW'(WakeCycles) : CountW'(GapCycles));
  assign data_last    = state_q == Data && odd_q && left_q == BurstW'(1);
  assign sample       = state_q == Data || (state_q == Command && has_byte && count_q >= CountW'(8));

  // The step after the one that a gap ends. Reset is a gap before the first.
  always_comb begin
    unique case (step_q)
      Awake:           {opcode, step_d} = {8'hFF, LeaveContinuous};
      LeaveContinuous: {opcode, step_d} = {8'hAB, Release};
      Release:         {opcode, step_d} = {8'h35, ReadStatus};
      EnableWrite:     {opcode, step_d} = {8'h31, WriteStatus};
      WriteStatus:     {opcode, step_d} = {8'h35, CheckStatus};
      ReadStatus:      {opcode, step_d} = status_q[1] ? {8'hEB, EnterContinuous} : {8'h50, EnableWrite};
      CheckStatus:     {opcode, step_d} = status_q[1] ? {8'hEB, EnterContinuous} : {8'h35, CheckStatus};
      default:         {opcode, step_d} = {8'hFF, Awake};
    endcase
  end

  always_comb begin
    state_d = state_q;
    count_d = count_q + 1'b1;
    left_d  = left_q;
    odd_d   = 1'b0;
    fault_d = fault_q;
    unique case (state_q)
      Idle: begin
        count_d = '0;
        left_d  = bytes_i;
        if (start_i) state_d = Address;
      end
      Command: begin
        if (command_last) begin
          state_d = step_q == EnterContinuous ? Address : Finish;
          count_d = '0;
          left_d  = BurstW'(1);
        end
      end
      Address: begin
        if (count_q == CountW'(7)) begin
          state_d = Dummy;
          count_d = '0;
        end
      end
      Dummy: if (count_q == CountW'(3)) state_d = Data;
      Data: begin
        odd_d = !odd_q;
        if (odd_q) left_d = left_q - 1'b1;
        if (data_last) state_d = Finish;
      end
      // /CS stays low for a cycle, until the last data are in.
      Finish: begin
        count_d = '0;
        state_d = step_q == Awake ? Idle : Gap;
      end
      // /CS is high for as long as the flash needs; what it said has arrived when the gap ends.
      default: begin
        if (gap_last) begin
          count_d = '0;
          fault_d = step_q == CheckStatus && !status_q[1];
          state_d = fault_d ? Gap : step_q == EnterContinuous ? Idle : Command;
        end
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= Gap;
      step_q  <= Awake;
      count_q <= '0;
      fault_q <= 1'b0;
      last_q  <= '0;
    end else begin
      state_q <= state_d;
      count_q <= count_d;
      fault_q <= fault_d || fault_q;
      last_q  <= LastDelay'({last_q, data_last && step_q == Awake});
      if (state_q == Gap && gap_last) step_q <= step_d;
    end
  end
  // Half a byte leaves a cycle: an address with the mode bits, or one bit of a command, whose other pins do not matter or are high (/WP and /HOLD).
  // The second byte of a command follows the eighth bit of the first. The first address, that of the command that enters continuous read, is any.
  assign command_byte = state_q == Command ? status_q | 8'h02 : opcode;
  for (genvar i = 0; i < 8; i++) begin : gen_command
    assign command[4*i+:4] = {3'b110, command_byte[i]};
  end
  logic loads_command, loads_address;
  assign loads_command = state_q == Gap || (state_q == Command && has_byte && count_q == CountW'(7));
  assign loads_address = state_q == Idle || (state_q == Command && command_last);
  always_ff @(posedge clk_i) begin
    shift_q <= loads_command ? command : loads_address ? {addr_i, Continuous} : {shift_q[27:0], 4'b1111};
    left_q  <= left_d;
    odd_q   <= odd_d;
  end

  assign ready_o  = step_q == Awake && state_q != Gap;
  assign fault_o  = fault_q;
  assign cs_no    = state_q == Idle || state_q == Gap;
  assign sck_en_o = state_q == Command || state_q == Address || state_q == Dummy || state_q == Data;
  assign io_o     = shift_q[31:28];
  assign io_oe_o  = state_q == Command ? 4'b1101 : {4{state_q == Address}};

  // A clock's answer is in the pads' registers two cycles after the cycle that asked for the clock.
  always_ff @(posedge clk_i) begin
    sample_q  <= sample;
    sample_qq <= sample_q;
    odd_qq    <= odd_q;
    odd_qqq   <= odd_qq;
    if (sample_qq) begin
      status_q <= {status_q[6:0], io_i[1]};
      high_q   <= io_i;
      rdata_o  <= {high_q, io_i};
    end
    read_o <= !rst_i && sample_qq && odd_qqq && step_q == Awake;
  end
  assign last_o = last_q[LastDelay-1];

`ifdef HIL_ASSERT
  // The rules of the header.
  logic [31:0] age_q, length_q, read_q;
  logic        burst_q;
  always_ff @(posedge clk_i) begin
    age_q <= start_i ? 32'd1 : age_q + 32'd1;
    if (start_i) length_q <= 32'(bytes_i);
    read_q  <= start_i ? '0 : read_q + 32'(read_o);
    burst_q <= !rst_i && (start_i || (burst_q && !last_o));
    if (!rst_i) begin
      assert (!start_i || (ready_o && !burst_q && state_q == Idle && bytes_i != '0))
      else $error("a burst starts before the flash is ready, within another one, or has no byte");
      assert (!start_i || 32'(addr_i) + 32'(bytes_i) <= 32'h100_0000)
      else $error("a burst leaves the flash, which would begin again at its first byte");
      assert (!last_o || (burst_q && age_q == LatencyCycles + 2 * length_q && read_q + 32'(read_o) == length_q))
      else $error("a burst of %0d bytes gave %0d and ended after %0d cycles", length_q, read_q + 32'(read_o), age_q);
      assert (!read_o || burst_q)
      else $error("a byte outside of a burst");
      assert (!fault_o || !ready_o)
      else $error("ready with a fault");
    end
  end
`endif
endmodule
