// The serial vector unit's adder: a digit of 16 bits a cycle, with the carry kept between digits, and the largest score seen.
// Latency: one cycle to r_o. Throughput: one digit a cycle. Overflow: told by over_o, with the true sign, for the highest digit of a number.
module hil_serial_adder (
  input  logic        clk_i,
  // Where the operands come from: a constant, x, an accumulator, a sum or product, r; a field, a bias, the largest score.
  input  logic [2:0]  a_from_i,
  input  logic [2:0]  k_from_i,
  input  logic [1:0]  b_from_i,
  input  logic [1:0]  carry_from_i,
  input  logic [1:0]  invert_i,
  input  logic        max_we_i,
  input  logic        hold_sign_i,
  input  logic [7:0]  immediate_i,
  input  logic        wide_in_i,
  input  logic        wide_out_i,
  input  logic [15:0] x_i,
  input  logic [15:0] acc_i,
  input  logic [15:0] part_i,
  input  logic [15:0] field_i,
  input  logic [31:0] bias_i,
  output logic [15:0] r_o,
  output logic        zero_o,
  output logic        sign_o,
  output logic        over_o,
  output logic        sign_q_o,
  output logic        over_q_o
);
  // Half the place of r's highest bit, for the root.
  logic [2:0]  place;
  assign place[2] = r_o[15:8] != '0;
  assign place[1] = place[2] ? r_o[15:12] != '0 : r_o[7:4] != '0;
  assign place[0] = place[2] ? (place[1] ? r_o[15:14] != '0 : r_o[11:10] != '0) : (place[1] ? r_o[7:6] != '0 : r_o[3:2] != '0);

  logic [15:0] k, a, b, max_q;
  logic [16:0] sum;
  logic        carry, carry_q, flip, x_sign_q;
  always_comb begin
    unique case (k_from_i)
      3'd0: k = {8'b0, immediate_i};
      3'd1: k = {immediate_i, 8'b0};
      3'd2: k = {14'b0, wide_in_i, !wide_in_i};
      3'd3: k = {14'b0, wide_out_i, !wide_out_i};
      3'd4: k = {13'b0, place};
      default: k = {16{x_sign_q}};
    endcase
    unique case (a_from_i)
      3'd0: a = k;
      3'd1: a = x_i;
      3'd2: a = acc_i;
      3'd3: a = part_i;
      default: a = r_o;
    endcase
    unique case (b_from_i)
      2'd0: b = field_i;
      2'd1: b = bias_i[15:0];
      2'd2: b = bias_i[31:16];
      default: b = max_q;
    endcase
  end
  assign flip   = invert_i[0] || (invert_i[1] && sign_q_o);
  assign carry  = carry_from_i[1] ? carry_q : carry_from_i[0];
  assign sum    = {1'b0, a ^ {16{flip}}} + {1'b0, b} + 17'(carry);
  assign sign_o = (a[15] ^ flip) ^ b[15] ^ sum[16];
  assign over_o = sign_o != sum[15];
  always_ff @(posedge clk_i) begin
    x_sign_q <= x_i[15];
    r_o      <= sum[15:0];
    carry_q  <= sum[16];
    zero_o   <= sum[15:0] == '0;
    if (max_we_i && (sign_o || k_from_i[2])) max_q <= k_from_i[2] ? 16'h8000 : x_i;
    if (hold_sign_i) begin
      sign_q_o <= sign_o;
      over_q_o <= over_o;
    end
  end
endmodule
