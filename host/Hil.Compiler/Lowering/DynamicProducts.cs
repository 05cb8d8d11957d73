using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Lowering;

/// <summary>Strips of products whose weights are activations, brought into a weight slot by LOAD_DYNAMIC.</summary>
internal sealed class DynamicProducts(Plan plan)
{
    /// <summary>
    /// Loads and computes of one strip over a reduction, in parts that fit a weight slot; a part that is the whole serves all blocks.
    /// </summary>
    /// <param name="source">Rows that are streamed, the reduction in their columns.</param>
    /// <param name="blocks">Of the source's rows, none longer than the accumulators.</param>
    /// <param name="length">Of the reduction.</param>
    /// <param name="weights">Its rows are the reduction; with <paramref name="byColumns"/> its columns are.</param>
    /// <param name="first">First column of the weights (or row, by columns) of the strip.</param>
    /// <param name="columns">Of the strip, at most those of the array.</param>
    /// <param name="finish">Appends what reads the sum of a block.</param>
    public void Lower(
        TensorView source, IReadOnlyList<RowBlock> blocks, int length, TensorView weights, int first, int columns, bool byColumns, Action<RowBlock, Sum> finish)
    {
        int most = LongestPart(plan, length);
        if (length <= most && (byColumns || weights.Pieces[0].Rows >= length))
        {
            var slot = new SlotContent { ComputesLeft = blocks.Count };
            var own = new Sum { LoadsLeft = blocks.Count == 1 ? 1 : 0 };
            plan.Append(Load(weights, 0, length, first, columns, byColumns, slot, blocks.Count == 1 ? own : null));
            foreach (RowBlock rows in blocks)
            {
                Sum sum = blocks.Count == 1 ? own : new Sum();
                AppendCompute(source, rows, 0, length, columns, slot, sum);
                finish(rows, sum);
            }

            return;
        }

        // Rows of weights that lie in one region each.
        RowBlock[] runs = byColumns ? [new(0, length)] : [.. weights.Select(0, length).Pieces.Select(p => new RowBlock(p.Row, p.Rows))];
        RowBlock[] parts = [.. runs.SelectMany(r => Enumerable.Range(0, (r.Rows + most - 1) / most).Select(i => new RowBlock(r.Row + (i * most), Math.Min(most, r.Rows - (i * most)))))];
        foreach (RowBlock rows in blocks)
        {
            var sum = new Sum { LoadsLeft = parts.Length };
            foreach ((int part, int size) in parts)
            {
                var slot = new SlotContent { ComputesLeft = 1 };
                plan.Append(Load(weights, part, size, first, columns, byColumns, slot, sum));
                AppendCompute(source, rows, part, size, columns, slot, sum);
            }

            finish(rows, sum);
        }
    }

    /// <summary>How much of a reduction a weight slot takes at once: all of it, or whole words of the source's rows, at which the next part begins.</summary>
    /// <param name="limit">Not more than this; less than a word only where the accumulators have no more rows.</param>
    /// <exception cref="HilException">Not even a word.</exception>
    public static int LongestPart(Plan plan, int length, int limit = int.MaxValue)
    {
        int slot = plan.Machine.WeightTiles * plan.Machine.Rows;
        int most = Math.Min(limit, slot);
        if (length <= most) return length;
        most = most / plan.WordBytes * plan.WordBytes;
        if (most > 0) return most;
        bool isSlot = slot < plan.WordBytes;
        throw new HilException(
            ExitKind.Unsupported,
            isSlot ? $"A weight slot of {plan.Machine.WeightTiles} tiles is shorter than a word of the scratchpad, and a sum of {length} products longer."
                : $"The accumulators have {plan.Machine.AccumulatorRows} rows, fewer than a word of the scratchpad has bytes, and {length} columns become rows.",
            plan.Layer.Name, $"Take a machine with more {(isSlot ? "weight tiles" : "accumulator rows")}.");
    }

    /// <summary>The requantization of a strip: by columns with entries from <paramref name="index"/> on, or by rows with row scales.</summary>
    public Operation NewRequantize(RowBlock rows, int columns, int stride, int shift, int index, Sum sum, bool wide, bool perRow) => plan.New(
        perRow ? StepKind.RequantizeRows : StepKind.RequantizeColumns, Unit.Vector,
        Instruction.Of(
            Requantize.Definition, (Requantize.Stride, (uint)(stride / plan.WordBytes)), (Requantize.Rows, (uint)rows.Rows),
            (Requantize.Columns, (uint)columns), (Requantize.Shift, (uint)shift), (Requantize.Index, (uint)index),
            (Requantize.Wide, wide ? 1u : 0u), (Requantize.PerRow, perRow ? 1u : 0u)),
        sum: sum);

    private Operation Load(TensorView weights, int part, int length, int first, int columns, bool byColumns, SlotContent slot, Sum? sum)
    {
        Operation load = plan.New(
            byColumns ? StepKind.LoadDynamicColumns : StepKind.LoadDynamicRows, Unit.Load,
            Instruction.Of(
                LoadDynamic.Definition, (LoadDynamic.Stride, (uint)(weights.StrideBytes / plan.WordBytes)), (LoadDynamic.KLength, (uint)length),
                (LoadDynamic.Columns, (uint)columns), (LoadDynamic.ByColumns, byColumns ? 1u : 0u)),
            slot: slot, sum: sum);
        (Region region, long offset) = byColumns ? weights.Locate(first, columns, part) : weights.Locate(part, length, first);
        load.Operands.Add(new(
            LoadDynamic.Scratch, region, offset, byColumns ? length : plan.Machine.Columns, byColumns ? columns : length, weights.StrideBytes, false));
        return load;
    }

    private void AppendCompute(TensorView source, RowBlock rows, int part, int length, int columns, SlotContent slot, Sum sum)
    {
        int tiles = (length + plan.Machine.Rows - 1) / plan.Machine.Rows;
        Operation op = plan.New(
            StepKind.Compute, Unit.Compute,
            Instruction.Of(
                Compute.Definition, (Compute.Stride, (uint)(source.StrideBytes / plan.WordBytes)), (Compute.Rows, (uint)rows.Rows),
                (Compute.Tiles, (uint)tiles), (Compute.Accumulate, part > 0 ? 1u : 0u)),
            slot: slot, sum: sum, macs: (long)rows.Rows * length * columns);
        (Region region, long offset) = source.Locate(rows.Row, rows.Rows, part);
        op.Operands.Add(new(Compute.Source, region, offset, Math.Min(source.StrideBytes - part, tiles * plan.Machine.Rows), rows.Rows, source.StrideBytes, false));
        plan.Append(op);
    }
}
