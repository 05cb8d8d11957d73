// The row scale of a row of exponentials: z = bitlen(sum) - 1 and m = C * 2^z / sum, rounded (numerics, section 7), by long division.
// Latency: at most 25 cycles from the last group to write_o: the sum is shifted left until its highest bit is set, by four or one a cycle (six cycles),
// then 17 bits of 2m, one a cycle. Where divideCycles is below 24, at most 12: one shift, and two bits a cycle. Throughput: a row at a time; the next row's first group comes later than that (hil_vector_sequence).
// Overflow: 4095 exponentials of at most 127 take 19 bits. m is at most C. Not checked: a row that comes too early.
module hil_row_scale (
  input  logic                                  clk_i,
  input  logic                                  rst_i,
  input  logic                                  start_i,
  input  logic [hil_machine_pkg::CountW-1:0]       row_i,
  input  logic                                  add_i,
  input  logic                                  last_i,
  input  logic [18:0]                           sum_i,
  input  logic [15:0]                           factor_i,
  output logic                                  write_o,
  output logic [hil_machine_pkg::RowScaleW-1:0]    row_o,
  output logic [hil_machine_pkg::RowScaleBits-1:0] scale_o
);
  typedef enum logic [1:0] {
    Adding,
    Aligning,
    Dividing,
    Writing
  } state_e;

  state_e                             state_q;
  logic [18:0]                        sum_q, rest_q;
  logic [16:0]                        quotient_q;
  logic [4:0]                         exponent_q, left_q;
  logic [hil_machine_pkg::RowScaleW-1:0] row_q;
  logic                               zero_q;
  localparam bit Quick = hil_machine_pkg::DivideCycles < 24;

  // One bit of the quotient, and the next; 4C is below the aligned sum, so the highest bits of the quotient of C * 2^19 are left out, one fewer where
  // the bits are taken in pairs.
  logic [19:0] less, less_2;
  logic [18:0] rest, rest_2;
  assign less   = {rest_q, 1'b0} - {1'b0, sum_q};
  assign rest   = less[19] ? {rest_q[17:0], 1'b0} : less[18:0];
  assign less_2 = {rest, 1'b0} - {1'b0, sum_q};
  assign rest_2 = less_2[19] ? {rest[17:0], 1'b0} : less_2[18:0];

  // How far the sum is shifted at once.
  logic [4:0] by;
  if (Quick) begin : gen_at_once
    always_comb begin
      by = 5'd18;
      for (int unsigned i = 0; i < 19; i++) begin
        if (sum_q[i]) by = 5'(18 - i);
      end
    end
  end else begin : gen_by_steps
    assign by = sum_q[18:15] == '0 && exponent_q > 5'd3 ? 5'd4 : 5'd1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || start_i) state_q <= Adding;
    else begin
      unique case (state_q)
        Adding:   if (add_i && last_i) state_q <= Aligning;
        Aligning: if (sum_q[18] || exponent_q == '0) state_q <= Dividing;
        Dividing: if (left_q == 5'd1) state_q <= Writing;
        default:  state_q <= Adding;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) row_q <= hil_machine_pkg::RowScaleW'(row_i);
    else if (write_o) row_q <= row_q + 1'b1;

    if (start_i || write_o) sum_q <= '0;
    else if (state_q == Adding && add_i) sum_q <= sum_q + sum_i;
    else if (state_q == Aligning && !sum_q[18]) sum_q <= sum_q << by;

    if (state_q == Adding) exponent_q <= 5'd18;
    else if (state_q == Aligning && !sum_q[18]) exponent_q <= exponent_q - by;

    if (state_q == Dividing) begin
      left_q     <= left_q - 1'b1;
      rest_q     <= Quick ? rest_2 : rest;
      quotient_q <= Quick ? {quotient_q[14:0], !less[19], !less_2[19]} : {quotient_q[15:0], !less[19]};
    end else begin
      left_q <= Quick ? 5'd9 : 5'd17;
      rest_q <= Quick ? {2'b0, factor_i, 1'b0} : {1'b0, factor_i, 2'b0};
      if (state_q == Aligning) zero_q <= !sum_q[18];
    end
  end

  logic unused;
  assign unused = ^row_i;

  logic [15:0] rounded;
  assign rounded = quotient_q[16:1] + 16'(quotient_q[0]);
  assign write_o = state_q == Writing;
  assign row_o   = row_q;
  assign scale_o = zero_q ? '0 : {3'b0, exponent_q, rounded};
endmodule
