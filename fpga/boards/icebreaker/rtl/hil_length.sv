// hil_length on one SB_MAC16 of the UP5K. Combinational. Factors have at most 16 bits.
module hil_length #(
  parameter int unsigned WidthA = 12,
  parameter int unsigned WidthB = 12
) (
  input  logic [WidthA-1:0]        a_i,
  input  logic [WidthB-1:0]        b_i,
  output logic [WidthA+WidthB-1:0] product_o
);
  if (WidthA > 16 || WidthB > 16) $error("one block multiplies 16 by 16 bits");

  logic [31:0] product;
  assign product_o = product[WidthA+WidthB-1:0];

  SB_MAC16 #(
    .A_SIGNED(1'b0), .B_SIGNED(1'b0), .MODE_8x8(1'b0), .TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11)
  ) u_product (
    .A(16'(a_i)), .B(16'(b_i)), .O(product), .CLK(1'b0), .CE(1'b0), .C(16'b0), .D(16'b0),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
endmodule
