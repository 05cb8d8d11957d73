using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Lowers products of two activations, block by block: the right one is brought into the weight slots, the left one streamed (docs/numerics.md, section 5.1).</summary>
internal sealed class ActivationProductLowering(Plan plan)
{
    private readonly Plan _plan = plan;
    private readonly DynamicProducts _products = new(plan);

    /// <param name="left">A view a block; likewise right and output.</param>
    /// <param name="pitch">Columns from block to block of an output whose blocks share their rows; else 0.</param>
    /// <param name="blocks">Of the output.</param>
    /// <param name="rowBlocks">Of a block's rows, each in one region of the left view and of the output's.</param>
    /// <param name="length">Of the sums.</param>
    public void Lower(
        QActivationProduct layer, IReadOnlyList<TensorView> left, IReadOnlyList<TensorView> right, IReadOnlyList<TensorView> output, int pitch, BatchLayout blocks,
        Func<int, IReadOnlyList<RowBlock>> rowBlocks, int length)
    {
        int strip = _plan.Machine.Columns;
        var entries = new ParameterEntries(strip);
        for (int c = 0; c < strip; c++) entries.Set(c, 0, layer.Multiplier);
        (int index, object content) = _plan.LoadParameters(entries.ToConstant());
        for (int b = 0; b < blocks.Count; b++)
        {
            TensorView view = output[b];
            for (int c = 0; c < blocks.BlockColumns; c += strip)
            {
                int columns = Math.Min(strip, blocks.BlockColumns - c);
                int column = (b * pitch) + c;
                _products.Lower(left[b], rowBlocks(b), length, right[b], c, columns, layer.IsTransposed, (rows, sum) =>
                {
                    Operation op = _products.NewRequantize(rows, columns, view.StrideBytes, layer.Shift, index, sum, view.ElementBytes == 2, perRow: false);
                    (Region region, long offset) = view.Locate(rows.Row, rows.Rows, column);
                    op.Operands.Add(new(Requantize.Output, region, offset, (long)columns * view.ElementBytes, rows.Rows, view.StrideBytes, true));
                    op.Entries.Add(new(EntryKind.Parameters, index, columns, false, content));
                    _plan.Append(op);
                });
            }
        }
    }
}
