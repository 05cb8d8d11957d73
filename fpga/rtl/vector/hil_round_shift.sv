// A signed value shifted right with one rounding, half to even (numerics, section 1), and clipped.
// Combinational: first by a multiple of 16, then by the rest, keeping at each step only the bits that can reach the 16 of the result, the half
// below them, and whether anything was lost below or above.
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
  if (Width < 17 || Width > 64) $error("a value has 17 to 64 bits");

  // Bit 0 of x and of each window is the half.
  logic        sign;
  logic [80:0] x;
  assign sign = value_i[Width-1];
  assign x    = {{(80 - Width){sign}}, value_i, 1'b0};

  // By 0, 16, 32 or 48: 32 bits and the half.
  logic [32:0] by16;
  logic        below16, above16;
  always_comb begin
    unique case (shift_i[5:4])
      2'd0: begin
        by16    = x[32:0];
        below16 = 1'b0;
        above16 = x[64:33] != {32{sign}};
      end
      2'd1: begin
        by16    = x[48:16];
        below16 = x[15:0] != '0;
        above16 = x[64:49] != {16{sign}};
      end
      2'd2: begin
        by16    = x[64:32];
        below16 = x[31:0] != '0;
        above16 = 1'b0;
      end
      default: begin
        by16    = x[80:48];
        below16 = x[47:0] != '0;
        above16 = 1'b0;
      end
    endcase
  end

  logic [24:0] by8;
  logic [20:0] by4;
  logic [18:0] by2;
  logic [17:0] by1;
  assign by8 = shift_i[3] ? by16[32:8] : by16[24:0];
  assign by4 = shift_i[2] ? by8[24:4] : by8[20:0];
  assign by2 = shift_i[1] ? by4[20:2] : by4[18:0];
  assign by1 = shift_i[0] ? by2[18:1] : by2[17:0];

  logic below, above;
  assign below = below16 || (shift_i[3] && by16[7:0] != '0) || (shift_i[2] && by8[3:0] != '0)
      || (shift_i[1] && by4[1:0] != '0) || (shift_i[0] && by2[0]);
  assign above = above16 || (!shift_i[3] && by16[32:25] != {8{sign}}) || (!shift_i[2] && by8[24:21] != {4{sign}})
      || (!shift_i[1] && by4[20:19] != {2{sign}}) || (!shift_i[0] && by2[18] != sign);

  // 17 bits hold what 16 bits and a rounding give; of what lies above, only the sign counts.
  logic [16:0] rounded;
  logic        fits8, fits16;
  assign rounded = by1[17:1] + 17'(by1[0] && (below || by1[1]));
  assign fits16  = !above && by1[17] == sign && rounded[16] == rounded[15];
  assign fits8   = fits16 && rounded[15:7] == {9{rounded[15]}};
  assign index_o  = fits8 ? rounded[7:0] : {sign, {7{!sign}}};
  assign narrow_o = fits8 && rounded[7:0] != 8'h80 ? rounded[7:0] : {sign, {6{!sign}}, 1'b1};
  assign wide_o   = fits16 && rounded[15:0] != 16'h8000 ? rounded[15:0] : {sign, {14{!sign}}, 1'b1};
endmodule
