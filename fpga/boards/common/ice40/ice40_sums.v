// A map of Yosys: sums of at most four bits with a constant, and of at most two else, in logic, not in a carry chain.
(* techmap_celltype = "$alu" *)
module small_alu (A, B, CI, BI, X, Y, CO);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTMSK_A_ = 0;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  input CI, BI;
  output [Y_WIDTH-1:0] X, Y, CO;
  wire _TECHMAP_FAIL_ = Y_WIDTH > (&_TECHMAP_CONSTMSK_B_ || &_TECHMAP_CONSTMSK_A_ ? 4 : 2);
  wire [Y_WIDTH-1:0] a, b0, b;
  \$pos #(.A_SIGNED(A_SIGNED), .A_WIDTH(A_WIDTH), .Y_WIDTH(Y_WIDTH)) conv_a (.A(A), .Y(a));
  \$pos #(.A_SIGNED(B_SIGNED), .A_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH)) conv_b (.A(B), .Y(b0));
  assign b = BI ? ~b0 : b0;
  wire [Y_WIDTH:0] c;
  assign c[0] = CI;
  genvar i;
  generate for (i = 0; i < Y_WIDTH; i = i + 1) begin : bits
    assign c[i+1] = (a[i] && b[i]) || (c[i] && (a[i] || b[i]));
  end endgenerate
  assign X = a ^ b;
  assign Y = a ^ b ^ c[Y_WIDTH-1:0];
  assign CO = c[Y_WIDTH:1];
endmodule
