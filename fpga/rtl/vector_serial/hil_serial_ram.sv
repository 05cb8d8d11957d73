// A memory of 16-bit words with one read and one write port, that may begin with the microcode's constants.
// Latency: read data one cycle after re_i, held until the next read. Throughput: one read and one write a cycle.
// Ordering: a read in the cycle of a write to the same address gives nothing of use.
// Not checked: addresses beyond Depth, use of such a read.
module hil_serial_ram #(
  parameter int unsigned Depth     = 16,
  parameter int unsigned AddrW     = 4,
  parameter bit          Constants = 1'b0
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [15:0]      wdata_i,
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [15:0]      rdata_o
);
  // What a read sees of a write to its address in its cycle is nobody's concern.
  (* no_rw_check *) logic [15:0] mem[0:Depth-1] /*verilator public_flat_rw*/;

  if (Constants) begin : gen_constants
    integer i;
    initial begin
      for (i = 0; i < Depth; i = i + 1) mem[i] = hil_vector_code_pkg::constant(10'(i));
    end
  end

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
    if (re_i) rdata_o <= we_i && waddr_i == raddr_i ? {16{1'bx}} : mem[raddr_i];
  end
endmodule
