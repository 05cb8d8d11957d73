// Where a port instruction ends: a product of two unsigned counts and a summand. Combinational. Boards may replace it by a vendor's multiplier.
module hil_length #(
  parameter int unsigned WidthA = 12,
  parameter int unsigned WidthB = 12
) (
  input  logic [WidthA-1:0]        a_i,
  input  logic [WidthB-1:0]        b_i,
  input  logic [15:0]              plus_i,
  output logic [WidthA+WidthB-1:0] sum_o
);
  assign sum_o = (WidthA+WidthB)'(a_i) * (WidthA+WidthB)'(b_i) + (WidthA+WidthB)'(plus_i);
endmodule
