// The parameter memory: entries of 8 bytes, one memory a lane, so that a lane group is read at once.
// Entry e is in lane e mod L, group e / L. Latency: one cycle from a read to its data, held until the next.
// Throughput: one group read, and as many entries written as a beat of the port holds, a cycle.
// Not checked: entries beyond the memory.
module hil_parameters (
  input  logic                                    clk_i,
  input  logic                                    we_i,
  input  logic [hil_machine_pkg::CountW-1:0]         waddr_i,
  input  logic [hil_machine_pkg::ParameterW-1:0]     wdata_i,
  // By lane: entries of the group that nobody asked for may be written meanwhile.
  input  logic [hil_machine_pkg::Lanes-1:0]       re_i,
  input  logic [hil_machine_pkg::ParameterAddrW-1:0] raddr_i,
  output logic [hil_machine_pkg::Lanes*64-1:0]       rdata_o
);
  localparam int unsigned L = hil_machine_pkg::Lanes;
  localparam int unsigned CountW = hil_machine_pkg::CountW;
  localparam int unsigned LaneShift = $clog2(L);
  // Entries written at once: one or two. A pair begins at an even entry; with one lane it would need two writes.
  localparam int unsigned Pair = hil_machine_pkg::ParameterW / hil_machine_pkg::ParameterBits;
  if (Pair > 2 || Pair > L) $error("a beat of the port may hold at most two entries, and no more than the lanes");

  for (genvar l = 0; l < L; l++) begin : gen_lane
    // The first entry that is written with this lane's.
    localparam logic [CountW-1:0] First = CountW'(l - l % Pair);
    logic mine;
    assign mine = (waddr_i & CountW'(L - Pair)) == First;
    hil_ram_1r1w #(
      .Width(64),
      .Depth(hil_machine_pkg::ParameterGroups),
      .AddrW(hil_machine_pkg::ParameterAddrW)
    ) u_ram (
      .clk_i,
      .we_i   (we_i && mine),
      .waddr_i(hil_machine_pkg::ParameterAddrW'(waddr_i >> LaneShift)),
      .wdata_i(wdata_i[(l%Pair)*64+:64]),
      .re_i   (re_i[l]),
      .raddr_i,
      .rdata_o(rdata_o[l*64+:64])
    );
  end
endmodule
