// The Vector unit's engine and its memories. So far it executes REQUANTIZE; LAYER_NORM, SOFTMAX, MAP and ADD trap at dispatch
// (hil_form), and nothing writes the row scales.
// Latency and duration: timing, section 6. Throughput: one instruction at a time. Ordering: program order.
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
  // Scratchpad client.
  output logic                                pad_en_o,
  output logic                                pad_we_o,
  output logic [hil_machine_pkg::BankW-1:0]      pad_bank_o,
  output logic [hil_machine_pkg::WordAddrW-1:0]  pad_addr_o,
  output logic [hil_machine_pkg::WordBytes-1:0]  pad_be_o,
  output logic [hil_machine_pkg::WordBits-1:0]   pad_wdata_o,
  input  logic [hil_machine_pkg::WordBits-1:0]   pad_rdata_i
);
  logic                                    scale_re, table_re;
  logic [hil_machine_pkg::Lanes-1:0]       parameter_re;
  logic [hil_machine_pkg::ParameterAddrW-1:0] parameter_addr;
  logic [hil_machine_pkg::Lanes*64-1:0]       entries;
  logic [hil_machine_pkg::RowScaleW-1:0]      scale_addr;
  logic [hil_machine_pkg::RowScaleBits-1:0]   scale;
  logic [2:0]                              table_slot;
  logic [hil_machine_pkg::Lanes*8-1:0]        table_index, table_value;

  hil_parameters u_parameters (
    .clk_i,
    .we_i   (parameter_we_i),
    .waddr_i(parameter_waddr_i),
    .wdata_i(parameter_i),
    .re_i   (parameter_re),
    .raddr_i(parameter_addr),
    .rdata_o(entries)
  );

  hil_tables u_tables (
    .clk_i,
    .we_i   (table_we_i),
    .waddr_i(table_waddr_i),
    .wdata_i(table_i),
    .re_i   (table_re),
    .slot_i (table_slot),
    .index_i(table_index),
    .value_o(table_value)
  );

  // Written by SOFTMAX, which is to come.
  hil_ram_1r1w #(
    .Width(hil_machine_pkg::RowScaleBits),
    .Depth(hil_machine_pkg::RowScaleEntries),
    .AddrW(hil_machine_pkg::RowScaleW)
  ) u_row_scales (
    .clk_i,
    .we_i   (1'b0),
    .waddr_i('0),
    .wdata_i('0),
    .re_i   (scale_re),
    .raddr_i(scale_addr),
    .rdata_o(scale)
  );

  hil_requantize u_requantize (
    .clk_i,
    .rst_i,
    .start_i,
    .word_i,
    .last_o,
    .acc_read_o,
    .acc_half_o,
    .acc_row_o,
    .acc_data_i,
    .parameter_re_o  (parameter_re),
    .parameter_addr_o(parameter_addr),
    .parameter_i     (entries),
    .scale_re_o      (scale_re),
    .scale_addr_o    (scale_addr),
    .scale_i         (scale),
    .table_re_o      (table_re),
    .table_slot_o    (table_slot),
    .table_index_o   (table_index),
    .table_i         (table_value),
    .pad_en_o,
    .pad_we_o,
    .pad_bank_o,
    .pad_addr_o,
    .pad_be_o,
    .pad_wdata_o,
    .pad_rdata_i
  );
endmodule
