// Walks over the lane groups of an operand in the scratchpad: a pointer that advances by a group, or to the next row, or back to the row's start.
// Latency: a step is seen in the next cycle. Throughput: one step a cycle. Not checked: addresses beyond the bank.
module hil_vector_walk (
  input  logic                                  clk_i,
  input  logic                                  start_i,
  input  logic [hil_machine_pkg::ByteAddrW-1:0]    address_i,
  // Words from row to row.
  input  logic [hil_machine_pkg::CountW-1:0]       stride_i,
  input  logic                                  wide_i,
  input  logic                                  step_i,
  // With step_i: the group was the last of its row; the row is walked over once more.
  input  logic                                  row_end_i,
  input  logic                                  again_i,
  output logic [hil_machine_pkg::ByteAddrW-1:0]    address_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned WordShift = hil_machine_pkg::WordShift;
  localparam int unsigned ByteAddrW = hil_machine_pkg::ByteAddrW;

  // The byte in the word at which rows begin stays the same; only words are added.
  logic [ByteAddrW-WordShift-1:0]        base_q, next;
  logic [WordShift-1:0]                  byte_q;
  logic [hil_machine_pkg::CountW-1:0]       stride_q;
  logic                                  wide_q;
  logic [ByteAddrW-1:0]                  address_q;
  assign next = base_q + (again_i ? '0 : (ByteAddrW - WordShift)'(stride_q));

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      base_q    <= address_i[ByteAddrW-1:WordShift];
      byte_q    <= address_i[WordShift-1:0];
      stride_q  <= stride_i;
      wide_q    <= wide_i;
      address_q <= address_i;
    end else if (step_i) begin
      if (row_end_i) begin
        base_q    <= next;
        address_q <= {next, byte_q};
      end else begin
        address_q <= address_q + (wide_q ? ByteAddrW'(2 * L) : ByteAddrW'(L));
      end
    end
  end
  assign address_o = address_q;
endmodule
