// SB_IO and the PLL of the iCE40 as far as the benches need them, after Lattice's technical note FPGA-TN-02026: Yosys' library models the one in a way
// that Verilator does not take, and the other not at all.
`timescale 1ns / 100ps
module SB_IO #(
  parameter [5:0] PIN_TYPE = 6'b0,
  parameter [0:0] PULLUP   = 1'b0
) (
  inout  wire  PACKAGE_PIN,
  input  logic CLOCK_ENABLE,
  input  logic INPUT_CLK,
  input  logic OUTPUT_CLK,
  input  logic OUTPUT_ENABLE,
  input  logic D_OUT_0,
  input  logic D_OUT_1,
  output logic D_IN_0
);
  localparam realtime PadNs = 3.0;
  localparam logic [3:0] DoubleRate = 4'b0100, Registered = 4'b0101, RegisteredEnable = 4'b1101;

  if (PIN_TYPE[5:2] != DoubleRate && PIN_TYPE[5:2] != Registered && PIN_TYPE[5:2] != RegisteredEnable) $error("not modelled: output type");
  if (PIN_TYPE[1:0] > 2'b01) $error("not modelled: input type");

  logic first_q = 1'b0, second_q = 1'b0, enable_q = 1'b0, in_q = 1'b0;
  always_ff @(posedge OUTPUT_CLK) begin
    first_q  <= D_OUT_0;
    enable_q <= OUTPUT_ENABLE;
  end
  always_ff @(negedge OUTPUT_CLK) second_q <= D_OUT_1;
  always_ff @(posedge INPUT_CLK) in_q <= PACKAGE_PIN;

  // The pad switches after its register has changed, so that none of its halves shows the value of another cycle.
  wire late;
  assign #1 late = OUTPUT_CLK;
  wire out, enable;
  assign #(PadNs) out = PIN_TYPE[5:2] == DoubleRate && !late ? second_q : first_q;
  assign #(PadNs) enable = PIN_TYPE[5:2] != RegisteredEnable || enable_q;
  assign PACKAGE_PIN = enable ? out : 1'bz;
  assign D_IN_0 = PIN_TYPE[0] ? PACKAGE_PIN : in_q;
endmodule

// The clock as it comes, locked after a while; the lock is lost once for a moment.
module SB_PLL40_PAD #(
  parameter       FEEDBACK_PATH = "SIMPLE",
  parameter [3:0] DIVR          = 4'd0,
  parameter [6:0] DIVF          = 7'd0,
  parameter [2:0] DIVQ          = 3'd0,
  parameter [2:0] FILTER_RANGE  = 3'd0
) (
  input  logic       PACKAGEPIN,
  output logic       PLLOUTGLOBAL,
  output logic       PLLOUTCORE,
  output logic       LOCK,
  input  logic       RESETB,
  input  logic       BYPASS,
  input  logic       EXTFEEDBACK,
  input  logic [7:0] DYNAMICDELAY,
  input  logic       LATCHINPUTVALUE,
  input  logic       SDI,
  input  logic       SCLK,
  output logic       SDO
);
  assign PLLOUTGLOBAL = PACKAGEPIN;
  assign PLLOUTCORE = PACKAGEPIN;
  assign SDO = 1'b0;
  initial begin
    LOCK = 1'b0;
    #1003 LOCK = 1'b1;
    #20000 LOCK = 1'b0;
    #200 LOCK = 1'b1;
  end
endmodule
