using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

/// <summary>Weights are packed before a sample runs where the image alone says what they are: not where the host or a STORE writes there.</summary>
public sealed class OnlyConstantsArePrepared
{
    private static readonly Machine Machine = TestMachines.WorkedExample;

    private static readonly int RecordBytes = Machine.TileRecordBytes;

    // Behind the parameters, on a burst of its own.
    private const int Weights = TestMachines.DataBase + 64;
    private const int StoreRows = 2;
    private const int StoreWords = 4;
    private const int Alignment = 16;
    private static readonly int StoredBytes = StoreRows * StoreWords * Machine.WordBytes;

    public static TheoryData<string, Space, ElementType, int, int, int> Inputs() => new()
    {
        { "in front of them", Space.Main, ElementType.Int8, Weights - 16, 0, 1 }, { "behind them", Space.Main, ElementType.Int8, Weights + RecordBytes, 0, 1 },
        { "over their last byte", Space.Main, ElementType.Int8, Weights + RecordBytes - 1, 0, 0 },
        { "over their first byte", Space.Main, ElementType.Int8, Weights - 15, 0, 0 },
        { "with its low half over them", Space.Main, ElementType.Wide15, Weights + 4096, Weights, 0 },
        { "with its second address over them, which an int8 has not", Space.Main, ElementType.Int8, Weights + 4096, Weights, 1 },
        { "in the scratchpad at the same address", Space.Scratchpad, ElementType.Int8, Weights, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Not_under_an_input(string where, Space space, ElementType type, int address, int second, int products)
    {
        TensorPlace place = new(where, space, address, second, 4, 4, 4, type, 1, 0, 0);
        Check(Product() with { Inputs = [place] }, products, PlacedTensor.DenseBytes(place));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Not_under_a_store(int over, int products)
    {
        int main = Weights - StoredBytes + (over * Alignment);
        
        // What is stored is 0, as main memory is around the image.
        Instruction zeros = Code.Of(Load.Definition, (Load.Main, 1 << 20), (Load.Scratch, 4096), (Load.Stride, StoreWords), (Load.Rows, StoreRows), (Load.RowWords, StoreWords));
        Check(Product([zeros, Code.Of(Store.Definition, (Store.Main, main), (Store.Scratch, 4096), (Store.Stride, StoreWords), (Store.Rows, StoreRows), (Store.RowWords, StoreWords))]), products, 0);
    }

    /// <summary>An image that begins with the weights, or ends with them, or before them.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Not_beyond_the_image(int missing, int products)
    {
        ProgramImage program = Product();
        Check(program with { Image = program.Image[..(Weights + RecordBytes - missing)] }, products, 0);
        int code = program.InstructionCount * Instruction.Bytes;
        var image = new byte[4096 + code];
        program.Image.Span.Slice(Weights, RecordBytes).CopyTo(image);
        program.Image.Span[..code].CopyTo(image.AsSpan(4096));
        uint first = Weights + (uint)missing;
        Check(program with { ImageBase = first, Image = image.AsMemory(missing), Entry = Weights + 4096 }, products, 0);
    }

    private static void Check(ProgramImage program, int products, int inputBytes)
    {
        var joined = new EmulatorEngine(Machine, program);
        var alone = new EmulatorEngine(Machine, program, new EmulatorOptions { Fuse = false });
        Assert.Equal(TrapReason.None, joined.Timing.Trap.Reason);
        Assert.Equal((products, 0), (joined.Products, alone.Products));
        ReadOnlyMemory<byte>[] inputs = inputBytes == 0 ? [] : [Enumerable.Range(0, inputBytes).Select(n => (byte)(n & 1)).ToArray()];
        var keep = new RunRequest(KeepState: true);
        JoinedProducts.AssertSame(program.Name, alone.Run(inputs, keep).FinalState!, joined.Run(inputs, keep).FinalState!);
    }

    // A strip of one tile of four rows, after some instructions.
    private static ProgramImage Product(params IReadOnlyList<Instruction> before)
    {
        var data = new byte[64 + RecordBytes];
        for (int n = 0; n < data.Length; n++) data[n] = (byte)(n * 37 % 256);
        BitConverter.TryWriteBytes(data.AsSpan(64), (ushort)0);
        return TestMachines.Program(
            [
                .. before,
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, TestMachines.DataBase), (LoadParameters.Count, 4)),
                Code.Of(LoadWeights.Definition, (LoadWeights.Main, Weights), (LoadWeights.Tiles, 1)),
                Code.Of(Compute.Definition, (Compute.Source, 0), (Compute.Stride, 1), (Compute.Rows, 4), (Compute.Tiles, 1)),
                Code.Of(Requantize.Definition, (Requantize.Output, 512), (Requantize.Stride, 1), (Requantize.Rows, 4), (Requantize.Columns, 2), (Requantize.Shift, 20)),
                Code.Of(End.Definition),
            ],
            data);
    }
}
