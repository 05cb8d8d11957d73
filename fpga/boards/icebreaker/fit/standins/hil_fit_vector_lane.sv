// Stand-in for the one-lane softmax, layer-norm, map and add unit of the UP5K, beside the real requantizer.
//
// It has what such a unit cannot do without: row sums Σx (22 bits) and Σx² (40 bits), a 16-bit multiply-accumulate on one DSP used over and over,
// a bit-serial normaliser and divider, the exponential and reciprocal-square-root tables in block RAM, a row-scale memory, and two address generators.
// Not checked: the numerics. The unit that replaces it is built from docs/numerics.md sections 6 to 8.
module hil_fit_vector_lane (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  input  logic [1:0]  kind_i,
  input  logic [15:0] source_i,
  input  logic [15:0] output_i,
  input  logic [11:0] rows_i,
  input  logic [10:0] columns_i,
  input  logic [15:0] read_data_i,
  input  logic [63:0] entry_i,
  output logic [15:0] read_addr_o,
  output logic [15:0] write_addr_o,
  output logic [15:0] write_data_o,
  output logic        write_o,
  output logic [11:0] entry_addr_o,
  input  logic [7:0]  scale_addr_i,
  output logic [20:0] scale_o,
  output logic        busy_o
);
  typedef enum logic [2:0] {Idle, Gather, Normalise, Seed, Newton, Divide, Emit} state_e;
  state_e state_q;

  logic [15:0] exp_rom[0:255];
  logic [15:0] seed_rom[0:255];
  logic [20:0] scales[0:255];
  initial $readmemh("exp_table.hex", exp_rom);
  initial $readmemh("seed_table.hex", seed_rom);

  logic [15:0] source_q, output_q;
  logic [11:0] row_q;
  logic [10:0] column_q;
  logic signed [15:0] x_q, max_q;
  logic signed [26:0] sum_q;
  logic [52:0] square_q;      // holds Σx², then V, then shifts while it is normalised
  logic [5:0]  shift_q;
  logic [4:0]  step_q;
  logic [15:0] exp_q, seed_q, y_q;
  logic [31:0] remainder_q;
  logic [15:0] quotient_q;

  logic signed [15:0] mul_a, mul_b;
  logic signed [31:0] product_q;
  always_comb begin
    unique case (state_q)
      Gather: begin mul_a = x_q; mul_b = x_q; end
      Normalise: begin mul_a = sum_q[15:0]; mul_b = sum_q[26:11]; end
      Newton: begin mul_a = y_q; mul_b = square_q[15:0]; end
      default: begin mul_a = x_q; mul_b = (kind_i[0]) ? entry_i[47:32] : y_q; end
    endcase
  end

  SB_MAC16 #(
    .A_SIGNED(1'b1), .B_SIGNED(1'b1), .TOPOUTPUT_SELECT(2'b11), .BOTOUTPUT_SELECT(2'b11),
    .PIPELINE_16x16_MULT_REG2(1'b1)
  ) u_mul (
    .CLK(clk_i), .CE(1'b1), .A(mul_a), .B(mul_b), .C(16'd0), .D(16'd0),
    .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0),
    .ORSTBOT(1'b0), .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0),
    .OHOLDBOT(1'b0), .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0), .O(product_q), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );

  logic signed [16:0] distance;
  assign distance = max_q - x_q;
  always_ff @(posedge clk_i) begin
    exp_q <= exp_rom[distance[7:0]];
    seed_q <= seed_rom[square_q[15:9]];
    scale_o <= scales[scale_addr_i];
    if (state_q == Divide && step_q == 5'd31) scales[row_q[7:0]] <= {shift_q[4:0], quotient_q};
  end

  // Final shift, rounding half to even and clipping of a 32-bit value, one shift step of four a cycle.
  logic signed [31:0] round_q;
  logic sticky_q, half_q;
  logic [5:0] left_q;
  logic signed [16:0] rounded;
  assign rounded = round_q[15:0] + {15'd0, half_q && (sticky_q || round_q[0])};

  logic last_column, last_row;
  assign last_column = column_q == columns_i - 11'd1;
  assign last_row = row_q == rows_i - 12'd1;

  always_ff @(posedge clk_i) begin
    x_q <= read_data_i;
    unique case (state_q)
      Idle: if (start_i) begin
        state_q <= Gather;
        source_q <= source_i;
        output_q <= output_i;
        row_q <= 12'd0;
        column_q <= 11'd0;
        sum_q <= 27'd0;
        square_q <= 53'd0;
        max_q <= -16'sd32768;
      end
      Gather: begin
        source_q <= source_q + 16'd2;
        column_q <= column_q + 11'd1;
        sum_q <= sum_q + 27'(x_q);
        square_q <= square_q + 53'(product_q);
        if (x_q > max_q) max_q <= x_q;
        if (last_column) begin
          state_q <= kind_i[0] ? Emit : Normalise;
          column_q <= 11'd0;
          shift_q <= 6'd0;
        end
      end
      Normalise: begin
        square_q <= (shift_q == 6'd0) ? square_q - 53'(product_q) : square_q >> 2;
        shift_q <= shift_q + 6'd1;
        if (square_q[52:16] == 37'd0 && shift_q != 6'd0) state_q <= Seed;
      end
      Seed: begin
        y_q <= seed_q;
        state_q <= Newton;
        step_q <= 5'd0;
      end
      Newton: begin
        step_q <= step_q + 5'd1;
        y_q <= (step_q == 5'd6) ? product_q[31:16] + 16'h8000 : y_q;
        if (step_q == 5'd7) state_q <= Emit;
      end
      Divide: begin
        step_q <= step_q + 5'd1;
        if (remainder_q >= {sum_q[26:0], 5'd0}) begin
          remainder_q <= (remainder_q - {sum_q[26:0], 5'd0}) << 1;
          quotient_q <= {quotient_q[14:0], 1'b1};
        end else begin
          remainder_q <= remainder_q << 1;
          quotient_q <= {quotient_q[14:0], 1'b0};
        end
        if (step_q == 5'd31) begin
          row_q <= row_q + 12'd1;
          state_q <= last_row ? Idle : Gather;
          column_q <= 11'd0;
        end
      end
      Emit: begin
        output_q <= output_q + (kind_i[1] ? 16'd2 : 16'd1);
        column_q <= column_q + 11'd1;
        sum_q <= sum_q + 27'(exp_q);
        if (last_column) begin
          column_q <= 11'd0;
          step_q <= 5'd0;
          remainder_q <= {entry_i[47:32], 16'd0};
          if (kind_i[0]) state_q <= Divide;
          else begin
            row_q <= row_q + 12'd1;
            state_q <= last_row ? Idle : Gather;
          end
        end
      end
      default: state_q <= Idle;
    endcase

    if (left_q[5:2] != 4'd0) begin
      round_q <= round_q >>> 4;
      {half_q, sticky_q} <= {round_q[3], round_q[2:0] != 3'd0 || half_q || sticky_q};
      left_q <= left_q - 6'd4;
    end else if (left_q != 6'd0) begin
      round_q <= round_q >>> 1;
      {half_q, sticky_q} <= {round_q[0], half_q || sticky_q};
      left_q <= left_q - 6'd1;
    end else begin
      round_q <= (kind_i[0]) ? {16'd0, exp_q} : product_q + entry_i[31:0];
      left_q <= (kind_i[0]) ? distance[13:8] + 6'd8 : entry_i[53:48];
      half_q <= 1'b0;
      sticky_q <= 1'b0;
    end
    write_data_o <= (rounded > 17'sd32767) ? 16'sd32767 : (rounded < -17'sd32767) ? -16'sd32767 : rounded[15:0];
    write_addr_o <= output_q;
    write_o <= state_q == Emit;
    if (rst_i) begin
      state_q <= Idle;
      left_q <= 6'd0;
    end
  end

  assign read_addr_o = source_q;
  assign entry_addr_o = {1'b0, column_q};
  assign busy_o = state_q != Idle;
endmodule
