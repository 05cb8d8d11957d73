using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Tests;

/// <summary>Small machines and programs made by hand.</summary>
internal static class TestMachines
{
    /// <summary>The machine of docs/timing.md section 10, with memories to spare.</summary>
    public static Machine WorkedExample { get; } = Make(4, 2, 1, 4);

    public static Machine Make(int rows, int columns, int lanes, int word) => new(
        $"test-{rows}x{columns}", "made by a test", true, 24_000_000,
        new ArrayShape(rows, columns), new ScratchpadShape(2, 65536, word), 128, 64, 512, 4, 256,
        new VectorShape(lanes, 0, 0, 0, 8, 20, 30), new IssueShape(1, 4, 1, 5000),
        [new MemoryRegion("main", 0, 1 << 24, true, 16, 12, 1, 2, 256, 0, 0, "made up")],
        CounterSet.Full, new EnergyModel(0, 0, 0, 0, 0, "none"));

    /// <summary>A program whose instructions lie at 0 and whose data lie at 64 KiB.</summary>
    public static ProgramImage Program(
        IReadOnlyList<Instruction> code, byte[]? data = null, IReadOnlyList<TensorPlace>? inputs = null,
        IReadOnlyList<TensorPlace>? outputs = null, IReadOnlyList<ProgramLayer>? layers = null)
    {
        data ??= [];
        var image = new byte[DataBase + data.Length];
        for (int i = 0; i < code.Count; i++) code[i].WriteTo(image.AsSpan(i * Instruction.Bytes));
        data.CopyTo(image, DataBase);
        return new ProgramImage(
            "test", "test", "", "", 0, image, 0, code.Count, inputs ?? [], outputs ?? [], [],
            layers ?? [new ProgramLayer("all", "test", 0, code.Count, 0, 0)], [], new Dictionary<string, string>());
    }

    public const int DataBase = 65536;
}
