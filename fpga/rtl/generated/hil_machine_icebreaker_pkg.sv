// The machine icebreaker as constants. A build compiles exactly one of these files.
// Generated from fpga/machines/icebreaker.json; do not edit.

// Each user takes only some of the constants, and all machines share the package's name.
/* verilator lint_off UNUSEDPARAM */
/* verilator lint_off DECLFILENAME */
package hil_machine_pkg;

  // SHA-256 of the machine; its first byte is the lowest.
  localparam logic [255:0] MachineHash =
      256'h37eb8be096ee355c5f1da470dfe019095b34a8a04152b166cb62467ea6e67377;
  localparam int unsigned ClockHz = 24000000;
  localparam int unsigned Rows = 4;
  localparam int unsigned Columns = 2;
  localparam int unsigned Banks = 2;
  localparam int unsigned BankBytes = 65536;
  localparam int unsigned WordBytes = 4;
  localparam int unsigned AccumulatorRows = 256;
  localparam int unsigned WeightTiles = 64;
  localparam int unsigned ParameterEntries = 136;
  localparam int unsigned TableSlots = 2;
  localparam int unsigned RowScaleEntries = 96;
  localparam int unsigned Lanes = 1;
  localparam int unsigned RoundCycles = 4;
  localparam int unsigned StatisticsCycles = 2;
  localparam int unsigned LineCycles = 27;
  localparam int unsigned StartCycles = 80;
  localparam int unsigned NormCycles = 173;
  localparam int unsigned DivideCycles = 66;
  localparam int unsigned QueueDepth = 1;
  localparam int unsigned FetchInstructions = 4;
  localparam int unsigned DispatchCycles = 10;
  localparam int unsigned DeadlockCycles = 65536;
  localparam int unsigned CountersFull = 0;
  localparam int unsigned TileRecordBytes = 10;
  localparam int unsigned HasWritableRegion = 0;
  localparam int unsigned PortBytes = 1;
  localparam int unsigned MainAddrW = 24;
  localparam int unsigned LargestBurstBytes = 256;

  // Main memory, region by region.
  localparam int unsigned RegionCount = 1;
  localparam logic [31:0] Region0First = 32'h00000000;
  localparam logic [31:0] Region0Last = 32'h00ffffff;
  localparam int unsigned Region0Writable = 0;
  localparam int unsigned Region0ReadLatencyCycles = 16;
  localparam int unsigned Region0WriteLatencyCycles = 0;
  localparam int unsigned Region0BeatBytes = 1;
  localparam int unsigned Region0CyclesPerBeat = 2;
  localparam int unsigned Region0MaxBurstBytes = 256;
  localparam int unsigned Region0PageBytes = 0;
  localparam int unsigned Region0PageCycles = 0;

  // The same side by side, 32 bits a region, region 0 lowest; for loops over regions.
  localparam logic [31:0] RegionFirsts = {32'h00000000};
  localparam logic [31:0] RegionLasts = {32'h00ffffff};
  localparam logic [31:0] RegionMaxBursts = {32'h00000100};

  // What the core derives from these (fpga/rtl/core).
  `include "hil_derived.svh"

endpackage
/* verilator lint_on DECLFILENAME */
/* verilator lint_on UNUSEDPARAM */
