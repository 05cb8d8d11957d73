// The Vector unit's engine and its memories: REQUANTIZE, LAYER_NORM, SOFTMAX, MAP, ADD (numerics, sections 5 to 8).
//
//   scratchpad -> move (read) -> math: lanes, statistics, exponentials -> tables -> move (write) -> scratchpad
//   accumulators, parameters, row scales ---^
//
// Latency and duration: timing, section 6. Throughput: one instruction at a time. Ordering: program order.
// Not checked: form rules, ranges, races (dispatch and verifier do).
module hil_vector (
  input  logic                                clk_i,
  input  logic                                rst_i,
  input  logic                                start_i,
  input  logic [127:0]                        word_i,
  output logic                                last_o,
  output logic                                acc_read_o,
  output logic                                acc_half_o,
  output logic [hil_machine_pkg::AccRowW-1:0]    acc_row_o,
  input  logic [hil_machine_pkg::Columns*32-1:0] acc_data_i,
  // From Load.
  input  logic                                parameter_we_i,
  input  logic [hil_machine_pkg::CountW-1:0]     parameter_waddr_i,
  input  logic [hil_machine_pkg::ParameterW-1:0] parameter_i,
  input  logic                                table_we_i,
  input  logic [10:0]                         table_waddr_i,
  input  logic [hil_machine_pkg::PortBits-1:0]   table_i,
  // Scratchpad clients: 0 reads, 1 writes, 2 does either.
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_en_o,
  output logic [hil_machine_pkg::VectorPorts-1:0]                         pad_we_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::BankW-1:0]     pad_bank_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordAddrW-1:0] pad_addr_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBytes-1:0] pad_be_o,
  output logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_wdata_o,
  input  logic [hil_machine_pkg::VectorPorts*hil_machine_pkg::WordBits-1:0]  pad_rdata_i
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;

  logic [2:0]        kind, table_slot, period, write_phase, extra_phase;
  logic [CountW-1:0] rows, columns, index, read_stride, write_stride;
  logic [23:0]       read, extra, write;
  logic              read_wide, write_wide, has_read, has_extra, table_on, swap, parallel;
  hil_vector_decode u_decode (
    .word_i,
    .kind_o        (kind),
    .rows_o        (rows),
    .columns_o     (columns),
    .index_o       (index),
    .read_o        (read),
    .extra_o       (extra),
    .write_o       (write),
    .read_stride_o (read_stride),
    .write_stride_o(write_stride),
    .read_wide_o   (read_wide),
    .write_wide_o  (write_wide),
    .has_read_o    (has_read),
    .has_extra_o   (has_extra),
    .table_o       (table_on),
    .table_slot_o  (table_slot),
    .period_o      (period),
    .write_phase_o (write_phase),
    .extra_phase_o (extra_phase),
    .swap_o        (swap),
    .parallel_o    (parallel)
  );

  logic       half_q, accumulate_q, gained_q, table_q;
  logic [2:0] slot_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      half_q       <= word_i[hil_contract_pkg::RequantizeHalfLsb];
      accumulate_q <= kind == hil_contract_pkg::OpRequantize[2:0] && has_read;
      gained_q     <= kind == hil_contract_pkg::OpLayerNorm[2:0] || kind == hil_contract_pkg::OpAdd[2:0];
      table_q      <= table_on;
      slot_q       <= table_slot;
    end
  end

  logic              active, first_pass, slot_last, row_last, row_start, norm_start, early, ready, ready_first;
  logic [2:0]        phase;
  logic [CountW-1:0] column, column_q, ready_column;
  logic [L-1:0]      tail, ready_lanes, parameter_re;
  logic [5:0]        stage, stage_last;
  logic              square, gain, round_wide, load_narrow, load_wide, last_narrow, last_wide, entry_first, entry_second;
  logic              scale_re, scale_we;
  logic [hil_machine_pkg::ParameterAddrW-1:0] parameter_addr;
  logic [hil_machine_pkg::RowScaleW-1:0]      scale_addr, scale_waddr;
  logic [hil_machine_pkg::RowScaleBits-1:0]   scale, new_scale;
  logic [L*64-1:0]                         entries;
  logic [L*16-1:0]                         group, other, wide, gained_wide;
  logic [L*8-1:0]                          table_index, table_value, narrow, gained_narrow;

  hil_vector_control u_control (
    .clk_i, .rst_i, .start_i,
    .kind_i          (kind),
    .per_row_i       (word_i[hil_contract_pkg::RequantizePerRowLsb]),
    .rows_i          (rows),
    .columns_i       (columns),
    .index_i         (index),
    .period_i        (period),
    .wide_i          (write_wide),
    .both_i          (has_extra && kind == hil_contract_pkg::OpLayerNorm[2:0]),
    .swap_i          (swap),
    .masked_i        (word_i[hil_contract_pkg::SoftmaxMaskedLsb]),
    .last_o,
    .active_o        (active),
    .first_pass_o    (first_pass),
    .slot_last_o     (slot_last),
    .row_last_o      (row_last),
    .phase_o         (phase),
    .row_start_o     (row_start),
    .norm_start_o    (norm_start),
    .acc_read_o,
    .column_o        (column),
    .row_o           (acc_row_o),
    .tail_o          (tail),
    .ready_i         (ready),
    .ready_first_o   (ready_first),
    .ready_lanes_o   (ready_lanes),
    .ready_column_o  (ready_column),
    .stage_o         (stage),
    .stage_last_o    (stage_last),
    .square_o        (square),
    .gain_o          (gain),
    .load_narrow_o   (load_narrow),
    .load_wide_o     (load_wide),
    .last_narrow_o   (last_narrow),
    .last_wide_o     (last_wide),
    .round_wide_o    (round_wide),
    .parameter_re_o  (parameter_re),
    .parameter_addr_o(parameter_addr),
    .entry_first_o   (entry_first),
    .entry_second_o  (entry_second),
    .scale_re_o      (scale_re),
    .scale_addr_o    (scale_addr)
  );
  assign acc_half_o = half_q;

  hil_parameters u_parameters (
    .clk_i, .we_i(parameter_we_i),
    .waddr_i(parameter_waddr_i),
    .wdata_i(parameter_i),
    .re_i   (parameter_re),
    .raddr_i(parameter_addr),
    .rdata_o(entries)
  );

  hil_ram_1r1w #(
    .Width(hil_machine_pkg::RowScaleBits),
    .Depth(hil_machine_pkg::RowScaleEntries),
    .AddrW(hil_machine_pkg::RowScaleW)
  ) u_row_scales (
    .clk_i, .we_i(scale_we),
    .waddr_i(scale_waddr),
    .wdata_i(new_scale),
    .re_i   (scale_re),
    .raddr_i(scale_addr),
    .rdata_o(scale)
  );

  // The accumulators' columns of the group.
  always_ff @(posedge clk_i) column_q <= column;
  logic [hil_machine_pkg::Columns*32-1:0] columns_there;
  assign columns_there = acc_data_i >> {column_q & CountW'(hil_machine_pkg::Columns - 1), 5'b0};

  hil_vector_math u_math (
    .clk_i, .rst_i, .start_i,
    .kind_i            (kind),
    .word_i,
    .swap_i            (swap),
    .parallel_i        (parallel),
    .row_start_i       (row_start),
    .norm_start_i      (norm_start),
    .early_i           (early),
    .ready_i           (ready),
    .ready_first_i     (ready_first),
    .ready_lanes_i     (ready_lanes),
    .ready_column_i    (ready_column),
    .group_i           (group),
    .other_i           (other),
    .accumulators_i    (columns_there[L*32-1:0]),
    .entries_i         (entries),
    .entry_first_i     (entry_first),
    .entry_second_i    (entry_second),
    .scale_i           (scale),
    .add_exponentials_i(stage[4]),
    .row_last_i        (stage_last[4]),
    .square_i          (square),
    .gain_i            (gain),
    .round_wide_i      (round_wide),
    .index_o           (table_index),
    .narrow_o          (narrow),
    .wide_o            (wide),
    .gained_narrow_o   (gained_narrow),
    .gained_wide_o     (gained_wide),
    .scale_we_o        (scale_we),
    .scale_waddr_o     (scale_waddr),
    .scale_o           (new_scale)
  );

  hil_tables u_tables (
    .clk_i, .we_i(table_we_i),
    .waddr_i(table_waddr_i),
    .wdata_i(table_i),
    .re_i   (stage[4] && table_q),
    .slot_i (slot_q),
    .index_i(table_index),
    .value_o(table_value)
  );

  // Stage 5: what is not from the table waits beside it; old values are added.
  logic [L*8-1:0]  narrow_q;
  logic [L*16-1:0] wide_q, sums;
  always_ff @(posedge clk_i) begin
    narrow_q <= narrow;
    wide_q   <= wide;
  end
  for (genvar l = 0; l < L; l++) begin : gen_lane
    logic signed [16:0] sum;
    assign sum = 17'(signed'(wide_q[l*16+:16])) + (accumulate_q ? 17'(signed'(group[l*16+:16])) : 17'sd0);
    assign sums[l*16+:16] = sum > 17'sd32767 ? 16'd32767 : sum < -17'sd32767 ? 16'h8001 : sum[15:0];
  end

  hil_vector_move u_move (
    .clk_i, .rst_i, .start_i,
    .kind_i        (kind),
    .read_i        (read),
    .extra_i       (extra),
    .write_i       (write),
    .read_stride_i (read_stride),
    .write_stride_i(write_stride),
    .read_wide_i   (read_wide),
    .write_wide_i  (write_wide),
    .has_read_i    (has_read),
    .has_extra_i   (has_extra),
    .parallel_i    (parallel),
    .swap_i        (swap),
    .write_phase_i (write_phase),
    .extra_phase_i (extra_phase),
    .active_i      (active),
    .first_pass_i  (first_pass),
    .slot_last_i   (slot_last),
    .row_last_i    (row_last),
    .phase_i       (phase),
    .old_i         (stage[3]),
    .old_last_i    (stage_last[3]),
    .group_o       (group),
    .other_o       (other),
    .early_o       (early),
    .ready_o       (ready),
    .tail_i        (tail),
    .load_narrow_i (load_narrow),
    .load_wide_i   (load_wide),
    .last_narrow_i (last_narrow),
    .last_wide_i   (last_wide),
    .narrow_i      (gained_q ? gained_narrow : table_q ? table_value : narrow_q),
    .wide_i        (gained_q ? gained_wide : sums),
    .pad_en_o,
    .pad_we_o,
    .pad_bank_o,
    .pad_addr_o,
    .pad_be_o,
    .pad_wdata_o,
    .pad_rdata_i
  );

  // Columns beyond the group, and of ADD and SOFTMAX what their stages do not use.
  logic unused;
  assign unused = ^{word_i, columns_there, stage, stage_last};
endmodule
