using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>Makes legal instructions of the vector unit. Null: it would not fit, throw the dice again.</summary>
internal sealed class VectorGenerator(Machine machine, Dice dice, GeneratorOptions options, ScratchPlacer placer)
{
    private const int MostColumns = 4095;
    private const int MostNormColumns = 1024;
    private const int MostMapStride = 1023;

    private int L => machine.Lanes;

    private int W => machine.WordBytes;

    public Instruction? Scale()
    {
        bool perRow = dice.OneIn(3);
        bool wide = dice.Flag() != 0;
        bool accumulate = wide && dice.Flag() != 0;
        bool table = !wide && machine.TableSlots > 0 && dice.Flag() != 0;
        int elementBytes = wide ? 2 : 1;
        int columns = dice.Size(machine.Columns);
        int mostRows = Math.Min(machine.AccumulatorRows, Math.Max(2, options.ElementLimit / columns));
        int rows = dice.OneIn(12) ? machine.AccumulatorRows : dice.Size(Math.Min(mostRows, machine.AccumulatorRows));
        rows = perRow ? Math.Min(rows, machine.RowScaleEntries) : rows;
        long group = Math.Min(L * elementBytes, W);
        if (placer.Strided(placer.AnyBank(), rows, (long)columns * elementBytes, group, reads: false) is not { } operand)
        {
            return null;
        }

        int? index = perRow ? dice.Between(0, Math.Min(MostColumns, machine.RowScaleEntries - operand.Rows)) : Index(columns);
        return index is null ? null : Instruction.Of(
            Requantize.Definition,
            (Requantize.Output, operand.Address),
            (Requantize.Stride, operand.Stride),
            (Requantize.Rows, (uint)operand.Rows),
            (Requantize.Columns, (uint)columns),
            (Requantize.Half, dice.Flag()),
            (Requantize.Shift, (uint)(dice.OneIn(3) ? dice.Between(0, 63) : dice.Between(8, 30))),
            (Requantize.Index, (uint)index),
            (Requantize.Wide, wide ? 1u : 0),
            (Requantize.Accumulate, accumulate ? 1u : 0),
            (Requantize.UseTable, table ? 1u : 0),
            (Requantize.TableSlot, table ? (uint)dice.Between(0, machine.TableSlots - 1) : 0),
            (Requantize.PerRow, perRow ? 1u : 0));
    }

    public Instruction? Norm()
    {
        (int rows, int columns) = Shape(MostNormColumns);
        uint which = (uint)dice.Between(1, 3);
        (bool write8, bool write16) = ((which & 1) != 0, (which & 2) != 0);
        bool inPlace = write16 && dice.OneIn(3);
        int entries = ((columns + L - 1) / L * L) + 1;
        (int sourceBank, int bank8, int bank16) = (placer.AnyBank(), placer.AnyBank(), placer.AnyBank());
        if (Index(entries) is not { } index
            || placer.Dense(sourceBank, rows, columns, 2) is not { } source
            || placer.Dense(bank8, rows, columns, 1) is not { } output8
            || placer.Dense(bank16, rows, columns, 2) is not { } output16)
        {
            return null;
        }

        output16 = inPlace ? source : output16;
        Span narrow = new(output8, placer.DenseBytes(rows, columns, 1));
        Span wide = new(output16, placer.DenseBytes(rows, columns, 2));
        Span read = new(source, placer.DenseBytes(rows, columns, 2));
        if ((write8 && narrow.Overlaps(read)) || (write16 && !inPlace && wide.Overlaps(read))
            || (write8 && write16 && narrow.Overlaps(wide)))
        {
            return null;
        }

        return Instruction.Of(
            LayerNorm.Definition,
            (LayerNorm.Source, source),
            (LayerNorm.Output8, write8 ? output8 : 0),
            (LayerNorm.Output16, write16 ? output16 : 0),
            (LayerNorm.Rows, (uint)rows),
            (LayerNorm.Columns, (uint)columns),
            (LayerNorm.Index, (uint)index),
            (LayerNorm.Write8, write8 ? 1u : 0),
            (LayerNorm.Write16, write16 ? 1u : 0),
            (LayerNorm.Rms, dice.OneIn(3) ? 1u : 0));
    }

    public Instruction? Exponentials()
    {
        (int rows, int columns) = Shape(MostColumns);
        rows = Math.Min(rows, machine.RowScaleEntries);
        bool masked = dice.Flag() != 0;
        bool inPlace = dice.OneIn(3);
        if (Index(masked ? L + ((columns + 63) / 64) : 1) is not { } index
            || placer.Dense(placer.AnyBank(), rows, columns, 2) is not { } source
            || placer.Dense(placer.AnyBank(), rows, columns, 1) is not { } output)
        {
            return null;
        }

        output = inPlace ? source : output;
        Span read = new(source, placer.DenseBytes(rows, columns, 2));
        if (!inPlace && read.Overlaps(new Span(output, placer.DenseBytes(rows, columns, 1))))
        {
            return null;
        }

        int length0 = dice.Between(0, 5) switch
        {
            0 => 0,
            1 => columns,
            2 => Math.Min(MostColumns, columns + 3),
            3 => 1,
            _ => dice.Between(0, columns),
        };
        return Instruction.Of(
            Softmax.Definition,
            (Softmax.Source, source),
            (Softmax.Output, output),
            (Softmax.Rows, (uint)rows),
            (Softmax.Columns, (uint)columns),
            (Softmax.Length0, (uint)length0),
            (Softmax.Index, (uint)index),
            (Softmax.RowScale, (uint)dice.Between(0, Math.Min(MostColumns, machine.RowScaleEntries - rows))),
            (Softmax.Causal, dice.Flag()),
            (Softmax.Masked, masked ? 1u : 0));
    }

    public Instruction? MapElements()
    {
        (int rows, int columns) = Shape(MostColumns);
        bool wideSource = dice.Flag() != 0;
        bool wideOutput = dice.Flag() != 0;
        bool table = !wideOutput && machine.TableSlots > 0 && dice.Flag() != 0;
        int sourceBytes = wideSource ? 2 : 1;
        int outputBytes = wideOutput ? 2 : 1;
        if (Index(1) is not { } index
            || placer.Strided(placer.AnyBank(), rows, (long)columns * outputBytes, Math.Min(L * outputBytes, W), false, MostMapStride) is not { } output
            || placer.Strided(placer.AnyBank(), output.Rows, (long)columns * sourceBytes, Math.Min(L * sourceBytes, W), true, MostMapStride) is not { } source)
        {
            return null;
        }

        rows = source.Rows;
        if (sourceBytes == outputBytes && dice.OneIn(4) && rows == output.Rows)
        {
            source = output;
        }

        Span read = new(source.Address, ((rows - 1L) * source.Stride * W) + ((long)columns * sourceBytes));
        Span written = new(output.Address, ((rows - 1L) * output.Stride * W) + ((long)columns * outputBytes));
        bool inPlace = source == output && sourceBytes == outputBytes;
        return read.Overlaps(written) && !inPlace ? null : Instruction.Of(
            Map.Definition,
            (Map.Source, source.Address),
            (Map.Output, output.Address),
            (Map.SourceStride, source.Stride),
            (Map.OutputStride, output.Stride),
            (Map.Rows, (uint)rows),
            (Map.Columns, (uint)columns),
            (Map.Index, (uint)index),
            (Map.WideSource, wideSource ? 1u : 0),
            (Map.WideOutput, wideOutput ? 1u : 0),
            (Map.UseTable, table ? 1u : 0),
            (Map.TableSlot, table ? (uint)dice.Between(0, machine.TableSlots - 1) : 0));
    }

    public Instruction? AddTensors()
    {
        (int rows, int columns) = Shape(MostColumns);
        if (Index(L + 1) is not { } index
            || placer.Dense(placer.AnyBank(), rows, columns, 2) is not { } a
            || placer.Dense(placer.AnyBank(), rows, columns, 2) is not { } b
            || placer.Dense(placer.AnyBank(), rows, columns, 2) is not { } output)
        {
            return null;
        }

        output = dice.Between(0, 5) switch { 0 => a, 1 => b, _ => output };
        b = dice.OneIn(8) ? a : b;
        long bytes = placer.DenseBytes(rows, columns, 2);
        Span written = new(output, bytes);
        bool clean = (output == a || !written.Overlaps(new Span(a, bytes))) && (output == b || !written.Overlaps(new Span(b, bytes)));
        return !clean ? null : Instruction.Of(
            Add.Definition,
            (Add.A, a), (Add.B, b), (Add.Output, output),
            (Add.Rows, (uint)rows), (Add.Columns, (uint)columns), (Add.Index, (uint)index));
    }

    private readonly record struct Span(long First, long Bytes)
    {
        public bool Overlaps(Span other) => First < other.First + other.Bytes && other.First < First + Bytes;
    }

    private (int Rows, int Columns) Shape(int mostColumns)
    {
        int columns = dice.OneIn(16) ? Math.Min(mostColumns, 8 * options.ElementLimit)
            : dice.OneIn(16) ? dice.Between(1, Math.Min(mostColumns, 8 * options.ElementLimit))
            : dice.Size(Math.Min(mostColumns, dice.Of(2 * L, 3 * L, 40, 130, options.ElementLimit)));
        return (dice.Size(Math.Max(1, Math.Min(24, options.ElementLimit / columns))), columns);
    }

    /// <summary>An index of so many parameter entries, a multiple of the lanes; null if there are not so many.</summary>
    private int? Index(int entries) => entries > machine.ParameterEntries
        ? null
        : (int)dice.Aligned(Math.Min(MostColumns, machine.ParameterEntries - entries), L);
}
