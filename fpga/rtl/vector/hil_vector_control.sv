// The Vector unit's control: the executing instruction's fields, its slots, the groups on their way through the lanes, and what is read
// from the parameter memory and the row scales when.
//
// Stages of a group, from the cycle in which its operand is there (stage 0): scaled in 0 ... 3, rounded in 3, in the table in 4, handed over
// to be written in 5. SOFTMAX and LAYER_NORM have one cycle more before stage 0. Gain is one cycle, rounded and handed over in the next:
// for LAYER_NORM in stages 4 and 5, for ADD in the first and second cycle after its operands are there.
// Latency, duration: timing, section 6. Ordering: program order. Not checked: form rules.
module hil_vector_control (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  // Of the instruction that starts.
  input  logic [2:0]                              kind_i,
  input  logic                                    per_row_i,
  input  logic [hil_machine_pkg::CountW-1:0]         rows_i,
  input  logic [hil_machine_pkg::CountW-1:0]         columns_i,
  input  logic [hil_machine_pkg::CountW-1:0]         index_i,
  input  logic [2:0]                              period_i,
  input  logic                                    wide_i,
  input  logic                                    both_i,
  input  logic                                    swap_i,
  input  logic                                    masked_i,
  output logic                                    last_o,
  // The slots.
  output logic                                    active_o,
  output logic                                    first_pass_o,
  output logic                                    slot_last_o,
  output logic                                    row_last_o,
  output logic [2:0]                              phase_o,
  output logic                                    row_start_o,
  output logic                                    norm_start_o,
  output logic                                    acc_read_o,
  output logic [hil_machine_pkg::CountW-1:0]         column_o,
  output logic [hil_machine_pkg::AccRowW-1:0]        row_o,
  output logic [hil_machine_pkg::Lanes-1:0]          tail_o,
  // Operands that are there, and their lanes and column.
  input  logic                                    ready_i,
  output logic                                    ready_first_o,
  output logic [hil_machine_pkg::Lanes-1:0]          ready_lanes_o,
  output logic [hil_machine_pkg::CountW-1:0]         ready_column_o,
  // Groups in the stages.
  output logic [5:0]                              stage_o,
  output logic [5:0]                              stage_last_o,
  output logic                                    square_o,
  output logic                                    gain_o,
  output logic                                    load_narrow_o,
  output logic                                    load_wide_o,
  output logic                                    last_narrow_o,
  output logic                                    last_wide_o,
  output logic                                    round_wide_o,
  // Parameters and row scales.
  output logic [hil_machine_pkg::Lanes-1:0]          parameter_re_o,
  output logic [hil_machine_pkg::ParameterAddrW-1:0] parameter_addr_o,
  output logic                                    entry_first_o,
  output logic                                    entry_second_o,
  output logic                                    scale_re_o,
  output logic [hil_machine_pkg::RowScaleW-1:0]      scale_addr_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned LaneShift = $clog2(L);
  localparam int unsigned AddrW = hil_machine_pkg::ParameterAddrW;

  logic requantize_q, norm_q, softmax_q, map_q, add_q, per_row_q, wide_q, both_q, swap_q, masked_q;
  logic [CountW-1:0] columns_q, index_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      requantize_q <= kind_i == hil_contract_pkg::OpRequantize[2:0];
      norm_q       <= kind_i == hil_contract_pkg::OpLayerNorm[2:0];
      softmax_q    <= kind_i == hil_contract_pkg::OpSoftmax[2:0];
      map_q        <= kind_i == hil_contract_pkg::OpMap[2:0];
      add_q        <= kind_i == hil_contract_pkg::OpAdd[2:0];
      per_row_q    <= per_row_i;
      wide_q       <= wide_i;
      both_q       <= both_i;
      swap_q       <= swap_i;
      masked_q     <= masked_i;
      columns_q    <= columns_i;
      index_q      <= index_i;
    end
  end

  logic row_end, enter;
  hil_vector_sequence u_sequence (
    .clk_i,
    .rst_i,
    .start_i,
    .kind_i,
    .per_row_i,
    .rows_i,
    .columns_i,
    .period_i,
    .active_o,
    .enter_o    (enter),
    .slot_last_o,
    .phase_o,
    .first_pass_o,
    .row_last_o,
    .column_o,
    .row_start_o,
    .norm_start_o,
    .row_end_o(row_end),
    .last_o
  );

  logic [hil_machine_pkg::AccRowW-1:0] row_q;
  always_ff @(posedge clk_i) begin
    if (start_i) row_q <= '0;
    else if (row_end) row_q <= row_q + 1'b1;
  end
  assign row_o = row_q;

  // Lanes of a row's last group.
  logic [L-1:0]      lanes;
  logic [CountW-1:0] before_last;
  assign before_last = (columns_q - CountW'(1)) & CountW'(L - 1);
  for (genvar l = 0; l < L; l++) begin : gen_lane
    assign tail_o[l] = l == 0 || CountW'(l) <= before_last;
  end
  assign lanes = row_last_o ? tail_o : '1;

  assign acc_read_o = enter && requantize_q;

  // The slot whose operand is read is the one whose operand is there in the next cycle.
  logic [L-1:0]      lanes_q;
  logic [CountW-1:0] column_q;
  logic              first_q, last_q, enter_q, enter_last_q;
  always_ff @(posedge clk_i) begin
    lanes_q  <= lanes;
    column_q <= column_o;
    first_q  <= first_pass_o;
    last_q   <= row_last_o;
    if (rst_i) enter_q <= 1'b0;
    else enter_q <= acc_read_o;
  end
  assign enter_last_q   = last_q;
  assign ready_first_o  = ready_i && first_q;
  assign ready_lanes_o  = lanes_q;
  assign ready_column_o = column_q;

  // The stages; behind an operand by one and two cycles.
  logic       ready, enters, enters_last, first_1_q, ready_1_q, ready_last_1_q, ready_2_q, ready_last_2_q;
  logic [5:1] stage_q, stage_last_q;
  assign ready       = ready_i && !first_q;
  assign enters      = requantize_q ? enter_q : map_q ? ready : !add_q && ready_1_q;
  assign enters_last = requantize_q ? enter_last_q : map_q ? last_q : ready_last_1_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      stage_q   <= '0;
      ready_1_q <= 1'b0;
      ready_2_q <= 1'b0;
      first_1_q <= 1'b0;
    end else begin
      stage_q   <= {stage_q[4:1], enters};
      ready_1_q <= ready;
      ready_2_q <= ready_1_q;
      first_1_q <= ready_first_o;
    end
    stage_last_q   <= {stage_last_q[4:1], enters_last};
    ready_last_1_q <= last_q;
    ready_last_2_q <= ready_last_1_q;
  end
  assign stage_o      = {stage_q, enters};
  assign stage_last_o = {stage_last_q, enters_last};

  // Gain, and the cycle after it; with two outputs and one rounding, the wide one is rounded another cycle later.
  localparam bit OneRounding = hil_machine_pkg::VectorPorts < 3;
  logic late, late_last, again_q, again_last_q;
  assign square_o  = first_1_q;
  assign gain_o    = add_q ? ready_1_q : norm_q && stage_q[4];
  assign late      = add_q ? ready_2_q : stage_q[5];
  assign late_last = add_q ? ready_last_2_q : stage_last_q[5];
  always_ff @(posedge clk_i) begin
    if (rst_i) again_q <= 1'b0;
    else again_q <= late && both_q && OneRounding;
    again_last_q <= late_last;
  end
  assign load_narrow_o = late && (!wide_q || both_q);
  assign last_narrow_o = late_last;
  assign load_wide_o   = both_q && OneRounding ? again_q : late && wide_q;
  assign last_wide_o   = both_q && OneRounding ? again_last_q : late_last;
  assign round_wide_o  = both_q && OneRounding ? again_q : wide_q;

  // Entries: at the start (MAP, SOFTMAX, ADD's first), in the cycle after (ADD's second), with a group (REQUANTIZE, masks), at a row's start
  // (LAYER_NORM's header), in stage 3 (its gains).
  logic             start_q, start_2_q;
  logic [AddrW-1:0] groups, late_group_q, base, offset;
  logic [L-1:0]     mask_lane;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      start_q   <= 1'b0;
      start_2_q <= 1'b0;
    end else begin
      start_q   <= start_i;
      start_2_q <= start_q;
    end
    if (row_start_o) late_group_q <= '0;
    else if (stage_q[3]) late_group_q <= late_group_q + 1'b1;
  end
  assign groups    = AddrW'((32'(columns_q) + 32'(L - 1)) >> LaneShift);
  for (genvar l = 0; l < L; l++) begin : gen_mask_lane
    assign mask_lane[l] = (column_o[CountW-1:6] & (CountW - 6)'(L - 1)) == (CountW - 6)'(l);
  end
  assign base      = AddrW'((start_i ? index_i : index_q) >> LaneShift);
  always_comb begin
    offset         = '0;
    parameter_re_o = '0;
    if (start_i) begin
      offset            = AddrW'(swap_i);
      parameter_re_o[0] = kind_i != hil_contract_pkg::OpRequantize[2:0] && kind_i != hil_contract_pkg::OpLayerNorm[2:0];
    end else if (add_q) begin
      offset            = AddrW'(!swap_q);
      parameter_re_o[0] = start_q;
    end else if (requantize_q) begin
      offset         = AddrW'(column_o >> LaneShift);
      parameter_re_o = lanes & {L{enter && !per_row_q}};
    end else if (softmax_q) begin
      offset         = AddrW'(column_o >> (6 + LaneShift)) + AddrW'(1);
      parameter_re_o = mask_lane & {L{enter && masked_q}};
    end else if (norm_q && stage_q[3]) begin
      offset         = late_group_q;
      parameter_re_o = stage_last_q[3] ? tail_o : '1;
    end else if (norm_q) begin
      offset            = groups;
      parameter_re_o[0] = row_start_o;
    end
  end
  assign parameter_addr_o = base + offset;
  // The first entry is there, and the second.
  assign entry_first_o    = start_q;
  assign entry_second_o   = start_2_q;

  assign scale_re_o   = enter && requantize_q && per_row_q;
  assign scale_addr_o = hil_machine_pkg::RowScaleW'(index_q + CountW'(row_q));
endmodule
