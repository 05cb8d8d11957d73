using Hil.Compiler.Plans;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Products that read their rows through windows: convolutions.</summary>
internal sealed partial class GraphLowering
{
    private readonly HashSet<string> _bordered = [];

    // What lies around a grid is filled before its first use: with the model input by its first reader, else by the layer that gives it.
    private void FillBorders(QLayer layer)
    {
        foreach (string name in layer.Inputs.Where(_graph.Inputs.Contains).Concat(layer.Outputs))
        {
            if (Tensors.Grid(name) is not { IsPadded: true } grid || !_bordered.Add(name)) continue;
            foreach (TensorView view in Tensors[name]) new BorderLowering(_plan).Fill(grid, view, Tensors.Border(name));
        }
    }

    // Output line by output line: within a line, windows lie at equal distances.
    private void LowerWindows(QProduct p, Window window, IReadOnlyList<TensorView> outputs)
    {
        var cuts = new SortedSet<int>(Enumerable.Range(0, window.OutputHeight + 1).Select(y => y * window.OutputWidth));
        cuts.UnionWith(outputs[0].Pieces.Select(piece => piece.Row - p.OutputRowOffset).Where(r => r > 0 && r < window.Outputs));
        int[] edges = [.. cuts];
        IReadOnlyList<RowBlock> blocks = [.. edges.Zip(edges.Skip(1)).SelectMany(e =>
            ProductLowering.Blocks(e.Second - e.First, _plan.Machine.AccumulatorRows).Select(b => b with { Row = b.Row + e.First }))];
        ProductSpec spec = Spec(p);
        ColumnSegment[] segments = Segments(p, outputs);
        if (!p.Initial.IsEmpty) LoadRows(p, outputs[0], 0, Rows(p.Output));
        _products.Lower(spec, _products.Strips(spec, segments), segments, Tensors[p.Input], blocks, p.OutputRowOffset, true);
    }

    private int[] Positions(QProduct p) => p.Window is { } window
        ? Tensors.Grid(p.Input)!.Offsets(window, Tensors.Positions(p.Input, Columns(p.Input)), Tensors[p.Input][0].StrideBytes)
        : Tensors.Positions(p.Input, p.K);
}
