// hil_product on one SB_MAC16 of the UP5K.
// Latency: one cycle if Registered, and then held while en_i is 0; else none. Throughput: one product a cycle. Ordering: kept. Overflow: none.
module hil_product #(
  parameter bit Registered = 1'b0
) (
  input  logic        clk_i,
  input  logic        en_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  output logic [31:0] product_o
);
  SB_MAC16 #(
    .A_SIGNED(1'b1), .B_SIGNED(1'b1), .MODE_8x8(1'b0), .TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11),
    .PIPELINE_16x16_MULT_REG2(Registered)
  ) u_product (
    .A(a_i), .B(b_i), .O(product_o), .CLK(clk_i), .CE(en_i), .C(16'b0), .D(16'b0),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
endmodule
