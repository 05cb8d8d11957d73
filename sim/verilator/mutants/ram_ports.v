// The core's memories for proofs about what lies around them: what a memory is asked is kept in registers, and compared as those are; what it gives
// comes from registers that hold any value. Data and addresses of a cycle without an access, and bytes that are not enabled, do not count.
module hil_ram_1r1w #(
  parameter Width = 8,
  parameter Depth = 2,
  parameter AddrW = 1
) (
  input              clk_i,
  input              we_i,
  input  [AddrW-1:0] waddr_i,
  input  [Width-1:0] wdata_i,
  input              re_i,
  input  [AddrW-1:0] raddr_i,
  output [Width-1:0] rdata_o
);
  (* keep *) reg we_q, re_q;
  (* keep *) reg [AddrW-1:0] waddr_q, raddr_q;
  (* keep *) reg [Width-1:0] wdata_q, any_q;
  always @(posedge clk_i) begin
    we_q    <= we_i;
    re_q    <= re_i;
    waddr_q <= we_i ? waddr_i : 0;
    wdata_q <= we_i ? wdata_i : 0;
    raddr_q <= re_i ? raddr_i : 0;
    any_q   <= any_q;
  end
  assign rdata_o = any_q;
endmodule

module hil_ram_1rw #(
  parameter Bytes = 4,
  parameter Depth = 2,
  parameter AddrW = 1
) (
  input                clk_i,
  input                en_i,
  input                we_i,
  input  [Bytes-1:0]   be_i,
  input  [AddrW-1:0]   addr_i,
  input  [Bytes*8-1:0] wdata_i,
  output [Bytes*8-1:0] rdata_o
);
  (* keep *) reg en_q, we_q;
  (* keep *) reg [Bytes-1:0]   be_q;
  (* keep *) reg [AddrW-1:0]   addr_q;
  (* keep *) reg [Bytes*8-1:0] wdata_q, any_q;
  integer b;
  always @(posedge clk_i) begin
    en_q   <= en_i;
    we_q   <= en_i && we_i;
    be_q   <= en_i && we_i ? be_i : 0;
    addr_q <= en_i ? addr_i : 0;
    for (b = 0; b < Bytes; b = b + 1) wdata_q[b*8+:8] <= en_i && we_i && be_i[b] ? wdata_i[b*8+:8] : 0;
    any_q  <= any_q;
  end
  assign rdata_o = any_q;
endmodule
