// hil_serial_multiply on one SB_MAC16 of the UP5K: its registers hold a, b and the sum, its adder takes the carry.
// Latency: a given in cycle t is in o_o in t+2 (DirectA: t+1); b and the carry count one cycle later than a. Throughput: one a cycle.
module hil_serial_multiply #(
  parameter bit DirectA = 1'b0
) (
  input  logic        clk_i,
  input  logic [15:0] a_i,
  input  logic        b_we_i,
  input  logic [15:0] b_i,
  input  logic [15:0] carry_i,
  output logic [31:0] o_o
);
  SB_MAC16 #(
    .A_REG(!DirectA), .B_REG(1'b1), .A_SIGNED(1'b0), .B_SIGNED(1'b0), .MODE_8x8(1'b0),
    .TOPOUTPUT_SELECT(2'b01), .TOPADDSUB_LOWERINPUT(2'b10), .TOPADDSUB_UPPERINPUT(1'b1), .TOPADDSUB_CARRYSELECT(2'b11),
    .BOTOUTPUT_SELECT(2'b01), .BOTADDSUB_LOWERINPUT(2'b10), .BOTADDSUB_UPPERINPUT(1'b1), .BOTADDSUB_CARRYSELECT(2'b00)
  ) u_product (
    .A(a_i), .B(b_i), .C(16'b0), .D(carry_i), .O(o_o), .CLK(clk_i), .CE(1'b1),
    .AHOLD(1'b0), .BHOLD(!b_we_i), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
    .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
    .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
endmodule
