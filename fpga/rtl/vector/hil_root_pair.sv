// The variance of a row and its reciprocal square root (numerics, section 6), on two multipliers, normalised in two steps: for machines of few normCycles.
//
//   step 1, 2    products -S1*S1, N*S2 enter the multipliers, lower and upper halves at once; three steps later they are added to E
//   step 6, 7    V shifted left until one of its two highest bits is set: by 16s, then by 2s
//   step 8       seed; 9: its square; 10, 13: the two products of Newton's step that are left; 16: y
//
// Latency: y and shift are there 17 cycles after begin_i. Throughput: a row at a time.
// Overflow: V is below 2^53 (numerics), S1 within 2^25. Not checked: nothing.
module hil_root_pair (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        begin_i,
  // -S1 from step 1 on, S2 from step 2 on; N and E in step 1 and on.
  input  logic [26:0] sum_i,
  input  logic [40:0] squares_i,
  input  logic [15:0] count_i,
  input  logic [31:0] epsilon_i,
  output logic        header_o,
  // The multipliers.
  output logic        busy_o,
  output logic [63:0] acc_o,
  output logic [63:0] bias_o,
  output logic [31:0] multiplier_o,
  input  logic [95:0] product_i,
  // y, and b/2 + 12.
  output logic [15:0] root_o,
  output logic [5:0]  shift_o
);
  localparam logic [4:0] Last = 5'd16;

  logic [4:0] step_q;
  logic       busy_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) busy_q <= 1'b0;
    else if (begin_i) busy_q <= 1'b1;
    else if (step_q == Last) busy_q <= 1'b0;
    step_q <= begin_i ? '0 : step_q + 1'b1;
  end
  assign busy_o   = busy_q;
  assign header_o = busy_q && step_q == 5'd1;

  // V; halves of 16 bits higher are products of the upper parts.
  logic [53:0] variance_q, by_16s, by_2s;
  logic [5:0]  shift_q;
  logic [1:0]  coarse;
  logic [2:0]  fine;
  always_comb begin
    if (variance_q[53:6] == '0) coarse = 2'd3;
    else if (variance_q[53:22] == '0) coarse = 2'd2;
    else if (variance_q[53:38] == '0) coarse = 2'd1;
    else coarse = 2'd0;
    unique case (coarse)
      2'd0:    by_16s = variance_q;
      2'd1:    by_16s = {variance_q[37:0], 16'b0};
      2'd2:    by_16s = {variance_q[21:0], 32'b0};
      default: by_16s = {variance_q[5:0], 48'b0};
    endcase
    fine = '0;
    for (int unsigned p = 0; p < 8; p++) begin
      if (variance_q[38+2*p+:2] != '0) fine = 3'(7 - p);
    end
    by_2s = variance_q << {fine, 1'b0};
  end
  always_ff @(posedge clk_i) begin
    if (header_o) begin
      variance_q <= {22'b0, epsilon_i};
      shift_q    <= 6'd31;
    end else if (busy_q && (step_q == 5'd4 || step_q == 5'd5)) begin
      variance_q <= variance_q + 54'(signed'(product_i[47:0])) + {product_i[48+:38], 16'b0};
    end else if (busy_q && step_q == 5'd6) begin
      variance_q <= by_16s;
      shift_q    <= shift_q - {1'b0, coarse, 3'b0};
    end else if (busy_q && step_q == 5'd7) begin
      variance_q <= by_2s;
      shift_q    <= shift_q - {3'b0, fine};
    end
  end
  assign shift_o = shift_q;

  // Seed, by the seven highest bits of m, and its square.
  logic [8:0]  seed_q;
  logic [17:0] square_q;
  logic [15:0] guess;
  always_ff @(posedge clk_i) begin
    if (step_q == 5'd8) seed_q <= hil_contract_pkg::reciprocal_root_seed(variance_q[53:47] - 7'd32);
    square_q <= {9'b0, seed_q} * {9'b0, seed_q};
  end
  assign guess = {seed_q, 7'b0};

  // The upper part of -S1 is signed, its magnitude multiplied.
  logic [31:0] sum;
  logic [10:0] high, magnitude;
  assign sum       = 32'(signed'(sum_i));
  assign high      = sum_i[26:16];
  assign magnitude = high[10] ? -high : high;
  always_comb begin
    acc_o        = '0;
    bias_o       = '0;
    multiplier_o = {16'b0, guess};
    unique case (step_q)
      5'd1: begin
        acc_o        = {high[10] ? sum : ~sum, ~sum};
        bias_o       = {31'b0, !high[10], 32'd1};
        multiplier_o = {5'b0, magnitude, sum_i[15:0]};
      end
      5'd2: begin
        acc_o        = {7'b0, squares_i[40:16], 16'b0, squares_i[15:0]};
        multiplier_o = {count_i, count_i};
      end
      5'd10: begin
        acc_o        = {48'b0, square_q[17:2]};
        multiplier_o = {16'b0, variance_q[53:38]};
      end
      // 98304 - p
      5'd13: begin
        acc_o  = {32'b0, 15'h7fff, ~product_i[31:15]};
        bias_o = {32'b0, 32'd98305};
      end
      default: begin
      end
    endcase
  end

  // y, at most 65535; 0 where V is 0, so that the row becomes 0.
  logic [16:0] rounded;
  assign rounded = product_i[32:16] + 17'(product_i[15]);
  always_ff @(posedge clk_i) begin
    if (busy_q && step_q == Last) root_o <= variance_q[53:52] == '0 ? '0 : rounded[16] ? '1 : rounded[15:0];
  end

  logic unused;
  assign unused = ^{product_i[95:86], square_q[1:0]};
endmodule
