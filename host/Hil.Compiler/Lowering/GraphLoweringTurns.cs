using Hil.Compiler.Plans;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Layers of which each row depends on the same row of the layers before, lowered in two row blocks that take turns.</summary>
internal sealed partial class GraphLowering
{
    // How many layers from one on are lowered in turns; 0 where it does not begin such a run.
    private int LayersInTurns(int first)
    {
        if (!_choice.Opposite) return 0;
        QLayer[] layers = [.. _graph.Layers.Skip(first).TakeWhile(IsByRows)];
        return layers.Any(l => l is QNormalize) && EntriesOfNorms(layers) + (2 * _plan.Machine.Columns) <= _plan.Parameters.Entries ? layers.Length : 0;
    }

    private bool IsByRows(QLayer layer) => layer.Inputs.All(Tensors.LiesInBlocks) && layer.Outputs.All(Tensors.LiesInBlocks) && layer switch
    {
        QProduct p => p.Window is null && p.OutputRowOffset == 0 && p.Initial.IsEmpty && Rows(p.Output) == Rows(p.Input),
        QNormalize => true,
        _ => false,
    };

    private int EntriesOfNorms(IEnumerable<QLayer> layers) => layers.OfType<QNormalize>().Max(n => NormalizeLowering.Entries(_plan.Machine, Columns(n.Input)));

    // The entries of norms are set aside all the while: they are used beside those of products.
    private void LowerInTurns(int first, int count)
    {
        QLayer[] layers = [.. _graph.Layers.Skip(first).Take(count)];
        int entries = EntriesOfNorms(layers);
        Action<int>[] lower = [.. layers.Select((l, i) => l is QNormalize n ? NormInTurns(n, first + i, entries) : ProductInTurns((QProduct)l, layers.ElementAtOrDefault(i + 1), entries))];
        _plan.Parameters.Reserve(entries);
        foreach ((int layer, int block) in Turns(layers)) lower[layer](block);
        _plan.Parameters.TakeReserved();
    }

    // Between two norms the products of the first block come before those of the second. The norm of a block comes behind the first product of the other,
    // beside which it runs: what could start as early is taken in this order, and the array is not to wait for norms.
    private static IEnumerable<(int Layer, int Block)> Turns(QLayer[] layers)
    {
        for (int norm = -1, next; norm < layers.Length; norm = next)
        {
            next = Array.FindIndex(layers, norm + 1, l => l is QNormalize);
            if (next < 0) next = layers.Length;
            foreach ((int block, int beside) in new[] { (0, norm), (1, next) })
            {
                bool hasNorm = beside >= 0 && beside < layers.Length;
                if (norm + 1 < next) yield return (norm + 1, block);
                if (hasNorm) yield return (beside, 1 - block);
                for (int layer = norm + 2; layer < next; layer++) yield return (layer, block);
            }
        }
    }

    private Action<int> NormInTurns(QNormalize n, int index, int entries)
    {
        (TensorView source, TensorView? output8, TensorView? output16, _) = BeginNormalize(n, index);
        int layer = _plan.LayerIndex;
        NormalizeLowering vector = Vector();
        (int, object) parameters = default;
        return block =>
        {
            _plan.Resume(layer);
            if (block == 0)
            {
                parameters = vector.Load(n, Columns(n.Input), reserved: true);
                _plan.Parameters.Reserve(entries);
            }

            vector.Normalize(n, Columns(n.Input), source, output8, output16, Parts(source.Pieces[block], 2), parameters);
        };
    }

    private Action<int> ProductInTurns(QProduct p, QLayer? next, int entries)
    {
        int layer = Begin(p, "product");
        IReadOnlyList<TensorView> outputs = Output(p);
        ProductSpec spec = Spec(p);
        ColumnSegment[] segments = Segments(p, outputs);
        IReadOnlyList<WeightStrip> strips = _products.Strips(spec, segments);
        return block =>
        {
            _plan.Resume(layer);
            RowPiece piece = outputs[0].Pieces[block];
            bool isCut = next is QNormalize n && n.Input == p.Output && HasRoomForNorm(p, piece.Rows / 2);
            _products.Lower(spec, strips, segments, Tensors[p.Input], Parts(piece, isCut ? 2 : 1), 0, together: !isCut, beside: entries);
        };
    }

    // Of a product that takes the array much longer than Vector, the second half of a block runs beside the norm of the first.
    private bool HasRoomForNorm(QProduct p, int rows) =>
        _plan.Durations.Compute(rows, (p.K + _plan.Machine.Rows - 1) / _plan.Machine.Rows)
        > 2 * _plan.Durations.Requantize(rows, _plan.Machine.Columns, _graph.Tensors[p.Output].Type == QType.Int16, p.Accumulates, false);

    private IReadOnlyList<RowBlock> Parts(RowPiece piece, int count) =>
        [.. ProductLowering.Blocks(piece.Rows, Math.Min(_plan.Machine.AccumulatorRows, (piece.Rows + count - 1) / count)).Select(b => b with { Row = b.Row + piece.Row })];
}
