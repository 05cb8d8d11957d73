// The machine lab-32x32 as constants. A build compiles exactly one of these files.
// Generated from fpga/machines/lab-32x32.json; do not edit.

// Each user takes only some of the constants, and all machines share the package's name.
/* verilator lint_off UNUSEDPARAM */
/* verilator lint_off DECLFILENAME */
package hil_machine_pkg;

  // SHA-256 of the machine; its first byte is the lowest.
  localparam logic [255:0] MachineHash =
      256'hf41f1b723fd02f5d47d71b7b71c0055a183a7b60c6e4f3ba29935edc748fd5a5;
  localparam int unsigned ClockHz = 500000000;
  localparam int unsigned Rows = 32;
  localparam int unsigned Columns = 32;
  localparam int unsigned Banks = 8;
  localparam int unsigned BankBytes = 262144;
  localparam int unsigned WordBytes = 32;
  localparam int unsigned AccumulatorRows = 512;
  localparam int unsigned WeightTiles = 256;
  localparam int unsigned ParameterEntries = 4096;
  localparam int unsigned TableSlots = 8;
  localparam int unsigned RowScaleEntries = 1024;
  localparam int unsigned Lanes = 32;
  localparam int unsigned RoundCycles = 0;
  localparam int unsigned StatisticsCycles = 0;
  localparam int unsigned LineCycles = 0;
  localparam int unsigned StartCycles = 8;
  localparam int unsigned NormCycles = 24;
  localparam int unsigned DivideCycles = 12;
  localparam int unsigned QueueDepth = 8;
  localparam int unsigned FetchInstructions = 8;
  localparam int unsigned DispatchCycles = 1;
  localparam int unsigned DeadlockCycles = 65536;
  localparam int unsigned CountersFull = 1;
  localparam int unsigned TileRecordBytes = 1056;
  localparam int unsigned HasWritableRegion = 1;
  localparam int unsigned PortBytes = 16;
  localparam int unsigned MainAddrW = 30;
  localparam int unsigned LargestBurstBytes = 4096;

  // Main memory, region by region.
  localparam int unsigned RegionCount = 1;
  localparam logic [31:0] Region0First = 32'h00000000;
  localparam logic [31:0] Region0Last = 32'h3fffffff;
  localparam int unsigned Region0Writable = 1;
  localparam int unsigned Region0ReadLatencyCycles = 10;
  localparam int unsigned Region0WriteLatencyCycles = 6;
  localparam int unsigned Region0BeatBytes = 16;
  localparam int unsigned Region0CyclesPerBeat = 1;
  localparam int unsigned Region0MaxBurstBytes = 4096;
  localparam int unsigned Region0PageBytes = 0;
  localparam int unsigned Region0PageCycles = 0;

  // The same side by side, 32 bits a region, region 0 lowest; for loops over regions.
  localparam logic [31:0] RegionFirsts = {32'h00000000};
  localparam logic [31:0] RegionLasts = {32'h3fffffff};
  localparam logic [31:0] RegionMaxBursts = {32'h00001000};

  // What the core derives from these (fpga/rtl/core).
  `include "hil_derived.svh"

endpackage
/* verilator lint_on DECLFILENAME */
/* verilator lint_on UNUSEDPARAM */
