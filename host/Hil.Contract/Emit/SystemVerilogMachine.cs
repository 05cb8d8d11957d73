using System.Text;
using Hil.Contract.Machines;
using Hil.Contract.Registers;

namespace Hil.Contract.Emit;

/// <summary>Writes one machine as a SystemVerilog package of constants.</summary>
/// <remarks>
/// The file is named after the machine, the package is <c>hil_machine_pkg</c> in every one of them: which machine is built is decided
/// by which file is compiled.
/// </remarks>
public static class SystemVerilogMachine
{
    public static string PathOf(Machine machine) => $"fpga/rtl/generated/hil_machine_{machine.Name.Replace('-', '_')}_pkg.sv";

    public static string Emit(Machine machine)
    {
        Machine m = machine;
        var text = new StringBuilder();
        text.Append($"// The machine {m.Name} as constants. A build compiles exactly one of these files.\n");
        text.Append($"// Generated from fpga/machines/{m.Name}.json; do not edit.\n\n");
        text.Append("// Each user takes only some of the constants, and all machines share the package's name.\n");
        text.Append("/* verilator lint_off UNUSEDPARAM */\n/* verilator lint_off DECLFILENAME */\npackage hil_machine_pkg;\n\n");
        text.Append($"  // SHA-256 of the machine; its first byte is the lowest.\n  localparam logic [255:0] MachineHash =\n      256'h{SystemVerilogPackage.Reversed(MachineFile.Hash(m))};\n");
        foreach ((string name, long value) in Constants(m)) SystemVerilogPackage.Whole(text, name, value);
        text.Append("\n  // Main memory, region by region.\n");
        SystemVerilogPackage.Whole(text, "RegionCount", m.Regions.Count);
        for (int i = 0; i < m.Regions.Count; i++)
        {
            MemoryRegion r = m.Regions[i];
            text.Append($"  localparam logic [31:0] Region{i}First = 32'h{r.Base:x8};\n");
            text.Append($"  localparam logic [31:0] Region{i}Last = 32'h{r.Base + r.Bytes - 1:x8};\n");
            foreach ((string name, long value) in Constants(r)) SystemVerilogPackage.Whole(text, $"Region{i}{name}", value);
        }

        text.Append("\n  // The same side by side, 32 bits a region, region 0 lowest; for loops over regions.\n");
        Together(text, m, "RegionFirsts", r => r.Base);
        Together(text, m, "RegionLasts", r => r.Base + r.Bytes - 1);
        Together(text, m, "RegionMaxBursts", r => r.MaxBurstBytes);
        text.Append("\n  // What the core derives from these (fpga/rtl/core).\n  `include \"hil_derived.svh\"\n");
        text.Append("\nendpackage\n/* verilator lint_on DECLFILENAME */\n/* verilator lint_on UNUSEDPARAM */\n");
        return text.ToString();
    }

    private static void Together(StringBuilder text, Machine machine, string name, Func<MemoryRegion, long> value)
    {
        string words = string.Join(", ", machine.Regions.Reverse().Select(r => $"32'h{value(r):x8}"));
        text.Append($"  localparam logic [{(32 * machine.Regions.Count) - 1}:0] {name} = {{{words}}};\n");
    }

    private static IEnumerable<(string Name, long Value)> Constants(Machine m) =>
    [
        ("ClockHz", IdentityRegisters.ClockHz(m)),
        ("Rows", m.Rows), ("Columns", m.Columns),
        ("Banks", m.Scratchpad.Banks), ("BankBytes", m.Scratchpad.BankBytes), ("WordBytes", m.WordBytes),
        ("AccumulatorRows", m.AccumulatorRows), ("WeightTiles", m.WeightTiles), ("ParameterEntries", m.ParameterEntries),
        ("TableSlots", m.TableSlots), ("RowScaleEntries", m.RowScaleEntries),
        ("Lanes", m.Lanes), ("RoundCycles", m.Vector.RoundCycles), ("StatisticsCycles", m.Vector.StatisticsCycles),
        ("LineCycles", m.Vector.LineCycles), ("StartCycles", m.Vector.StartCycles), ("NormCycles", m.Vector.NormCycles), ("DivideCycles", m.Vector.DivideCycles),
        ("QueueDepth", m.Issue.QueueDepth), ("FetchInstructions", m.Issue.FetchInstructions),
        ("DispatchCycles", m.Issue.DispatchCycles), ("DeadlockCycles", m.Issue.DeadlockCycles),
        ("CountersFull", m.Counters == CounterSet.Full ? 1 : 0),
        ("TileRecordBytes", m.TileRecordBytes),
        ("HasWritableRegion", m.Regions.Any(r => r.Writable) ? 1 : 0),
        ("PortBytes", m.Regions.Max(r => r.BeatBytes)),
        ("MainAddrW", Math.Max(16, System.Numerics.BitOperations.Log2((ulong)m.Regions.Max(r => r.Base + r.Bytes - 1)) + 1)),
        ("LargestBurstBytes", m.Regions.Max(r => r.MaxBurstBytes)),
    ];

    private static IEnumerable<(string Name, long Value)> Constants(MemoryRegion r) =>
    [
        ("Writable", r.Writable ? 1 : 0),
        ("ReadLatencyCycles", r.ReadLatencyCycles), ("WriteLatencyCycles", r.WriteLatencyCycles),
        ("BeatBytes", r.BeatBytes), ("CyclesPerBeat", r.CyclesPerBeat), ("MaxBurstBytes", r.MaxBurstBytes),
        ("PageBytes", r.PageBytes), ("PageCycles", r.PageCycles),
    ];
}
