using Hil.Contract.Machines;

namespace Hil.Compiler.Tests;

/// <summary>Machines of several shapes, small enough for the slow specification.</summary>
internal static class TestMachines
{
    public static IEnumerable<Machine> All() => [Small(), Square(), Wide(), Ragged(), Serial()];

    /// <summary>The shape of a small board: 4 × 2, one lane, two banks, queues of one.</summary>
    public static Machine Small() => Make("small", 4, 2, 2, 16384, 4, 32, 8, 64, 1, 1, 8, "flash", 1, 2, 256);

    public static Machine Square() => Make("square", 4, 4, 4, 8192, 4, 24, 6, 64, 2, 2, 1, "sdram", 2, 1, 512);

    public static Machine Wide() => Make("wide", 8, 16, 6, 8192, 16, 40, 8, 128, 16, 4, 1, "ddr", 8, 1, 1024);

    /// <summary>Three banks, and a weight slot that ends within a word of the scratchpad.</summary>
    public static Machine Ragged() => Make("ragged", 2, 4, 3, 16384, 4, 21, 3, 60, 4, 3, 2, "sdram", 1, 2, 64);

    /// <summary>With the vector unit of a small board, one digit after the other.</summary>
    public static Machine Serial() => Small() with { Name = "serial", Vector = new(1, 4, 2, 27, 80, 173, 66) };

    private static Machine Make(
        string name, int rows, int columns, int banks, int bankBytes, int word, int accumulatorRows, int weightTiles, int parameters, int lanes, int queue,
        int dispatch, string region, int beat, int cyclesPerBeat, int burst) => new(
        name, "for tests", true, 1_000_000, new(rows, columns), new(banks, bankBytes, word), accumulatorRows, weightTiles, parameters, 2, 64,
        new(lanes, 0, 0, 0, 8, 20, 12), new(queue, 4, dispatch, 100_000),
        [new MemoryRegion(region, 0, 1 << 22, region != "flash", 16, 8, beat, cyclesPerBeat, burst, 0, 0, "for tests")],
        CounterSet.Full, new(1, 1, 1, 1, 1, "for tests"));
}
