using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Emulator.Tests;

/// <summary>The worked examples of docs/numerics.md, run as programs.</summary>
public sealed class SmallVectors
{
    private static readonly Instruction Stop = Code.Of(End.Definition);

    private static byte[] Entry(int bias, int multiplier, int shift, int extra = 0)
    {
        var entry = new byte[8];
        BitConverter.TryWriteBytes(entry, bias);
        BitConverter.TryWriteBytes(entry.AsSpan(4), unchecked((ushort)multiplier));
        (entry[6], entry[7]) = ((byte)shift, (byte)extra);
        return entry;
    }

    private static TensorPlace At(string name, int address, int columns, ElementType type, int rows = 1) =>
        new(name, Space.Scratchpad, address, 0, rows, columns, 64, type, 1, 0, 0);

    private static byte[] Run(Instruction[] code, byte[] data, TensorPlace input, short[] values, TensorPlace output)
    {
        ProgramImage program = TestMachines.Program(code, data, [input], [output]);
        byte[] bytes = input.Type == ElementType.Int8
            ? values.Select(v => unchecked((byte)v)).ToArray()
            : MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var engine = new EmulatorEngine(TestMachines.WorkedExample, program);
        return engine.Run([bytes]).Outputs[0];
    }

    [Theory]
    [InlineData(0, new short[] { 2890, -2890, 193, -193 })]
    [InlineData(1, new short[] { 3487, -1743, 1046, 697 })]
    public void Layer_norm_gives_the_rows_of_section_6(int rms, short[] normalised)
    {
        // G = 1, B = 0 and shifts of 0 show the normalised row itself.
        byte[] data = [.. Enumerable.Repeat(Entry(0, 1, 0), 4).SelectMany(e => e), .. Entry(0, 0, 0, 0), .. Entry(0, 0, 0)];
        byte[] output = Run(
            [
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 6))
                    .WithTokens(UnitSet.None, UnitSet.Vector),
                Code.Of(LayerNorm.Definition, (LayerNorm.Source, 0), (LayerNorm.Output16, 512), (LayerNorm.Rows, 1),
                    (LayerNorm.Columns, 4), (LayerNorm.Write16, 1), (LayerNorm.Rms, rms)).WithTokens(UnitSet.Load, UnitSet.None),
                Stop,
            ],
            data, At("x", 0, 4, ElementType.Int16), [100, -50, 30, 20], At("y", 512, 4, ElementType.Int16));
        Assert.Equal(normalised, MemoryMarshal.Cast<byte, short>(output).ToArray());
    }

    [Fact]
    public void Layer_norm_of_equal_elements_is_its_bias()
    {
        byte[] data = [.. Enumerable.Range(0, 4).SelectMany(c => Entry(100 * c, 5, 0)), .. Entry(0, 0, 0, 0), .. Entry(0, 0, 0)];
        byte[] output = Run(
            [
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 6))
                    .WithTokens(UnitSet.None, UnitSet.Vector),
                Code.Of(LayerNorm.Definition, (LayerNorm.Source, 0), (LayerNorm.Output16, 512), (LayerNorm.Rows, 1),
                    (LayerNorm.Columns, 4), (LayerNorm.Write16, 1)).WithTokens(UnitSet.Load, UnitSet.None),
                Stop,
            ],
            data, At("x", 0, 4, ElementType.Int16), [77, 77, 77, 77], At("y", 512, 4, ElementType.Int16));
        Assert.Equal([0, 100, 200, 300], MemoryMarshal.Cast<byte, short>(output).ToArray());
    }

    /// <summary>Rows that fill whole words, and rows that do not, lie right one after the other.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void Layer_norm_writes_rows_of_whole_words(int columns)
    {
        byte[] data = [.. Enumerable.Range(0, 4).SelectMany(c => Entry(10 * (c + 1), 0, 0)), .. Entry(0, 0, 0, 0), .. Entry(0, 0, 0)];
        byte[] header = [.. data[..(8 * columns)], .. data[32..], .. new byte[8 * (4 - columns)]];
        TensorPlace output = new("y", Space.Scratchpad, 512, 0, 3, columns, 4, ElementType.Int8, 1, 0, 0);
        byte[] rows = Run(
            [
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 6))
                    .WithTokens(UnitSet.None, UnitSet.Vector),
                Code.Of(LayerNorm.Definition, (LayerNorm.Source, 0), (LayerNorm.Output8, 512), (LayerNorm.Rows, 3),
                    (LayerNorm.Columns, columns), (LayerNorm.Write8, 1)).WithTokens(UnitSet.Load, UnitSet.None),
                Stop,
            ],
            header, At("x", 0, 3, ElementType.Int16), [1, 2, 3], output);
        Assert.Equal(Enumerable.Repeat(Enumerable.Range(1, columns).Select(c => (byte)(10 * c)), 3).SelectMany(r => r), rows);
    }

    [Fact]
    public void Softmax_gives_the_exponentials_of_section_7()
    {
        byte[] output = Run(
            [
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 2))
                    .WithTokens(UnitSet.None, UnitSet.Vector),
                Code.Of(Softmax.Definition, (Softmax.Source, 0), (Softmax.Output, 512), (Softmax.Rows, 1),
                    (Softmax.Columns, 5), (Softmax.Length0, 4)).WithTokens(UnitSet.Load, UnitSet.None),
                Stop,
            ],
            [.. Entry(0, 40000, 0), .. Entry(0, 0, 0)],
            At("s", 0, 5, ElementType.Int16), [739, 370, 0, -1108, 32000], At("e", 512, 5, ElementType.Int8));
        Assert.Equal(new byte[] { 127, 47, 17, 1, 0 }, output);
    }

    [Theory]
    [InlineData(5000, 51590, 22, 62)]
    [InlineData(5, 1, 1, 2)]
    [InlineData(7, 1, 1, 4)]
    [InlineData(-5, 1, 1, -2)]
    [InlineData(-7, 1, 1, -4)]
    [InlineData(-1, 1, 2, 0)]
    [InlineData(-300, 1, 0, -127)]
    public void Map_rounds_half_to_even_and_clips(int x, int multiplier, int shift, int expected)
    {
        byte[] output = Run(
            [
                Code.Of(LoadParameters.Definition, (LoadParameters.Main, 65536), (LoadParameters.Count, 2))
                    .WithTokens(UnitSet.None, UnitSet.Vector),
                Code.Of(Map.Definition, (Map.Source, 0), (Map.Output, 512), (Map.Rows, 1), (Map.Columns, 1),
                    (Map.WideSource, 1)).WithTokens(UnitSet.Load, UnitSet.None),
                Stop,
            ],
            [.. Entry(0, multiplier, shift), .. Entry(0, 0, 0)],
            At("x", 0, 1, ElementType.Int16), [(short)x], At("y", 512, 1, ElementType.Int8));
        Assert.Equal(expected, unchecked((sbyte)output[0]));
    }
}
