// A memory with one read and one write port.
// Latency: read data one cycle after re_i, held until the next read. Throughput: one read and one write a cycle.
// Ordering: a read in the cycle of a write to the same address gives nothing of use, as block RAMs differ in it; nobody does it.
// Not checked: addresses beyond Depth.
module hil_ram_1r1w #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 2,
  parameter int unsigned AddrW = 1
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);
  // What a read sees of a write to its address in its cycle is nobody's concern; without this Yosys builds it where part of the data is unused.
  (* no_rw_check *) logic [Width-1:0] mem[0:Depth-1] /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
    if (re_i) rdata_o <= we_i && waddr_i == raddr_i ? {Width{1'bx}} : mem[raddr_i];
  end

`ifdef HIL_ASSERT
  always_ff @(posedge clk_i) begin
    assert (!(we_i && re_i && waddr_i == raddr_i))
    else $error("an address is read while it is written");
  end
`endif
endmodule
