// The machine arty-a7-100t as constants. A build compiles exactly one of these files.
// Generated from fpga/machines/arty-a7-100t.json; do not edit.

// Each user takes only some of the constants, and all machines share the package's name.
/* verilator lint_off UNUSEDPARAM */
/* verilator lint_off DECLFILENAME */
package hil_machine_pkg;

  // SHA-256 of the machine; its first byte is the lowest.
  localparam logic [255:0] MachineHash =
      256'h88474407b01b9614aed7ae4f005ae564b1ba088909fe06f0fbda4eb64667f90d;
  localparam int unsigned ClockHz = 100000000;
  localparam int unsigned Rows = 16;
  localparam int unsigned Columns = 16;
  localparam int unsigned Banks = 6;
  localparam int unsigned BankBytes = 65536;
  localparam int unsigned WordBytes = 16;
  localparam int unsigned AccumulatorRows = 256;
  localparam int unsigned WeightTiles = 64;
  localparam int unsigned ParameterEntries = 1024;
  localparam int unsigned TableSlots = 4;
  localparam int unsigned RowScaleEntries = 512;
  localparam int unsigned Lanes = 16;
  localparam int unsigned RoundCycles = 0;
  localparam int unsigned StatisticsCycles = 0;
  localparam int unsigned LineCycles = 0;
  localparam int unsigned StartCycles = 8;
  localparam int unsigned NormCycles = 24;
  localparam int unsigned DivideCycles = 12;
  localparam int unsigned QueueDepth = 4;
  localparam int unsigned FetchInstructions = 8;
  localparam int unsigned DispatchCycles = 1;
  localparam int unsigned DeadlockCycles = 65536;
  localparam int unsigned CountersFull = 1;
  localparam int unsigned TileRecordBytes = 272;
  localparam int unsigned HasWritableRegion = 1;
  localparam int unsigned PortBytes = 8;
  localparam int unsigned MainAddrW = 28;
  localparam int unsigned LargestBurstBytes = 1024;

  // Main memory, region by region.
  localparam int unsigned RegionCount = 1;
  localparam logic [31:0] Region0First = 32'h00000000;
  localparam logic [31:0] Region0Last = 32'h0fffffff;
  localparam int unsigned Region0Writable = 1;
  localparam int unsigned Region0ReadLatencyCycles = 24;
  localparam int unsigned Region0WriteLatencyCycles = 12;
  localparam int unsigned Region0BeatBytes = 8;
  localparam int unsigned Region0CyclesPerBeat = 1;
  localparam int unsigned Region0MaxBurstBytes = 1024;
  localparam int unsigned Region0PageBytes = 2048;
  localparam int unsigned Region0PageCycles = 8;

  // The same side by side, 32 bits a region, region 0 lowest; for loops over regions.
  localparam logic [31:0] RegionFirsts = {32'h00000000};
  localparam logic [31:0] RegionLasts = {32'h0fffffff};
  localparam logic [31:0] RegionMaxBursts = {32'h00000400};

  // What the core derives from these (fpga/rtl/core).
  `include "hil_derived.svh"

endpackage
/* verilator lint_on DECLFILENAME */
/* verilator lint_on UNUSEDPARAM */
