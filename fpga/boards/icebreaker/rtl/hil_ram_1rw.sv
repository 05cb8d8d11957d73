// One scratchpad bank on the UP5K: two SPRAMs side by side, 16384 words of 4 bytes.
// Latency, throughput: as fpga/rtl/memory/hil_ram_1rw.sv.
module hil_ram_1rw #(
  parameter int unsigned Bytes = 4,
  parameter int unsigned Depth = 16384,
  parameter int unsigned AddrW = 14
) (
  input  logic               clk_i,
  input  logic               en_i,
  input  logic               we_i,
  input  logic [Bytes-1:0]   be_i,
  input  logic [AddrW-1:0]   addr_i,
  input  logic [Bytes*8-1:0] wdata_i,
  output logic [Bytes*8-1:0] rdata_o
);
  if (Bytes != 4 || Depth != 16384) $error("a bank is two SPRAMs");

  for (genvar h = 0; h < 2; h++) begin : gen_half
    SB_SPRAM256KA u_spram (
      .ADDRESS   (addr_i),
      .DATAIN    (wdata_i[h*16+:16]),
      .MASKWREN  ({{2{be_i[h*2+1]}}, {2{be_i[h*2]}}}),
      .WREN      (we_i),
      .CHIPSELECT(en_i),
      .CLOCK     (clk_i),
      .STANDBY   (1'b0),
      .SLEEP     (1'b0),
      .POWEROFF  (1'b1),
      .DATAOUT   (rdata_o[h*16+:16])
    );
  end
endmodule
