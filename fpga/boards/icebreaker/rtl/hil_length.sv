// hil_length on one SB_MAC16 of the UP5K, its adder behind the product. Combinational. Factors have at most 16 bits.
module hil_length #(
  parameter int unsigned WidthA = 12,
  parameter int unsigned WidthB = 12
) (
  input  logic [WidthA-1:0]        a_i,
  input  logic [WidthB-1:0]        b_i,
  input  logic [15:0]              plus_i,
  output logic [WidthA+WidthB-1:0] sum_o
);
  if (WidthA > 16 || WidthB > 16) $error("one block multiplies 16 by 16 bits");

  logic [31:0] sum;
  assign sum_o = sum[WidthA+WidthB-1:0];

  SB_MAC16 #(
    .A_SIGNED(1'b0), .B_SIGNED(1'b0), .MODE_8x8(1'b0), .TOPOUTPUT_SELECT(2'b00), .BOTOUTPUT_SELECT(2'b00),
    .TOPADDSUB_LOWERINPUT(2'b10), .TOPADDSUB_UPPERINPUT(1'b1), .TOPADDSUB_CARRYSELECT(2'b10),
    .BOTADDSUB_LOWERINPUT(2'b10), .BOTADDSUB_UPPERINPUT(1'b1), .BOTADDSUB_CARRYSELECT(2'b00)
  ) u_sum (
    .A(16'(a_i)), .B(16'(b_i)), .O(sum), .CLK(1'b0), .CE(1'b0), .C(16'b0), .D(plus_i),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
endmodule
