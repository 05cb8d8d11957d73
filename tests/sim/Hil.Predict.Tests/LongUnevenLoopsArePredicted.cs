using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>
/// Pruned products of more strips than a nest lists sizes for, doubly buffered as the compiler does it: the stretch that is listed stands for the rest.
/// </summary>
public sealed class LongUnevenLoopsArePredicted(ITestOutputHelper output)
{
    private const int Strips = 1500;
    private const int MostTiles = 12;

    /// <summary>Of weights in main memory, a multiple of every machine's word.</summary>
    private const uint Alignment = 64;

    /// <summary>Kept tiles of each strip, by name.</summary>
    private static readonly Dictionary<string, Func<Dice, int, int>> Kept = new()
    {
        ["half at random"] = (dice, _) => 1 + Enumerable.Range(0, MostTiles - 1).Count(_ => dice.Between(0, 1) == 1),
        ["any number"] = (dice, _) => dice.Between(1, MostTiles),
        ["ever fewer"] = (dice, i) => Math.Max(1, MostTiles - (i * MostTiles / Strips) - dice.Between(0, 2)),
        ["one or all"] = (dice, _) => dice.Between(0, 1) == 0 ? 1 : MostTiles,
        ["dense, then sparse"] = (dice, i) => i < Strips / 2 ? MostTiles - dice.Between(0, 1) : dice.Between(1, 2),
    };

    public static IEnumerable<object[]> Cases =>
        from machine in (string[])["icebreaker", "ulx3s-85f", "arty-a7-100t", "lab-32x32"]
        from kept in Kept.Keys
        select new object[] { machine, kept };

    [Theory]
    [MemberData(nameof(Cases))]
    public void WithinTwoPercent(string machineName, string kept)
    {
        Machine machine = MachineFile.Bundled(machineName);
        foreach (int rows in (int[])[8, 24, 64])
        {
            Judge judge = Judge.ByEmulator(Program(machine, rows, Kept[kept]), machine);
            Stage longest = judge.Program.Nests.SelectMany(n => n.Stages).MaxBy(s => s.Count)!;
            output.WriteLine($"{kept}, {rows} rows: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0} ({judge.TotalDifference / judge.Cycles:P2})");

            Assert.True(longest.Count > Strips - 10, $"only {longest.Count} iterations are one loop");
            Assert.All(longest.Steps.Where(s => s.Kind is StepKind.LoadWeights or StepKind.Compute), s => Assert.Equal(Stage.MostListed, s.Sizes.Count));
            Assert.True(judge.TotalWithin(0.02), $"{rows} rows: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0}");
        }
    }

    private static ProgramImage Program(Machine machine, int rows, Func<Dice, int, int> kept)
    {
        var dice = new Dice(rows);
        var program = new List<Instruction>();
        uint weights = 0;
        for (int i = 0; i < Strips; i++)
        {
            uint tiles = (uint)kept(dice, i);
            (bool first, bool last, uint buffer) = (i < 2, i >= Strips - 2, (uint)i % 2);
            program.Add(Instruction.Of(
                LoadWeights.Definition, (LoadWeights.Main, (uint)machine.Regions[0].Base + weights), (LoadWeights.Tiles, tiles), (LoadWeights.Slot, buffer))
                .WithTokens(first ? UnitSet.None : UnitSet.Compute, UnitSet.Compute));
            program.Add(Instruction.Of(
                Compute.Definition, (Compute.Rows, (uint)rows), (Compute.Stride, 1u), (Compute.Tiles, tiles), (Compute.Slot, buffer), (Compute.Half, buffer))
                .WithTokens(UnitSet.Load | (first ? UnitSet.None : UnitSet.Vector), UnitSet.Vector | (last ? UnitSet.None : UnitSet.Load)));
            program.Add(Instruction.Of(
                Requantize.Definition, (Requantize.Rows, (uint)rows), (Requantize.Columns, (uint)machine.Columns), (Requantize.Stride, 8u), (Requantize.Half, buffer))
                .WithTokens(UnitSet.Compute, last ? UnitSet.None : UnitSet.Compute));
            weights += ((uint)(tiles * machine.TileRecordBytes) + Alignment - 1) / Alignment * Alignment;
        }

        program.Add(Instruction.Of(End.Definition));
        uint entry = (uint)machine.Regions[0].Base + ((weights + 65535) / 65536 * 65536);
        var image = new byte[program.Count * Instruction.Bytes];
        for (int i = 0; i < program.Count; i++)
        {
            program[i].WriteTo(image.AsSpan(i * Instruction.Bytes));
        }

        ProgramLayer[] layers = [new("strips", "product", 0, program.Count, 0, 1)];
        return new ProgramImage(
            "strips", machine.Name, "", "", entry, image, entry, program.Count, [], [], [], layers,
            NestFolding.Fold(program, layers, machine), new Dictionary<string, string>());
    }
}
