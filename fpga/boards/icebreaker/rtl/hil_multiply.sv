// hil_multiply on two SB_MAC16 of the UP5K: halves of the value, registered in the blocks, added in the second cycle.
// Latency: two cycles. Throughput: one product a cycle. Ordering: kept.
module hil_multiply (
  input  logic        clk_i,
  input  logic [31:0] value_i,
  input  logic [15:0] multiplier_i,
  output logic [47:0] product_o
);
  logic [31:0] high_q, low_q;

  SB_MAC16 #(
    .A_SIGNED(1'b1), .B_SIGNED(1'b0), .MODE_8x8(1'b0), .TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11), .PIPELINE_16x16_MULT_REG2(1'b1)
  ) u_high (
    .A(value_i[31:16]), .B(multiplier_i), .O(high_q), .CLK(clk_i), .CE(1'b1), .C(16'b0), .D(16'b0),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
  SB_MAC16 #(
    .A_SIGNED(1'b0), .B_SIGNED(1'b0), .MODE_8x8(1'b0), .TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11), .PIPELINE_16x16_MULT_REG2(1'b1)
  ) u_low (
    .A(value_i[15:0]), .B(multiplier_i), .O(low_q), .CLK(clk_i), .CE(1'b1), .C(16'b0), .D(16'b0),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );

  always_ff @(posedge clk_i) product_o <= {high_q, 16'b0} + {16'b0, low_q};
endmodule
