// The machine ulx3s-85f as constants. A build compiles exactly one of these files.
// Generated from fpga/machines/ulx3s-85f.json; do not edit.

// Each user takes only some of the constants, and all machines share the package's name.
/* verilator lint_off UNUSEDPARAM */
/* verilator lint_off DECLFILENAME */
package hil_machine_pkg;

  // SHA-256 of the machine; its first byte is the lowest.
  localparam logic [255:0] MachineHash =
      256'hceda1701f57519571cf3c758a3ac8d75ce826d7565b29fe71b5edf88cde755dc;
  localparam int unsigned ClockHz = 50000000;
  localparam int unsigned Rows = 16;
  localparam int unsigned Columns = 8;
  localparam int unsigned Banks = 4;
  localparam int unsigned BankBytes = 65536;
  localparam int unsigned WordBytes = 16;
  localparam int unsigned AccumulatorRows = 256;
  localparam int unsigned WeightTiles = 64;
  localparam int unsigned ParameterEntries = 1024;
  localparam int unsigned TableSlots = 4;
  localparam int unsigned RowScaleEntries = 512;
  localparam int unsigned Lanes = 8;
  localparam int unsigned RoundCycles = 0;
  localparam int unsigned StatisticsCycles = 0;
  localparam int unsigned LineCycles = 0;
  localparam int unsigned StartCycles = 8;
  localparam int unsigned NormCycles = 24;
  localparam int unsigned DivideCycles = 12;
  localparam int unsigned QueueDepth = 4;
  localparam int unsigned FetchInstructions = 4;
  localparam int unsigned DispatchCycles = 1;
  localparam int unsigned DeadlockCycles = 65536;
  localparam int unsigned CountersFull = 1;
  localparam int unsigned TileRecordBytes = 136;
  localparam int unsigned HasWritableRegion = 1;
  localparam int unsigned PortBytes = 2;
  localparam int unsigned MainAddrW = 25;
  localparam int unsigned LargestBurstBytes = 512;

  // Main memory, region by region.
  localparam int unsigned RegionCount = 1;
  localparam logic [31:0] Region0First = 32'h00000000;
  localparam logic [31:0] Region0Last = 32'h01ffffff;
  localparam int unsigned Region0Writable = 1;
  localparam int unsigned Region0ReadLatencyCycles = 12;
  localparam int unsigned Region0WriteLatencyCycles = 8;
  localparam int unsigned Region0BeatBytes = 2;
  localparam int unsigned Region0CyclesPerBeat = 1;
  localparam int unsigned Region0MaxBurstBytes = 512;
  localparam int unsigned Region0PageBytes = 1024;
  localparam int unsigned Region0PageCycles = 6;

  // The same side by side, 32 bits a region, region 0 lowest; for loops over regions.
  localparam logic [31:0] RegionFirsts = {32'h00000000};
  localparam logic [31:0] RegionLasts = {32'h01ffffff};
  localparam logic [31:0] RegionMaxBursts = {32'h00000200};

  // What the core derives from these (fpga/rtl/core).
  `include "hil_derived.svh"

endpackage
/* verilator lint_on DECLFILENAME */
/* verilator lint_on UNUSEDPARAM */
