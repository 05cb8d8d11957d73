// When each lane group of an instruction is read: rows, passes over a row, groups, and the cycles of a group's slot.
//
//   REQUANTIZE, MAP, ADD   [Wait N] rows x (Second)                          Drain
//   SOFTMAX                rows x (First, Second, After divideCycles)         Drain
//   LAYER_NORM             rows x (First, Norm, Second, After)                Drain
//
// First looks at a row (one group every b(2) cycles), Second scales it (one group every period_i cycles). Norm and After together take
// normCycles: as many cycles go to After as Second's writes lag behind its reads.
// Duration: timing, section 6; last_o in its last cycle. Ordering: rows, groups in a row. Not checked: counts of zero (form rules).
module hil_vector_sequence (
  input  logic                          clk_i,
  input  logic                          rst_i,
  input  logic                          start_i,
  // Of the instruction that starts.
  input  logic [2:0]                    kind_i,
  input  logic                          per_row_i,
  input  logic [hil_machine_pkg::CountW-1:0] rows_i,
  input  logic [hil_machine_pkg::CountW-1:0] columns_i,
  input  logic [2:0]                    period_i,
  // A cycle of a slot; the slot's first and last; its pass, its row's first and last group, its first column.
  output logic                          active_o,
  output logic                          enter_o,
  output logic                          slot_last_o,
  output logic [2:0]                    phase_o,
  output logic                          first_pass_o,
  output logic                          row_last_o,
  output logic [hil_machine_pkg::CountW-1:0] column_o,
  // In the first cycle of a row's first pass, of Norm, and of a row's last slot.
  output logic                          row_start_o,
  output logic                          norm_start_o,
  output logic                          row_end_o,
  output logic                          last_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam logic [2:0] Wide = 2 * L > hil_machine_pkg::WordBytes ? 3'd2 : 3'd1;
  // From the read of a group in LAYER_NORM's second pass to its last write's cycle, less the slot.
  localparam int unsigned Lag = 8 + 32'(Wide);
  localparam int unsigned NormCycles = hil_machine_pkg::NormCycles;
  localparam int unsigned DivideCycles = hil_machine_pkg::DivideCycles;
  localparam int unsigned Longest = NormCycles > DivideCycles ? NormCycles : DivideCycles;
  localparam int unsigned LeftW = Longest > 127 ? $clog2(Longest + 1) : 7;

  typedef enum logic [2:0] {
    Idle,
    Wait,
    First,
    Norm,
    Second,
    After,
    Drain
  } state_e;

  state_e             state_q, state_d;
  logic [LeftW-1:0]   left_q;
  logic [CountW-1:0]  rows_q, columns_q, column_q;
  logic [2:0]         phase_q, period_q;
  logic               norm_q, softmax_q;
  logic               left_last, last_row, row_done;

  logic norm, softmax;
  assign norm    = kind_i == hil_contract_pkg::OpLayerNorm[2:0];
  assign softmax = kind_i == hil_contract_pkg::OpSoftmax[2:0];

  assign active_o     = state_q == First || state_q == Second;
  assign first_pass_o = state_q == First;
  assign enter_o      = active_o && phase_q == '0;
  assign slot_last_o  = active_o && phase_q == (first_pass_o ? Wide : period_q) - 3'd1;
  assign row_last_o   = columns_q <= CountW'(L) || column_q >= columns_q - CountW'(L);
  assign row_done     = slot_last_o && row_last_o;
  assign left_last    = left_q == LeftW'(1);
  assign last_row     = rows_q == CountW'(1);

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle: begin
        if (start_i) state_d = norm || softmax ? First : kind_i == hil_contract_pkg::OpRequantize[2:0] && !per_row_i ? Wait : Second;
      end
      Wait:    if (left_last) state_d = Second;
      First:   if (row_done) state_d = norm_q ? Norm : Second;
      Norm:    if (left_last) state_d = Second;
      Second:  if (row_done) state_d = norm_q || softmax_q ? After : last_row ? Drain : Second;
      After:   if (left_last) state_d = last_row ? Drain : First;
      default: if (left_last) state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= Idle;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      norm_q    <= norm;
      softmax_q <= softmax;
      rows_q    <= rows_i;
      columns_q <= columns_i;
      period_q  <= period_i;
      column_q  <= '0;
      phase_q   <= '0;
      left_q    <= LeftW'(columns_i[6:0]);
    end else begin
      left_q <= left_q - 1'b1;
      if (state_d != state_q) begin
        if (state_d == Norm) left_q <= LeftW'(NormCycles - Lag);
        else if (state_d == After) left_q <= norm_q ? LeftW'(Lag) : LeftW'(DivideCycles);
        else if (state_d == Drain) left_q <= LeftW'(8);
      end
      // The slots' cycles go on behind the last one, for what is written late.
      phase_q <= slot_last_o || (!active_o && phase_q == period_q - 3'd1) || (state_q != state_d && (state_d == First || state_d == Second))
          ? '0 : phase_q + 1'b1;
      if (slot_last_o) column_q <= row_last_o ? '0 : column_q + CountW'(L);
      if (row_done && state_q == Second && !(norm_q || softmax_q)) rows_q <= rows_q - 1'b1;
      if (state_q == After && left_last) rows_q <= rows_q - 1'b1;
    end
  end

  assign phase_o      = phase_q;
  assign column_o     = column_q;
  assign row_start_o  = enter_o && first_pass_o && column_q == '0;
  assign norm_start_o = first_pass_o && row_done && norm_q;
  assign row_end_o    = row_done && state_q == Second;
  assign last_o       = state_q == Drain && left_last;

  if (NormCycles < (L > 1 ? 24 : 37)) $error("the RTL's reciprocal square root takes 24 cycles, 37 with one lane: normCycles is too few");
  if (DivideCycles < 12) $error("the RTL's division takes 12 cycles: divideCycles is too few");

  if (hil_machine_pkg::Serial == 0 && (hil_machine_pkg::RoundCycles != 0 || hil_machine_pkg::StatisticsCycles > 1 || hil_machine_pkg::LineCycles != 0 || hil_machine_pkg::StartCycles != 8)) begin : gen_keys
    $error("this vector unit works on a group as fast as the banks allow: roundCycles, statisticsCycles and lineCycles are 0, startCycles is 8");
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    assert (rst_i || !start_i || state_q == Idle)
    else $error("an instruction starts while another executes");
    assert (!start_i || (rows_i != '0 && columns_i != '0))
    else $error("an instruction of no rows or no columns");
  end
`endif
endmodule
