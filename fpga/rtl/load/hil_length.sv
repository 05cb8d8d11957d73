// The length of a port instruction: a product of two unsigned counts. Combinational. Boards may replace it by a vendor's multiplier.
module hil_length #(
  parameter int unsigned WidthA = 12,
  parameter int unsigned WidthB = 12
) (
  input  logic [WidthA-1:0]        a_i,
  input  logic [WidthB-1:0]        b_i,
  output logic [WidthA+WidthB-1:0] product_o
);
  assign product_o = (WidthA+WidthB)'(a_i) * (WidthA+WidthB)'(b_i);
endmodule
