// A map of Yosys: unsigned comparisons with a constant in logic, not in a carry chain.
(* techmap_celltype = "$lt $le $gt $ge" *)
module compare_constant (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  parameter _TECHMAP_CELLTYPE_ = "";
  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;
  localparam W = A_WIDTH > B_WIDTH ? A_WIDTH : B_WIDTH;
  wire _TECHMAP_FAIL_ = A_SIGNED || B_SIGNED || !(&_TECHMAP_CONSTMSK_A_ || &_TECHMAP_CONSTMSK_B_);
  wire [W-1:0] a = A, b = B;
  wire [W:0] less, equal;
  assign less[0] = 1'b0;
  assign equal[0] = 1'b1;
  genvar i;
  generate for (i = 0; i < W; i = i + 1) begin : bits
    assign less[i+1] = (!a[i] && b[i]) || (!(a[i] && !b[i]) && less[i]);
    assign equal[i+1] = (a[i] == b[i]) && equal[i];
  end endgenerate
  assign Y = _TECHMAP_CELLTYPE_ == "$lt" ? less[W] : _TECHMAP_CELLTYPE_ == "$le" ? (less[W] || equal[W])
      : _TECHMAP_CELLTYPE_ == "$gt" ? !(less[W] || equal[W]) : !less[W];
endmodule
