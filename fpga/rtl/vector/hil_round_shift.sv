// A signed value shifted right with one rounding, half to even (numerics, section 1), and clipped.
// Combinational: a shift by stages, with one bit more below for the half and all that falls out gathered.
// Overflow: the rounded value takes no bit more than the value. Not checked: nothing.
module hil_round_shift #(
  parameter int unsigned Width = 48
) (
  input  logic [Width-1:0] value_i,
  input  logic [5:0]       shift_i,
  // Clipped to -128..127 (table index), -127..127, -32767..32767.
  output logic [7:0]       index_o,
  output logic [7:0]       narrow_o,
  output logic [15:0]      wide_o
);
  logic signed [Width:0] shifted;
  logic                  sticky;
  always_comb begin
    shifted = {value_i, 1'b0};
    sticky  = 1'b0;
    for (int unsigned s = 0; s < 6; s++) begin
      if (shift_i[s]) begin
        // The bits that fall out: 2^s of them, at most all.
        sticky  = sticky || (shifted & (((Width + 1)'(1) << (1 << s)) - (Width + 1)'(1))) != '0;
        shifted = shifted >>> (1 << s);
      end
    end
  end

  logic signed [Width:0] rounded;
  assign rounded = (Width + 1)'(signed'(shifted[Width:1])) + (Width + 1)'(shifted[0] && (sticky || shifted[1]));

  logic sign, fits8, fits16;
  assign sign     = rounded[Width];
  assign fits8    = rounded[Width:7] == {(Width - 6){sign}};
  assign fits16   = rounded[Width:15] == {(Width - 14){sign}};
  assign index_o  = fits8 ? rounded[7:0] : {sign, {7{!sign}}};
  assign narrow_o = fits8 && rounded[7:0] != 8'h80 ? rounded[7:0] : {sign, {6{!sign}}, 1'b1};
  assign wide_o   = fits16 && rounded[15:0] != 16'h8000 ? rounded[15:0] : {sign, {14{!sign}}, 1'b1};
endmodule
