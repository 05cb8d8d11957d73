// The walk of REQUANTIZE over rows and lane groups: when each group enters the pipeline, and where it goes.
//
//   Parameters (N cycles, unless per row) | groups, one every g cycles (M*G*g) | Drain (8)
//
// Duration: timing, section 6; last_o in the last cycle. Throughput: one group every g cycles. Ordering: rows, groups in a row.
module hil_requantize_walk (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]      output_i,
  input  logic [hil_machine_pkg::CountW-1:0]         stride_i,
  input  logic [hil_machine_pkg::CountW-1:0]         rows_i,
  input  logic [6:0]                              columns_i,
  input  logic                                    per_row_i,
  input  logic                                    wide_i,
  input  logic                                    accumulate_i,
  // A group enters in this cycle: its row, number, output address and lanes.
  output logic                                    group_o,
  output logic [hil_machine_pkg::AccRowW-1:0]        row_o,
  output logic [6:0]                              group_index_o,
  output logic [hil_machine_pkg::ByteAddrW-1:0]      address_o,
  output logic [hil_machine_pkg::Lanes-1:0]          lanes_o,
  output logic                                    last_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam bit TwoWords = 2 * L > hil_machine_pkg::WordBytes;

  typedef enum logic [1:0] {
    Idle,
    Parameters,
    Groups,
    Drain
  } state_e;

  state_e               state_q, state_d;
  logic [6:0]           left_q, columns_q, columns_left_q, group_q;
  logic [1:0]           phase_q, phases;
  logic                 wide_q, accumulate_q;
  logic [CountW-1:0]    rows_q, stride_q;
  logic [ByteAddrW-1:0] row_base_q, address_q;
  logic [hil_machine_pkg::AccRowW-1:0] row_q;
  logic                 group_last, row_last, all_last;

  // Cycles of a group less one: b(output), twice with accumulate.
  assign phases     = {wide_q && TwoWords && accumulate_q, accumulate_q || (wide_q && TwoWords)};
  assign group_last = phase_q == phases;
  assign row_last   = columns_left_q <= 7'(L);
  assign all_last   = group_last && row_last && rows_q == CountW'(1);

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:       if (start_i) state_d = per_row_i ? Groups : Parameters;
      Parameters: if (left_q == 7'd1) state_d = Groups;
      Groups:     if (all_last) state_d = Drain;
      default:    if (left_q == 7'd1) state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= Idle;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      left_q         <= columns_i;
      columns_q      <= columns_i;
      columns_left_q <= columns_i;
      rows_q         <= rows_i;
      stride_q       <= stride_i;
      wide_q         <= wide_i;
      accumulate_q   <= accumulate_i;
      phase_q        <= '0;
      group_q        <= '0;
      row_q          <= '0;
      row_base_q     <= output_i;
      address_q      <= output_i;
    end else begin
      left_q <= state_q == Groups ? 7'd8 : left_q - 1'b1;
      if (state_q == Groups) phase_q <= group_last ? '0 : phase_q + 1'b1;
      if (state_q == Groups && group_last) begin
        if (row_last) begin
          columns_left_q <= columns_q;
          group_q        <= '0;
          row_q          <= row_q + 1'b1;
          rows_q         <= rows_q - 1'b1;
          row_base_q     <= row_base_q + (ByteAddrW'(stride_q) << hil_machine_pkg::WordShift);
          address_q      <= row_base_q + (ByteAddrW'(stride_q) << hil_machine_pkg::WordShift);
        end else begin
          columns_left_q <= columns_left_q - 7'(L);
          group_q        <= group_q + 1'b1;
          address_q      <= address_q + (wide_q ? ByteAddrW'(2 * L) : ByteAddrW'(L));
        end
      end
    end
  end

  assign group_o       = state_q == Groups && phase_q == '0;
  assign row_o         = row_q;
  assign group_index_o = group_q;
  assign address_o     = address_q;
  assign last_o        = state_q == Drain && left_q == 7'd1;
  for (genvar l = 0; l < L; l++) begin : gen_lane
    assign lanes_o[l] = 7'(l) < columns_left_q;
  end
endmodule
