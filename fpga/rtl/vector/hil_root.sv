// The variance of a row and its reciprocal square root (numerics, section 6), step by step on one multiplier.
//
//   step  2..6   products N*S2 (two halves), S1*S1 (two halves), E enter the multiplier; three steps later each is added to V
//   step 10..    V shifted left until one of its two highest bits is set: S steps in all
//   step  S      seed; S+1, S+4, S+7: the three products of Newton's step; S+10: y
//
// Latency: y and shift are there S+11 cycles after begin_i, S = 19 if normCycles is below 54, else 36 by a smaller shifter.
// Throughput: a row at a time. Overflow: V is below 2^53 (numerics), S1 within 2^25. Not checked: nothing.
module hil_root (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        begin_i,
  // -S1 from step 1 on, S2 from step 2 on; N and E in step 1 and on.
  input  logic [26:0] sum_i,
  input  logic [40:0] squares_i,
  input  logic [15:0] count_i,
  input  logic [31:0] epsilon_i,
  output logic        header_o,
  // The multiplier.
  output logic        busy_o,
  output logic [31:0] acc_o,
  output logic [31:0] bias_o,
  output logic [15:0] multiplier_o,
  input  logic [47:0] product_i,
  // y, and b/2 + 12.
  output logic [15:0] root_o,
  output logic [5:0]  shift_o
);
  localparam bit Quick = hil_machine_pkg::NormCycles < 54;
  localparam logic [5:0] Shifts = 6'd10;
  localparam logic [5:0] Seed = Quick ? 6'd19 : 6'd36;

  logic [5:0] step_q;
  logic       busy_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) busy_q <= 1'b0;
    else if (begin_i) busy_q <= 1'b1;
    else if (step_q == Seed + 6'd10) busy_q <= 1'b0;
    step_q <= begin_i ? '0 : step_q + 1'b1;
  end
  assign busy_o   = busy_q;
  assign header_o = busy_q && step_q == 6'd1;

  // V. Halves of 16 bits higher are products of the upper parts; S1's upper part is signed, its magnitude multiplied.
  logic [53:0] variance_q, operand, moved;
  logic [5:0]  shift_q;
  logic        subtract, upper, adds;
  logic [10:0] high, magnitude;
  logic        top8_zero, top2_zero;
  assign high      = sum_i[26:16];
  assign magnitude = high[10] ? -high : high;
  assign adds      = busy_q && step_q >= 6'd5 && step_q < Shifts;
  assign upper     = step_q == 6'd6 || step_q == 6'd8;
  assign subtract  = step_q == 6'd7 || (step_q == 6'd8 && !high[10]);
  assign operand   = (upper ? {product_i[37:0], 16'b0} : 54'(signed'(product_i))) ^ {54{subtract}};
  assign top8_zero = Quick && variance_q[53:46] == '0;
  assign top2_zero = variance_q[53:52] == '0;
  assign moved     = top8_zero ? variance_q << 8 : variance_q << 2;
  always_ff @(posedge clk_i) begin
    if (header_o) begin
      // E has 32 bits, of which the multiplier's signed operand takes 31.
      variance_q <= 54'(epsilon_i[31]) << 31;
      shift_q    <= 6'd31;
    end else if (adds) begin
      variance_q <= variance_q + operand + 54'(subtract);
    end else if (busy_q && top2_zero && step_q >= Shifts && step_q < Seed) begin
      variance_q <= moved;
      shift_q    <= shift_q - (top8_zero ? 6'd4 : 6'd1);
    end
  end
  assign shift_o = shift_q;

  // Seed, by the seven highest bits of m.
  logic [8:0] seed_q;
  always_ff @(posedge clk_i) begin
    if (step_q == Seed) seed_q <= hil_contract_pkg::reciprocal_root_seed(variance_q[53:47] - 7'd32);
  end

  logic [15:0] guess;
  assign guess = {seed_q, 7'b0};
  always_comb begin
    acc_o        = '0;
    bias_o       = '0;
    multiplier_o = guess;
    unique case (step_q)
      6'd2: begin
        acc_o        = {16'b0, squares_i[15:0]};
        multiplier_o = count_i;
      end
      6'd3: begin
        acc_o        = {7'b0, squares_i[40:16]};
        multiplier_o = count_i;
      end
      6'd4: begin
        bias_o       = 32'(signed'(sum_i));
        multiplier_o = sum_i[15:0];
      end
      6'd5: begin
        bias_o       = 32'(signed'(sum_i));
        multiplier_o = {5'b0, magnitude};
      end
      6'd6: begin
        bias_o       = {1'b0, epsilon_i[30:0]};
        multiplier_o = 16'd1;
      end
      Seed + 6'd1: acc_o = {16'b0, guess};
      Seed + 6'd4: begin
        acc_o        = {16'b0, product_i[31:16]};
        multiplier_o = variance_q[53:38];
      end
      // 98304 - p
      Seed + 6'd7: begin
        acc_o  = {15'h7fff, ~product_i[31:15]};
        bias_o = 32'd98305;
      end
      default: begin
      end
    endcase
  end

  // y, at most 65535; 0 where V is 0, so that the row becomes 0.
  logic [16:0] rounded;
  assign rounded = product_i[32:16] + 17'(product_i[15]);
  always_ff @(posedge clk_i) begin
    if (busy_q && step_q == Seed + 6'd10) root_o <= top2_zero ? '0 : rounded[16] ? '1 : rounded[15:0];
  end
endmodule
