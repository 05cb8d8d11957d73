// Rounds a stream of digits half to even at a digit's boundary and clips it (numerics, section 1).
// The digit of index_i is the result's; what lies below decides on the rounding, what lies above on the clipping. index_i = 4: the result is 0.
// Latency: after the last digit's cycle the results are there, until the next number's first digit is taken. Throughput: a digit a cycle.
module hil_serial_round (
  input  logic        clk_i,
  input  logic        first_i,
  input  logic [15:0] digit_i,
  input  logic [2:0]  index_i,
  output logic [7:0]  table_index_o,
  output logic [7:0]  narrow_o,
  output logic [15:0] wide_o
);
  logic [1:0]  count_q, count;
  logic [2:0]  index_q, index;
  logic [15:0] value_q;
  logic        half_q, sticky_q, sign_q, zeros_q, ones_q, captured;
  assign count    = first_i ? 2'd0 : count_q;
  assign index    = first_i ? index_i : index_q;
  assign captured = {1'b0, count} == index;

  always_ff @(posedge clk_i) begin
    count_q <= count + 2'd1;
    index_q <= index;
    if (captured || first_i) value_q <= captured ? digit_i : 16'b0;
    sign_q <= digit_i[15];
    if ({1'b0, count} < index) begin
      half_q   <= digit_i[15];
      sticky_q <= digit_i[14:0] != '0 || (!first_i && (half_q || sticky_q));
    end else if (first_i) begin
      half_q   <= 1'b0;
      sticky_q <= 1'b0;
    end
    if (captured || first_i) begin
      zeros_q <= 1'b1;
      ones_q  <= 1'b1;
    end else if ({1'b0, count} > index) begin
      zeros_q <= zeros_q && digit_i == '0;
      ones_q  <= ones_q && digit_i == '1;
    end
  end

  logic [15:0] rounded;
  logic        negative, fits16, fits8;
  assign negative = sign_q && !index_q[2];
  assign rounded  = value_q + 16'(half_q && !index_q[2] && (sticky_q || value_q[0]));
  assign fits16   = (negative ? ones_q && (value_q[15]) : zeros_q && !value_q[15] && !rounded[15]);
  assign fits8    = fits16 && rounded[15:7] == {9{rounded[15]}};
  assign table_index_o = fits8 ? rounded[7:0] : {negative, {7{!negative}}};
  assign narrow_o      = fits8 && rounded[7:0] != 8'h80 ? rounded[7:0] : {negative, {6{!negative}}, 1'b1};
  assign wide_o        = fits16 && rounded != 16'h8000 ? rounded : {negative, {14{!negative}}, 1'b1};
endmodule
