// A single-ported memory of words with byte enables: one scratchpad bank. Boards may replace it by a vendor's block.
// Latency: read data one cycle after a read, held until the next access. Throughput: one access a cycle.
// Not checked: addresses beyond Depth.
module hil_ram_1rw #(
  parameter int unsigned Bytes = 4,
  parameter int unsigned Depth = 2,
  parameter int unsigned AddrW = 1
) (
  input  logic               clk_i,
  input  logic               en_i,
  input  logic               we_i,
  input  logic [Bytes-1:0]   be_i,
  input  logic [AddrW-1:0]   addr_i,
  input  logic [Bytes*8-1:0] wdata_i,
  output logic [Bytes*8-1:0] rdata_o
);
  logic [Bytes*8-1:0] mem[0:Depth-1] /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (en_i && we_i) begin
      for (int unsigned b = 0; b < Bytes; b++) begin
        if (be_i[b]) mem[addr_i][b*8+:8] <= wdata_i[b*8+:8];
      end
    end
    if (en_i && !we_i) rdata_o <= mem[addr_i];
  end
endmodule
