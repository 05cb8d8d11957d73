// REQUANTIZE: accumulators to int8 (optionally by a table) or int16 (optionally added to what is there) (numerics, section 5).
// A group that enters in cycle x: accumulators and parameters read in x, scaled in x+2 ... x+5, table in x+6, written in x+8
// (a second word in x+9). With accumulate the old values are read in x+5, or, if two words, in x+2 and x+3: always cycles in which
// no other group writes. Duration: timing, section 6. Throughput: one group every g cycles. Ordering: kept.
module hil_requantize (
  input  logic                                    clk_i,
  input  logic                                    rst_i,
  input  logic                                    start_i,
  input  logic [127:0]                            word_i,
  output logic                                    last_o,
  output logic                                    acc_read_o,
  output logic                                    acc_half_o,
  output logic [hil_machine_pkg::AccRowW-1:0]        acc_row_o,
  input  logic [hil_machine_pkg::Columns*32-1:0]     acc_data_i,
  output logic [hil_machine_pkg::Lanes-1:0]       parameter_re_o,
  output logic [hil_machine_pkg::ParameterAddrW-1:0] parameter_addr_o,
  input  logic [hil_machine_pkg::Lanes*64-1:0]       parameter_i,
  output logic                                    scale_re_o,
  output logic [hil_machine_pkg::RowScaleW-1:0]      scale_addr_o,
  input  logic [hil_machine_pkg::RowScaleBits-1:0]   scale_i,
  output logic                                    table_re_o,
  output logic [2:0]                              table_slot_o,
  output logic [hil_machine_pkg::Lanes*8-1:0]        table_index_o,
  input  logic [hil_machine_pkg::Lanes*8-1:0]        table_i,
  output logic                                    pad_en_o,
  output logic                                    pad_we_o,
  output logic [hil_machine_pkg::BankW-1:0]          pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]      pad_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0]      pad_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]       pad_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]       pad_rdata_i
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;
  localparam int unsigned LaneShift = $clog2(L);

  logic [hil_machine_pkg::BankW-1:0] bank, bank_q;
  logic [ByteAddrW-1:0]           local_addr;
  hil_bank_of u_bank (
    .addr_i (word_i[hil_contract_pkg::RequantizeOutputLsb+:24]),
    .bank_o (bank),
    .local_o(local_addr)
  );

  logic              per_row_q, wide_q, table_q, accumulate_q, half_q;
  logic [5:0]        shift_q;
  logic [2:0]        slot_q;
  logic [CountW-1:0] index_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      bank_q       <= bank;
      per_row_q    <= word_i[hil_contract_pkg::RequantizePerRowLsb];
      wide_q       <= word_i[hil_contract_pkg::RequantizeWideLsb];
      table_q      <= word_i[hil_contract_pkg::RequantizeTableLsb];
      accumulate_q <= word_i[hil_contract_pkg::RequantizeAccumulateLsb];
      half_q       <= word_i[hil_contract_pkg::RequantizeHalfLsb];
      shift_q      <= word_i[hil_contract_pkg::RequantizeShiftLsb+:6];
      slot_q       <= word_i[hil_contract_pkg::RequantizeTableSlotLsb+:3];
      index_q      <= word_i[hil_contract_pkg::RequantizeIndexLsb+:CountW];
    end
  end

  logic                             group;
  logic [hil_machine_pkg::AccRowW-1:0] row;
  logic [6:0]                       group_index, group_index_q;
  logic [ByteAddrW-1:0]             address;
  logic [L-1:0]                     lanes;

  hil_requantize_walk u_walk (
    .clk_i,
    .rst_i,
    .start_i,
    .output_i     (local_addr),
    .stride_i     (word_i[hil_contract_pkg::RequantizeStrideLsb+:CountW]),
    .rows_i       (word_i[hil_contract_pkg::RequantizeRowsLsb+:CountW]),
    .columns_i    (word_i[hil_contract_pkg::RequantizeColumnsLsb+:7]),
    .per_row_i    (word_i[hil_contract_pkg::RequantizePerRowLsb]),
    .wide_i       (word_i[hil_contract_pkg::RequantizeWideLsb]),
    .accumulate_i (word_i[hil_contract_pkg::RequantizeAccumulateLsb]),
    .group_o      (group),
    .row_o        (row),
    .group_index_o(group_index),
    .address_o    (address),
    .lanes_o      (lanes),
    .last_o
  );

  // x: reads.
  assign acc_read_o       = group;
  assign acc_half_o       = half_q;
  assign acc_row_o        = row;
  assign parameter_re_o   = lanes & {L{group && !per_row_q}};
  assign parameter_addr_o = hil_machine_pkg::ParameterAddrW'(index_q >> LaneShift) + hil_machine_pkg::ParameterAddrW'(group_index);
  assign scale_re_o       = group && per_row_q;
  assign scale_addr_o     = hil_machine_pkg::RowScaleW'(index_q + CountW'(row));
  always_ff @(posedge clk_i) group_index_q <= group_index;

  // x+1: the columns of the group; x+2: into the lanes. The shift is needed in x+5.
  logic [hil_machine_pkg::Columns*32-1:0] columns;
  logic [15:0] row_multiplier_q;
  logic [5:0]  row_shift, group_shift;
  logic [6:0]  row_shift_sum;
  assign columns       = acc_data_i >> (32'(group_index_q) << (LaneShift + 5));
  assign row_shift_sum = 7'(shift_q) + 7'(scale_i[21:16]);
  assign row_shift     = row_shift_sum[6] || scale_i[23:22] != '0 ? 6'd63 : row_shift_sum[5:0];
  hil_delay #(
    .Width (6),
    .Cycles(4)
  ) u_shift (
    .clk_i,
    .rst_i,
    .data_i(per_row_q ? row_shift : shift_q),
    .data_o(group_shift)
  );
  always_ff @(posedge clk_i) row_multiplier_q <= scale_i[15:0];

  logic [L*8-1:0]  narrow, index;
  logic [L*16-1:0] wide, held_q;
  for (genvar l = 0; l < L; l++) begin : gen_lane
    logic [31:0] acc_q, bias_q;
    logic [15:0] multiplier_q;
    always_ff @(posedge clk_i) begin
      acc_q        <= columns[l*32+:32];
      bias_q       <= per_row_q ? '0 : parameter_i[l*64+:32];
      multiplier_q <= parameter_i[l*64+32+:16];
    end
    hil_scale_lane u_scale (
      .clk_i,
      .acc_i       (acc_q),
      .bias_i      (bias_q),
      .multiplier_i(per_row_q ? row_multiplier_q : multiplier_q),
      .shift_i     (group_shift),
      .index_o     (index[l*8+:8]),
      .narrow_o    (narrow[l*8+:8]),
      .wide_o      (wide[l*16+:16])
    );
  end

  // x+6: table; x+7: what is not from the table waits beside it.
  logic [6:0]     valid_q;
  logic [L*8-1:0] narrow_q;
  assign table_re_o    = valid_q[5] && table_q;
  assign table_slot_o  = slot_q;
  assign table_index_o = index;
  always_ff @(posedge clk_i) begin
    if (rst_i) valid_q <= '0;
    else valid_q <= {valid_q[5:0], group};
    narrow_q <= narrow;
    held_q   <= wide;
  end

  hil_requantize_write u_write (
    .clk_i,
    .rst_i,
    .group_i     (group),
    .address_i   (address),
    .lanes_i     (lanes),
    .wide_q_i    (wide_q),
    .accumulate_i(accumulate_q),
    .narrow_i    (table_q ? table_i : narrow_q),
    .wide_i      (held_q),
    .pad_en_o,
    .pad_we_o,
    .pad_addr_o,
    .pad_be_o,
    .pad_wdata_o,
    .pad_rdata_i
  );
  assign pad_bank_o = bank_q;

  // Fields of the unit's control, columns beyond the group, the parameters' shift and extra.
  logic unused;
  assign unused = ^{word_i, columns, parameter_i, valid_q};
endmodule
