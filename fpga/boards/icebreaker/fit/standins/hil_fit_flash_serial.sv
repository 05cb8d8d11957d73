// Stand-in for the controller's own way to the flash, a byte at a time on one data line: identification and programming. It sits between the flash's
// back end and the pads. While it has the flash (taken_o), back end and core are in reset; the back end brings the flash up anew afterwards. The first
// byte must be FFh then, which ends continuous read.
// Bus: 0 is the byte, a write sends it and the answer takes its place; 1 is control (bit 0 takes the flash, bit 1 selects it) and status.
// Latency: a byte takes ten cycles; data pass without a register. Not checked: a byte that is written within another one; the flash's pauses.
module hil_fit_flash_serial (
  input  logic       clk_i,
  input  logic       rst_i,
  input  logic       addr_i,
  input  logic [7:0] wdata_i,
  input  logic       we_i,
  output logic [7:0] rdata_o,
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
  // Eight clocks; the last answer is there two cycles later.
  localparam logic [3:0] ByteCycles = 4'd10;

  logic [7:0] shift_q;
  logic [3:0] left_q;
  logic       taken_q, select_q, busy;
  assign busy = left_q != '0;
  always_ff @(posedge clk_i) begin
    if (we_i && !addr_i) begin
      shift_q <= wdata_i;
      left_q  <= ByteCycles;
    end else if (busy) begin
      shift_q <= {shift_q[6:0], answer_i};
      left_q  <= left_q - 1'b1;
    end
    if (we_i && addr_i) {select_q, taken_q} <= wdata_i[1:0];
    if (rst_i) begin
      left_q <= '0;
      {select_q, taken_q} <= '0;
    end
  end

  assign taken_o  = taken_q;
  assign rdata_o  = addr_i ? {5'b0, fault_i, ready_i, busy} : shift_q;
  // In reset the back end neither selects the flash nor drives a line. /WP and /HOLD are high.
  assign cs_no    = cs_ni && !select_q;
  assign sck_en_o = sck_en_i || left_q > 4'd2;
  assign io_o     = taken_q ? {3'b110, shift_q[7]} : io_i;
  assign io_oe_o  = io_oe_i | {taken_q, taken_q, 1'b0, taken_q};
endmodule
