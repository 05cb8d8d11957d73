using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Lowering;

/// <summary>A run of output columns and the tensor that takes it; a head of an attention has one of its own.</summary>
internal sealed record ColumnSegment(int FirstColumn, int Columns, TensorView View, int ViewColumn);

/// <summary>The integers of one product, whatever they came from.</summary>
/// <param name="Position">Where input k lies in a row of the source.</param>
internal sealed record ProductSpec(
    int K, int N, ReadOnlyMemory<sbyte> Weights, ReadOnlyMemory<int> Bias, ReadOnlyMemory<ushort> Multiplier, int Shift,
    Constant? Table, bool Wide, bool Accumulate, int[] Position)
{
    /// <summary>The source's rows are read through a window, or null.</summary>
    public WindowSource? Window { get; init; }
}

/// <summary>
/// Lowers products: per strip a load of its kept tiles, one COMPUTE per row block (two for a wide input), one REQUANTIZE per row block.
/// </summary>
internal sealed class ProductLowering(Plan plan, PlantedFault fault)
{
    private readonly Plan _plan = plan;
    private readonly PlantedFault _fault = fault;

    /// <summary>The strips of a product, those with equally many tiles next to each other, so that their loop has few shapes.</summary>
    public IReadOnlyList<WeightStrip> Strips(ProductSpec spec, IReadOnlyList<ColumnSegment> segments)
    {
        var strips = new List<WeightStrip>();
        foreach (ColumnSegment segment in segments)
        {
            for (int c = 0; c < segment.Columns; c += _plan.Machine.Columns)
            {
                strips.Add(WeightStrips.Pack(
                    _plan.Machine, spec.Weights.Span, spec.K, spec.N, segment.FirstColumn + c,
                    Math.Min(_plan.Machine.Columns, segment.Columns - c), spec.Position, _fault));
            }
        }

        return [.. strips.OrderByDescending(s => s.Tiles).ThenBy(s => s.Columns < _plan.Machine.Columns ? 1 : 0)];
    }

    /// <summary>Row blocks of at most the accumulator's rows, as equal as they can be.</summary>
    public static IReadOnlyList<RowBlock> Blocks(int rows, int most)
    {
        int count = (rows + most - 1) / most;
        var blocks = new List<RowBlock>();
        for (int i = 0, row = 0; i < count; i++)
        {
            int size = (rows - row + count - i - 1) / (count - i);
            blocks.Add(new(row, size));
            row += size;
        }

        return blocks;
    }

    /// <param name="planes">One source, or hi and lo of a wide input.</param>
    /// <param name="rowOffset">Source row r gives output row r + rowOffset.</param>
    /// <param name="beforeStrip">Called with the first row of the block and the number of the strip that comes next.</param>
    /// <param name="together">Whether one load of weights serves all the blocks.</param>
    /// <param name="beside">Parameter entries that are set aside for what runs beside the later blocks.</param>
    public void Lower(
        ProductSpec spec, IReadOnlyList<WeightStrip> strips, IReadOnlyList<ColumnSegment> segments, IReadOnlyList<TensorView> planes,
        IReadOnlyList<RowBlock> blocks, int rowOffset, bool together, Action<int, int>? beforeStrip = null, int beside = 0)
    {
        int tableSlot = spec.Table is null ? 0 : _plan.LoadTable(spec.Table);
        int columns = _plan.Machine.Columns;
        int room = (_plan.Parameters.Entries - beside) / columns;
        int perChunk = beside > 0 && room >= strips.Count ? strips.Count : Math.Max(1, room / 2);
        // Parameters that fit at one time are loaded once for all the blocks.
        (int Index, object Content)? all = strips.Count <= perChunk ? LoadParameters(spec, strips, 0, strips.Count) : null;
        foreach (IReadOnlyList<RowBlock> group in together ? [blocks] : blocks.Select(b => (IReadOnlyList<RowBlock>)[b]))
        {
            for (int first = 0; first < strips.Count; first += perChunk)
            {
                int count = Math.Min(perChunk, strips.Count - first);
                (int index, object content) = all ?? LoadParameters(spec, strips, first, count);
                for (int i = 0; i < count; i++)
                {
                    beforeStrip?.Invoke(group[0].Row, first + i);
                    int parameter = index + (i * columns);
                    if (_fault == PlantedFault.WrongParameters && i + 1 < count && i == 0) parameter += columns;
                    LowerStrip(spec, strips[first + i], segments, planes, group, rowOffset, parameter, content, tableSlot);
                }
            }
        }
    }

    private (int Index, object Content) LoadParameters(ProductSpec spec, IReadOnlyList<WeightStrip> strips, int first, int count)
    {
        int columns = _plan.Machine.Columns;
        var entries = new ParameterEntries(count * columns);
        for (int i = 0; i < count; i++)
        {
            WeightStrip strip = strips[first + i];
            for (int c = 0; c < strip.Columns; c++)
                entries.Set((i * columns) + c, spec.Bias.Span[strip.Column + c], spec.Multiplier.Span[strip.Column + c]);
        }

        return _plan.LoadParameters(entries.ToConstant());
    }

    private void LowerStrip(
        ProductSpec spec, WeightStrip strip, IReadOnlyList<ColumnSegment> segments, IReadOnlyList<TensorView> planes,
        IReadOnlyList<RowBlock> blocks, int rowOffset, int parameter, object content, int tableSlot)
    {
        // A strip of several loads is accumulated block by block, its weights loaded for each; one load serves all blocks and planes.
        if (strip.Loads.Count <= 1)
        {
            var slot = new SlotContent();
            if (strip.Loads.Count == 1) AppendLoad(strip.Loads[0], slot, null);
            foreach (RowBlock block in blocks)
            {
                var sum = new Sum();
                for (int p = 0; p < (strip.Tiles == 0 ? 1 : planes.Count); p++)
                    AppendCompute(spec, planes[p == 0 && _fault == PlantedFault.SwappedPlanes ? planes.Count - 1 : p], block, strip.Tiles, slot, sum, p > 0, p > 0, strip, strip.Loads.Sum(l => l.MacsPerRow));
                AppendRequantize(spec, strip, segments, block, rowOffset, parameter, content, tableSlot, sum);
            }

            return;
        }

        foreach (RowBlock block in blocks)
        {
            var sum = new Sum { LoadsLeft = strip.Loads.Count * planes.Count };
            for (int p = 0; p < planes.Count; p++)
            {
                for (int l = 0; l < strip.Loads.Count; l++)
                {
                    var slot = new SlotContent();
                    AppendLoad(strip.Loads[l], slot, sum);
                    bool add = p + l > 0 && _fault != PlantedFault.LostAccumulate;
                    AppendCompute(spec, planes[p], block, strip.Loads[l].Tiles, slot, sum, add, add && p > 0 && l == 0, strip, strip.Loads[l].MacsPerRow);
                }
            }

            AppendRequantize(spec, strip, segments, block, rowOffset, parameter, content, tableSlot, sum);
        }
    }

    private void AppendLoad(StripLoad load, SlotContent slot, Sum? sum) =>
        _plan.Append(_plan.New(
            StepKind.LoadWeights, Unit.Load, Instruction.Of(LoadWeights.Definition, (LoadWeights.Tiles, (uint)load.Tiles)), load.Records, slot, sum));

    private void AppendCompute(
        ProductSpec spec, TensorView source, RowBlock block, int tiles, SlotContent slot, Sum sum, bool accumulate, bool shift7, WeightStrip strip, long macsPerRow)
    {
        (Operand operand, int strideBytes) = Source(spec, source, block);
        int stride = strideBytes / _plan.WordBytes;
        if (_fault == PlantedFault.WrongStride) stride++;
        Operation op = _plan.New(
            StepKind.Compute, Unit.Compute,
            Instruction.Of(
                Compute.Definition, (Compute.Stride, (uint)stride), (Compute.Rows, (uint)block.Rows), (Compute.Tiles, (uint)tiles),
                (Compute.Accumulate, accumulate ? 1u : 0u), (Compute.Shift7, shift7 ? 1u : 0u)),
            null, tiles == 0 ? null : slot, sum, macsPerRow * block.Rows);
        if (tiles > 0)
        {
            slot.ComputesLeft++;
            op.Operands.Add(operand);
        }

        if (!accumulate) _plan.Layer.SkippedMacs += strip.SkippedMacsPerRow * block.Rows;
        _plan.Append(op);
    }

    // The rows of a block and the bytes from row to row. Windows overlap one another, so that theirs count as one run of bytes.
    private (Operand Operand, int StrideBytes) Source(ProductSpec spec, TensorView source, RowBlock block)
    {
        if (spec.Window is { } window)
        {
            int rowBytes = ((spec.Position.Max() / _plan.Machine.Rows) + 1) * _plan.Machine.Rows;
            (Region grid, long start, int step, long bytes) = window.Locate(source, block, rowBytes);
            return (new(Compute.Source, grid, start, bytes, 1, 0, false), step);
        }

        (Region region, long offset) = source.Locate(block.Row, block.Rows);
        return (new(Compute.Source, region, offset, source.StrideBytes, block.Rows, source.StrideBytes, false), source.StrideBytes);
    }

    private void AppendRequantize(
        ProductSpec spec, WeightStrip strip, IReadOnlyList<ColumnSegment> segments, RowBlock block, int rowOffset, int parameter, object content,
        int tableSlot, Sum sum)
    {
        ColumnSegment segment = segments.First(s => strip.Column >= s.FirstColumn && strip.Column < s.FirstColumn + s.Columns);
        bool accumulate = spec.Accumulate && _fault != PlantedFault.LostResidual;
        Operation op = _plan.New(
            StepKind.RequantizeColumns, Unit.Vector,
            Instruction.Of(
                Requantize.Definition, (Requantize.Stride, (uint)(segment.View.StrideBytes / _plan.WordBytes)), (Requantize.Rows, (uint)block.Rows),
                (Requantize.Columns, (uint)strip.Columns), (Requantize.Shift, (uint)spec.Shift), (Requantize.Index, (uint)parameter),
                (Requantize.Wide, spec.Wide ? 1u : 0u), (Requantize.Accumulate, accumulate ? 1u : 0u),
                (Requantize.UseTable, spec.Table is null ? 0u : 1u), (Requantize.TableSlot, (uint)tableSlot)),
            sum: sum);
        int column = strip.Column - segment.FirstColumn + segment.ViewColumn;
        (Region region, long offset) = segment.View.Locate(block.Row + rowOffset, block.Rows, column);
        op.Operands.Add(new(Requantize.Output, region, offset, (long)strip.Columns * segment.View.ElementBytes, block.Rows, segment.View.StrideBytes, true));
        op.Entries.Add(new(EntryKind.Parameters, parameter, strip.Columns, false, content));
        if (spec.Table is not null) op.Entries.Add(new(EntryKind.Table, tableSlot, 1, false, spec.Table));
        _plan.Append(op);
    }
}
