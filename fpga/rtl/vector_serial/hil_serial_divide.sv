// The row scale of a row of exponentials: z = bitlen(sum) - 1 and m = C * 2^z / sum, rounded (numerics, section 7), by long division.
// Latency: at most 25 cycles from start_i to the result, which stays until the next start: the sum is shifted left until its highest bit is set,
// by four or one a cycle (at most six cycles, and one to see it), then 17 bits of 2m, one a cycle. Throughput: a row at a time.
// Overflow: 4095 exponentials of at most 127 take 19 bits. m is at most C. Not checked: a start or an addition that comes too early.
module hil_serial_divide (
  input  logic        clk_i,
  input  logic        clear_i,
  input  logic        add_i,
  input  logic [6:0]  weight_i,
  // Held from start_i on.
  input  logic        start_i,
  input  logic [15:0] factor_i,
  output logic [15:0] quotient_o,
  output logic [4:0]  exponent_o
);
  logic        aligning_q;
  logic [18:0] sum_q, rest_q, rest;
  logic [16:0] quotient_q;
  logic [4:0]  exponent_q, left_q;
  logic [19:0] less;
  logic [4:0]  by;

  // One bit of the quotient; 4C is below the aligned sum, so the highest bits of the quotient of C * 2^19 are left out.
  assign less = {rest_q, 1'b0} - {1'b0, sum_q};
  assign rest = less[19] ? {rest_q[17:0], 1'b0} : less[18:0];
  assign by   = sum_q[18:15] == '0 && exponent_q > 5'd3 ? 5'd4 : 5'd1;

  always_ff @(posedge clk_i) begin
    if (clear_i) sum_q <= '0;
    else if (add_i) sum_q <= sum_q + 19'(weight_i);
    else if (aligning_q && !sum_q[18]) sum_q <= sum_q << by;

    if (start_i) begin
      aligning_q <= 1'b1;
      exponent_q <= 5'd18;
      left_q     <= 5'd17;
      rest_q     <= {1'b0, factor_i, 2'b0};
    end else if (aligning_q && !sum_q[18] && exponent_q != '0) begin
      exponent_q <= exponent_q - by;
    end else begin
      aligning_q <= 1'b0;
      if (!aligning_q && left_q != '0) begin
        left_q     <= left_q - 1'b1;
        rest_q     <= rest;
        quotient_q <= {quotient_q[15:0], !less[19]};
      end
    end
  end
  assign quotient_o = sum_q[18] ? quotient_q[16:1] + 16'(quotient_q[0]) : '0;
  assign exponent_o = sum_q[18] ? exponent_q : '0;
endmodule
