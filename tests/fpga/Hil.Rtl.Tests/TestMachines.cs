using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>The machines that the RTL is held against the specification on; all with every counter.</summary>
internal static class TestMachines
{
    private static readonly EnergyModel NoEnergy = new(0, 0, 0, 0, 0, "none: a test");

    private static readonly Machine Board = MachineFile.Load(Path.Combine(Repository.Root, "fpga/machines/icebreaker.json"));

    /// <summary>The checked-in machine, with every counter.</summary>
    public static Machine Icebreaker { get; } = Board with { Counters = CounterSet.Full };

    /// <summary>The counters that the board has.</summary>
    public static CounterSet CountersOfTheBoard => Board.Counters;

    /// <summary>The checked-in machine with the pipelined vector unit, and more memory than the serial one has.</summary>
    public static Machine Pipelined { get; } = PipelinedMachine.Of(Icebreaker);

    /// <summary>As wide as it is not deep, with memories of odd sizes, a group of int16 that takes two words, and two unlike regions; a slow root.</summary>
    public static Machine Ragged { get; } = Make(
        "ragged-2x4", new ArrayShape(2, 4), new ScratchpadShape(3, 512, 4), 7, 3, 12, 3, 5, lanes: 4, new VectorCycles(57, 31), new IssueShape(2, 2, 3, 5000),
        Region("rom", 0x1000, 1 << 16, false, 3, 0, 1, 1, 32, 0, 0),
        Region("ram", 0x80000, 1 << 16, true, 1, 0, 4, 1, 64, 128, 5));

    /// <summary>One word a row, several lane groups a row, beats of a whole row of weights; the quickest root and division.</summary>
    public static Machine Square { get; } = Make(
        "square-8x8", new ArrayShape(8, 8), new ScratchpadShape(4, 4096, 8), 33, 9, 64, 2, 40, lanes: 2, new VectorCycles(24, 12), new IssueShape(4, 8, 1, 20_000),
        Region("ram", 0, 1 << 18, true, 11, 7, 8, 2, 256, 512, 9));

    /// <summary>The widest port: a beat is an instruction, and two parameter entries.</summary>
    public static Machine Large { get; } = Make(
        "large-16x16", new ArrayShape(16, 16), new ScratchpadShape(5, 16384, 32), 64, 8, 96, 8, 64, lanes: 16, new VectorCycles(31, 17), new IssueShape(3, 4, 2, 20_000),
        Region("ram", 1 << 20, 1 << 18, true, 0, 0, 16, 1, 128, 1024, 3),
        Region("rom", 1 << 22, 1 << 18, false, 20, 0, 2, 3, 64, 0, 0));

    /// <summary>One bank, in which every access takes a cycle of its own; one row scale, one table, few parameters.</summary>
    public static Machine OneBank { get; } = Make(
        "one-bank-2x2", new ArrayShape(2, 2), new ScratchpadShape(1, 2048, 4), 5, 4, 10, 1, 1, lanes: 2, new VectorCycles(39, 28), new IssueShape(1, 2, 2, 5000),
        Region("ram", 0, 1 << 16, true, 2, 3, 2, 1, 64, 0, 0));

    /// <summary>Two banks and a group of int16 that takes two words: one port reads, one writes.</summary>
    public static Machine Pairs { get; } = Make(
        "pairs-4x8", new ArrayShape(4, 8), new ScratchpadShape(2, 4096, 8), 20, 5, 48, 2, 33, lanes: 8, new VectorCycles(60, 40), new IssueShape(2, 2, 1, 5000),
        Region("ram", 0, 1 << 18, true, 5, 4, 8, 1, 128, 256, 2));

    /// <summary>One lane and three banks: all of an instruction's operands in one cycle.</summary>
    public static Machine Thin { get; } = Make(
        "thin-4x2", new ArrayShape(4, 2), new ScratchpadShape(3, 2048, 4), 12, 6, 24, 4, 20, lanes: 1, new VectorCycles(37, 24), new IssueShape(2, 4, 1, 5000),
        Region("ram", 0, 1 << 17, true, 4, 2, 2, 1, 64, 0, 0));

    /// <summary>One cell: a row is an element, and the index of a tile is longer than its rows.</summary>
    public static Machine Dot { get; } = Make(
        "dot-1x1", new ArrayShape(1, 1), new ScratchpadShape(3, 512, 4), 9, 11, 14, 1, 7, lanes: 1, new VectorCycles(37, 24), new IssueShape(2, 2, 1, 5000),
        Region("ram", 0, 1 << 17, true, 3, 2, 1, 1, 64, 0, 0));

    /// <summary>One row of cells, which is the first and the last; parameters and banks for the longest row of LAYER_NORM.</summary>
    public static Machine Flat { get; } = Make(
        "flat-1x4", new ArrayShape(1, 4), new ScratchpadShape(2, 4096, 4), 13, 5, 1040, 2, 11, lanes: 2, new VectorCycles(37, 24), new IssueShape(1, 2, 2, 5000),
        Region("ram", 0, 1 << 17, true, 3, 2, 2, 1, 64, 0, 0));

    /// <summary>The machine of the worked example (docs/timing.md section 10).</summary>
    public static Machine WorkedExample { get; } = Make(
        "example-4x2", new ArrayShape(4, 2), new ScratchpadShape(2, 1024, 4), 16, 8, 16, 1, 16, lanes: 1, new VectorCycles(54, 25), new IssueShape(1, 4, 1, 5000),
        Region("flash", 0, 1 << 16, false, 16, 0, 1, 2, 256, 0, 0));

    /// <summary>Those that run random programs.</summary>
    public static IReadOnlyList<string> OfRandomPrograms { get; } =
        [.. new[] { Icebreaker, Pipelined, Ragged, Square, Large, OneBank, Pairs, Thin, Dot, Flat }.Select(m => m.Name)];

    /// <summary>The machine with a deadlock that is found soon, so that it takes few cycles.</summary>
    public static Machine SoonDeadlocked(Machine machine) => machine with { Issue = machine.Issue with { DeadlockCycles = 300 } };

    /// <summary>The build of a machine that finds deadlocks soon: of the thin one that with faults, none of them selected, which other tests need anyway.</summary>
    public static RtlModel SharedModel(string name) => name == Thin.Name ? RtlModel.Mutants : RtlModel.Plain;

    public static Machine Named(string name) =>
        new[] { Icebreaker, Pipelined, Ragged, Square, Large, OneBank, Pairs, Thin, Dot, Flat, WorkedExample }.Single(m => m.Name == name);

    private static Machine Make(
        string name, ArrayShape array, ScratchpadShape scratchpad, int accumulatorRows, int weightTiles, int parameters, int tables,
        int rowScales, int lanes, VectorCycles cycles, IssueShape issue, params MemoryRegion[] regions) => new(
            name, "a machine of the tests", true, 24_000_000, array, scratchpad, accumulatorRows, weightTiles, parameters, tables, rowScales,
            new VectorShape(lanes, 0, 0, 0, 8, cycles.Norm, cycles.Divide), issue, regions, CounterSet.Full, NoEnergy);

    private readonly record struct VectorCycles(int Norm, int Divide);

    private static MemoryRegion Region(
        string name, long at, long bytes, bool writable, int readLatency, int writeLatency, int beat, int cyclesPerBeat, int burst,
        int page, int pageCycles) =>
        new(name, at, bytes, writable, readLatency, writeLatency, beat, cyclesPerBeat, burst, page, pageCycles, "none: a test");
}
