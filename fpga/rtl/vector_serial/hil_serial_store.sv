// The serial vector unit's memories: parameters with constants behind them, fields with the row scales before them, and the instruction as it was dispatched.
// One of them is read a cycle; the bus m has it from the next cycle on, until another is read.
//
//   parameters: 4 words of 16 bits an entry, then hil_vector_code_pkg::constant
//   fields:     m and z of each row scale, from 0; what the microcode keeps, from 192
//   instruction: 8 words, of the one that executes and the one that waits
//
// Latency: one cycle. Throughput: a read of one memory, a write of each, a cycle. Ordering: what is written can be read in the next cycle.
// Not checked: reading while it is written, which microcode does only ahead of use.
module hil_serial_store (
  input  logic        clk_i,
  input  logic        start_i,
  // From Load, and from dispatch.
  input  logic        parameter_we_i,
  input  logic [9:0]  parameter_waddr_i,
  input  logic [15:0] parameter_i,
  input  logic        chunk_we_i,
  input  logic [2:0]  chunk_index_i,
  input  logic [15:0] chunk_i,
  // From the microcode.
  input  logic [hil_vector_code_pkg::Bits-1:0]      code_i,
  input  logic [hil_vector_code_pkg::StepWidth-1:0] step_i,
  input  logic [2:0]  kind_i,
  input  logic        per_row_i,
  input  logic        condition_i,
  input  logic [7:0]  row_i,
  input  logic [15:0] d_i,
  output logic [15:0] m_o
);
  // What is read: of the instruction, of the parameters (an entry, the index, a constant), a field.
  logic [6:0]  place;
  logic [4:0]  misc;
  logic [2:0]  index_step;
  logic        chunk_re, parameter_re, field_re;
  assign place        = code_i[hil_vector_code_pkg::ReadLsb+:7];
  assign chunk_re     = place[6:4] == 3'b000 && place[3:0] != '0;
  assign parameter_re = !place[6] && place[5:4] != '0;
  assign field_re     = place[6];
  assign index_step   = code_i[hil_vector_code_pkg::IndexLsb+:3];
  assign misc         = step_i[6:5] == 2'b00 ? step_i[4:0] : hil_vector_code_pkg::MiscNone;

  // The index: a word of the parameters; or, by entries, a row scale.
  logic [9:0] index_q;
  logic [3:0] key_q;
  logic       step_entry;
  assign step_entry = index_step == 3'd1 || (index_step == 3'd2 && per_row_i) || (index_step == 3'd4 && !per_row_i);
  always_ff @(posedge clk_i) begin
    if (misc == hil_vector_code_pkg::MiscIndex || misc == hil_vector_code_pkg::MiscIndexMask) index_q <= d_i[9:0];
    else if (misc == hil_vector_code_pkg::MiscIndexKind) index_q <= {6'd34 + 6'(kind_i), 4'b0};
    else if (step_entry) index_q <= index_q + 10'd4;
    else if (index_step == 3'd3) index_q <= index_q + 10'd1;
    else if (code_i[hil_vector_code_pkg::KeyLsb] && key_q == '1) index_q <= index_q + 10'd1;

    if (misc == hil_vector_code_pkg::MiscIndexMask) key_q <= '0;
    else if (code_i[hil_vector_code_pkg::KeyLsb]) key_q <= key_q + 4'd1;
  end

  // Which word of the parameters.
  logic [9:0] parameter_raddr;
  logic       scale_instead;
  assign scale_instead = place[6:2] == 5'b00101 && per_row_i;
  always_comb begin
    unique casez (place[5:1])
      5'b1????: parameter_raddr = {5'b10100, place[4:0]};
      5'b01111: parameter_raddr = {3'b101, d_i[15:9]};
      5'b01110: parameter_raddr = {2'b11, d_i[7:0]};
      5'b0110?: parameter_raddr = index_q;
      default:  parameter_raddr = {index_q[9:2], place[1:0]};
    endcase
  end

  logic [15:0] entry, field, chunk;
  hil_serial_ram #(.Depth(1024), .AddrW(10), .Constants(1'b1)) u_parameters (
    .clk_i, .we_i(parameter_we_i), .waddr_i(parameter_waddr_i), .wdata_i(parameter_i),
    .re_i(parameter_re && !scale_instead), .raddr_i(parameter_raddr), .rdata_o(entry)
  );

  // Fields: written with d.
  logic       field_we, by_row;
  logic [7:0] field_waddr, field_raddr;
  assign by_row = misc == hil_vector_code_pkg::MiscScale || misc == hil_vector_code_pkg::MiscScaleShift;
  always_comb begin
    field_we    = (step_i[6] ^ step_i[5]) || (step_i[6] && condition_i);
    field_waddr = {2'b11, step_i[6], step_i[4:0]};
    if (misc == hil_vector_code_pkg::MiscList) begin
      field_we    = 1'b1;
      field_waddr = {2'b11, row_i[5:0]};
    end else if (by_row) begin
      field_we    = 1'b1;
      field_waddr = {index_q[8:2], misc == hil_vector_code_pkg::MiscScaleShift};
    end
  end
  assign field_raddr = scale_instead ? {index_q[8:2], place[1:0] == 2'd0} : {2'b11, place[5:0]};
  hil_serial_ram #(.Depth(256), .AddrW(8)) u_fields (
    .clk_i, .we_i(field_we), .waddr_i(field_waddr), .wdata_i(d_i), .re_i(field_re || scale_instead), .raddr_i(field_raddr), .rdata_o(field)
  );

  // The instruction: the next one is written beside the one that executes.
  logic       side_q;
  logic [2:0] listed_q, chunk_raddr;
  always_ff @(posedge clk_i) begin
    if (start_i) side_q <= !side_q;
    if (misc == hil_vector_code_pkg::MiscListed) listed_q <= m_o[10:8];
  end
  assign chunk_raddr = place[3] ? listed_q + 3'(place[0]) : place[2:0];
  hil_serial_ram #(.Depth(16), .AddrW(4)) u_instruction (
    .clk_i, .we_i(chunk_we_i), .waddr_i({side_q, chunk_index_i}), .wdata_i(chunk_i), .re_i(chunk_re), .raddr_i({!side_q, chunk_raddr}), .rdata_o(chunk)
  );

  logic [1:0] from_q;
  always_ff @(posedge clk_i) if (place != '0) from_q <= {field_re || scale_instead, chunk_re};
  assign m_o = from_q[1] ? field : from_q[0] ? chunk : entry;

  logic unused;
  assign unused = ^{code_i, row_i};
endmodule
