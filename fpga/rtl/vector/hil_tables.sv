// The function tables: 256 int8 a slot, one copy a lane, so that each lane looks up on its own.
// Latency: one cycle from a look-up to its value, held until the next. Throughput: one look-up a lane and one beat written a cycle.
// Not checked: slots beyond the tables.
module hil_tables (
  input  logic                               clk_i,
  input  logic                               we_i,
  // Slot and byte of the beat's first byte.
  input  logic [10:0]                        waddr_i,
  input  logic [hil_machine_pkg::PortBits-1:0]  wdata_i,
  input  logic                               re_i,
  input  logic [2:0]                         slot_i,
  input  logic [hil_machine_pkg::Lanes*8-1:0]   index_i,
  output logic [hil_machine_pkg::Lanes*8-1:0]   value_o
);
  localparam int unsigned PortBytes = hil_machine_pkg::PortBytes;
  localparam int unsigned BeatShift = $clog2(PortBytes);
  localparam int unsigned Beats = hil_machine_pkg::TableSlots * 256 / PortBytes;
  localparam int unsigned AddrW = $clog2(Beats);

  for (genvar l = 0; l < hil_machine_pkg::Lanes; l++) begin : gen_lane
    logic [10:0]                       raddr;
    logic [hil_machine_pkg::PortBits-1:0] beat;
    assign raddr = {slot_i, index_i[l*8+:8]};

    hil_ram_1r1w #(
      .Width(hil_machine_pkg::PortBits),
      .Depth(Beats),
      .AddrW(AddrW)
    ) u_ram (
      .clk_i,
      .we_i,
      .waddr_i(AddrW'(waddr_i >> BeatShift)),
      .wdata_i,
      .re_i,
      .raddr_i(AddrW'(raddr >> BeatShift)),
      .rdata_o(beat)
    );

    if (PortBytes > 1) begin : gen_select
      logic [BeatShift-1:0] byte_q;
      always_ff @(posedge clk_i) if (re_i) byte_q <= raddr[BeatShift-1:0];
      assign value_o[l*8+:8] = 8'(beat >> {byte_q, 3'b0});
    end else begin : gen_byte
      assign value_o[l*8+:8] = beat;
    end
  end
endmodule
