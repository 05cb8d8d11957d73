// Stand-in for the controller's own way to the flash, a bit at a time on one data line: identification and programming. It sits between the flash's
// back end and the pads. While it has the flash (taken_o), back end and core are in reset; the back end brings the flash up anew afterwards. The first
// command must be FFh then, which ends continuous read. /WP and /HOLD mean nothing once QE is set; the pads pull them up.
// A write is, from bit 0 on: take the flash, select it, the bit, a clock for it. A read is, from bit 0 on: the back end is ready, has a fault, the answer
// to the clock before. Latency: an answer is there five cycles after its clock. Not checked: pauses that the flash wants.
module hil_fit_flash_serial (
  input  logic       clk_i,
  input  logic       rst_i,
  input  logic [3:0] wdata_i,
  input  logic       we_i,
  output logic [2:0] rdata_o,
  output logic       taken_o,
  // From the back end.
  input  logic       ready_i,
  input  logic       fault_i,
  input  logic       cs_ni,
  input  logic       sck_en_i,
  input  logic [3:0] io_i,
  input  logic [3:0] io_oe_i,
  // The pads.
  output logic       cs_no,
  output logic       sck_en_o,
  output logic [3:0] io_o,
  output logic [3:0] io_oe_o,
  input  logic       answer_i
);
  logic taken_q, select_q, bit_q, clock_q;
  always_ff @(posedge clk_i) begin
    clock_q <= we_i && wdata_i[3];
    if (we_i) {bit_q, select_q, taken_q} <= wdata_i[2:0];
    if (rst_i) {clock_q, bit_q, select_q, taken_q} <= '0;
  end

  assign taken_o  = taken_q;
  assign rdata_o  = {answer_i, fault_i, ready_i};
  // In reset the back end neither selects the flash nor drives a line.
  assign cs_no    = cs_ni && !select_q;
  assign sck_en_o = sck_en_i || clock_q;
  assign io_o     = {io_i[3:1], taken_q ? bit_q : io_i[0]};
  assign io_oe_o  = {io_oe_i[3:1], io_oe_i[0] || taken_q};
endmodule
