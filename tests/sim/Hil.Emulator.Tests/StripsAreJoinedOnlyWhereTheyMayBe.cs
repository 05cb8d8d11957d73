using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

/// <summary>Strips that look alike and are not, ties in products, and machines whose strips are narrower than a vector: the memories are those of instruction by instruction.</summary>
public sealed class StripsAreJoinedOnlyWhereTheyMayBe
{
    private const int Records = 64;
    private const int RecordDistance = 64;
    private const int Output = 4096;
    private const int OutputWords = 32;

    /// <summary>With a shift of 17 a quarter of the sum: one in four is a tie.</summary>
    private const long PowerOfTwo = 1 << 15;

    private static readonly Machine Machine = TestMachines.WorkedExample;

    public static TheoryData<SimdLevel> Levels() => [.. Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported)];

    /// <summary>The array takes tiles in any order; a product only ascending ones.</summary>
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 0, 0)]
    public void Tiles_that_do_not_ascend_are_not(int first, int second, int products) =>
        Check(Machine, products, SimdLevels.Best, (first, second), [Weights(0, 0, 2), Sum(0, 0, 6, 2), Written(0, 0, 6, 2)]);

    [Fact]
    public void Strips_of_other_rows_are_not() =>
        Check(Machine, 2, SimdLevels.Best, (0, 1), [Weights(0, 0, 1), Sum(0, 0, 6, 1), Weights(1, 1, 1), Sum(1, 1, 4, 1), Written(0, 0, 6, 2), Written(1, 2, 4, 2)]);

    [Fact]
    public void Strips_of_more_terms_are_not() =>
        Check(Machine, 2, SimdLevels.Best, (0, 1),
            [Weights(0, 0, 1), Sum(0, 0, 6, 1), Weights(1, 1, 1), Sum(1, 1, 6, 1), Sum(1, 1, 6, 1, added: true), Written(0, 0, 6, 2), Written(1, 2, 6, 2)]);

    /// <summary>What lies behind the tiles that were loaded is what an earlier load left.</summary>
    [Fact]
    public void Strips_of_more_tiles_than_were_loaded_are_not()
    {
        Check(Machine, 0, SimdLevels.Best, (0, 1), [Weights(0, 0, 2), Weights(0, 1, 1), Sum(0, 0, 6, 2), Written(0, 0, 6, 2)]);
        Instruction gathered = Code.Of(LoadDynamic.Definition, (LoadDynamic.Scratch, 1024), (LoadDynamic.Stride, 1), (LoadDynamic.KLength, Machine.Rows), (LoadDynamic.Columns, 2));
        Check(Machine, 0, SimdLevels.Best, (0, 1), [Weights(0, 0, 2), gathered, Sum(0, 0, 6, 2), Written(0, 0, 6, 2)]);
        Check(Machine, 1, SimdLevels.Best, (0, 1), [Weights(0, 0, 2), gathered, Sum(0, 0, 6, 1), Written(0, 0, 6, 2)]);

        // Behind the image main memory is 0, and nothing that a product would be packed from.
        Instruction zeros = Code.Of(LoadWeights.Definition, (LoadWeights.Main, 1 << 20), (LoadWeights.Tiles, 1));
        Check(Machine, 0, SimdLevels.Best, (0, 1), [Weights(0, 0, 2), zeros, Sum(0, 0, 6, 2), Written(0, 0, 6, 2)]);
    }

    [Fact]
    public void Row_scales_are_read_before_they_change()
    {
        Instruction scaled = Code.Of(
            Requantize.Definition, (Requantize.Output, Output), (Requantize.Stride, OutputWords), (Requantize.Rows, 6), (Requantize.Columns, 2), (Requantize.Shift, 8),
            (Requantize.PerRow, 1));
        Instruction changed = Code.Of(
            Softmax.Definition, (Softmax.Source, 16384), (Softmax.Output, 32768), (Softmax.Rows, 6), (Softmax.Columns, 5), (Softmax.Length0, 5), (Softmax.RowScale, 0));
        Check(Machine, 1, SimdLevels.Best, (0, 1), [Weights(0, 0, 2), Sum(0, 0, 6, 2), scaled, changed]);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Ties_round_to_even(SimdLevel level)
    {
        for (int rows = 1; rows < 120; rows += 17) Check(Machine, 1, level, (0, 1), [Weights(0, 0, 2), Sum(0, 0, rows, 2), Written(0, 0, rows, 2)]);
    }

    /// <summary>The last two strips stay in the accumulators, at any place of a panel.</summary>
    [Theory]
    [MemberData(nameof(Levels))]
    public void Strips_of_one_column_keep_their_sums(SimdLevel level)
    {
        for (int strips = 1; strips < 70; strips++)
        {
            IEnumerable<Instruction> code = Enumerable.Range(0, strips).SelectMany(s => new[] { Weights(s & 1, s % 4, 1), Sum(s & 1, s & 1, 7, 1), Written(s & 1, s, 7, 1) });
            Check(TestMachines.Make(4, 1, 1, 4), 1, level, (0, 0), [.. code]);
        }
    }

    private static void Check(Machine machine, int products, SimdLevel level, (int First, int Second) tiles, IReadOnlyList<Instruction> code)
    {
        var data = new byte[Records + (8 * RecordDistance)];
        new Random(1).NextBytes(data);
        for (int n = 0; n < Records / 8; n++) BitConverter.TryWriteBytes(data.AsSpan(8 * n), PowerOfTwo << 32);
        for (int n = 0; n < 8; n++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(Records + (n * RecordDistance)), (ushort)tiles.First);
            BitConverter.TryWriteBytes(data.AsSpan(Records + (n * RecordDistance) + machine.TileRecordBytes), (ushort)tiles.Second);
        }

        ProgramImage program = TestMachines.Program(
            [Code.Of(LoadParameters.Definition, (LoadParameters.Main, TestMachines.DataBase), (LoadParameters.Count, Records / 8)), .. code, Code.Of(End.Definition)], data);
        var joined = new EmulatorEngine(machine, program, new EmulatorOptions { Simd = level });
        var alone = new EmulatorEngine(machine, program, new EmulatorOptions { Fuse = false });
        Assert.Equal(TrapReason.None, joined.Timing.Trap.Reason);
        Assert.Equal(products, joined.Products);
        var keep = new RunRequest(KeepState: true);
        JoinedProducts.AssertSame($"{code.Count} instructions on {level}", alone.Run([], keep).FinalState!, joined.Run([], keep).FinalState!);
    }

    private static Instruction Weights(int slot, int record, int tiles) => Code.Of(
        LoadWeights.Definition, (LoadWeights.Main, TestMachines.DataBase + Records + (record * RecordDistance)), (LoadWeights.Tiles, tiles), (LoadWeights.Slot, slot));

    private static Instruction Sum(int slot, int half, int rows, int tiles, bool added = false) => Code.Of(
        Compute.Definition, (Compute.Source, 0), (Compute.Stride, 2), (Compute.Rows, rows), (Compute.Tiles, tiles), (Compute.Slot, slot), (Compute.Half, half),
        (Compute.Accumulate, added ? 1 : 0));

    private static Instruction Written(int half, int column, int rows, int columns) => Code.Of(
        Requantize.Definition, (Requantize.Output, Output + column), (Requantize.Stride, OutputWords), (Requantize.Rows, rows), (Requantize.Columns, columns),
        (Requantize.Half, half), (Requantize.Shift, 17));
}
