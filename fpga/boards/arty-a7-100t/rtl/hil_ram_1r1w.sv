// hil_ram_1r1w on the Artix-7: memories of up to 128 words, which would leave three quarters of a block RAM empty, lie in LUTs. The tables do, a copy a lane.
// Latency, throughput, ordering: as fpga/rtl/memory/hil_ram_1r1w.sv.
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
  if (Depth <= 128) begin : gen_luts
    (* ram_style = "distributed" *) logic [Width-1:0] mem[0:Depth-1];
    always_ff @(posedge clk_i) begin
      if (we_i) mem[waddr_i] <= wdata_i;
      if (re_i) rdata_o <= mem[raddr_i];
    end
  end else begin : gen_block
    (* ram_style = "block", no_rw_check *) logic [Width-1:0] mem[0:Depth-1];
    always_ff @(posedge clk_i) begin
      if (we_i) mem[waddr_i] <= wdata_i;
      if (re_i) rdata_o <= mem[raddr_i];
    end
  end
endmodule
