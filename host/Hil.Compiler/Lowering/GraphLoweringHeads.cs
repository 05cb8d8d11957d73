using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Layers whose tensors are heads or blocks beside each other: attention, products of two activations.</summary>
internal sealed partial class GraphLowering
{
    private readonly Dictionary<(string, int), IReadOnlyList<TensorView>> _heads = [];

    private void LowerAttention(QAttention a)
    {
        Begin(a, "attention");
        int rows = Rows(a.Query);
        TensorView output = NewResult(a, Tensors.HeadPitch(a.ValueSize) * a.Heads);
        (IReadOnlyList<TensorView> query, IReadOnlyList<TensorView> key, IReadOnlyList<TensorView> value) = (Heads(a, a.Query), Heads(a, a.Key), Heads(a, a.Value));
        int window = rows / a.Windows;
        int most = Math.Min(Math.Min(_plan.Machine.AccumulatorRows, Math.Max(1, _plan.Machine.RowScaleEntries / 2)), (window + _choice.QueryBlocks - 1) / _choice.QueryBlocks);
        IReadOnlyList<RowBlock> blocks = [.. Blocks(rows, query.Append(output), _choice.QueryBlocks).SelectMany(b => Cut(b, window))
            .SelectMany(b => ProductLowering.Blocks(b.Rows, most).Select(x => x with { Row = x.Row + b.Row }))];
        TensorView? addedMask = a.Mask is { } mask && !_plan.Machine.Regions[0].Writable ? Tensors.AddedMask(a, mask, rows) : null;
        new AttentionLowering(_plan, _choice, _fault, addedMask).Lower(
            a, query, key, value, output, Tensors.HeadPitch(a.ValueSize), blocks, head =>
            {
                foreach ((QProduct p, int layer) in _perHead)
                {
                    _plan.Resume(layer);
                    TensorView view = Tensors[p.Output][head];
                    ColumnSegment[] segment = [new(head * view.Columns, view.Columns, view, 0)];
                    ProductSpec spec = Spec(p);
                    IReadOnlyList<RowBlock> rowBlocks = Blocks(Rows(p.Input), [.. Tensors[p.Input], view]);
                    _products.Lower(spec, _products.Strips(spec, segment), segment, Tensors[p.Input], rowBlocks, 0, !_choice.Split || rowBlocks.Count == 1);
                }
            });
        _perHead.Clear();
        Finish(a.Output, output);
    }

    // The parts of a block that lie in one run of rows each.
    private static IEnumerable<RowBlock> Cut(RowBlock block, int run)
    {
        for (int row = block.Row; row < block.Row + block.Rows;)
        {
            int end = Math.Min(block.Row + block.Rows, ((row / run) + 1) * run);
            yield return new(row, end - row);
            row = end;
        }
    }

    private void LowerActivationProduct(QActivationProduct p)
    {
        Begin(p, "activationProduct");
        (BatchLayout left, BatchLayout right, BatchLayout blocks) = p.Layouts(_graph);
        bool isBeside = blocks is { IsBeside: true, Count: > 1 };
        int pitch = isBeside ? Tensors.HeadPitch(blocks.BlockColumns) : 0;
        TensorView output = NewResult(p, pitch * blocks.Count);
        (IReadOnlyList<TensorView> rows, IReadOnlyList<TensorView> weights) = (Operands(p.Left, left), Operands(p.Right, right));
        if (weights.Any(v => v.Pieces.Any(w => w.Row > 0 && (p.IsTransposed || w.Row % _plan.WordBytes != 0))))
            throw new HilException(ExitKind.Unsupported, "Its right operand is read with zeros around it, too.", p.Name, "Convolve the operand without padding.");
        TensorView[] outputs = [.. Enumerable.Range(0, blocks.Count).Select(b => isBeside ? output : output.Select(blocks.Row(b), blocks.BlockRows))];
        new ActivationProductLowering(_plan).Lower(
            p, rows, weights, outputs, pitch, blocks, b => Blocks(blocks.BlockRows, [rows[b], outputs[b]]), left.BlockColumns);
        Finish(p.Output, output);

        IReadOnlyList<TensorView> Operands(string tensor, BatchLayout layout) => layout is { IsBeside: true, Count: > 1 }
            ? Heads(p, tensor)
            : [.. Enumerable.Range(0, layout.Count).Select(b => Tensors[tensor][0].Select(layout.Row(b), layout.BlockRows))];
    }

    /// <summary>The views of the heads that a layer reads: the tensor's own, or new ones into which it is copied.</summary>
    private IReadOnlyList<TensorView> Heads(QLayer reader, string tensor)
    {
        HeadUse use = HeadUse.Of(_graph, reader).First(u => u.Tensor == tensor);
        if (Tensors.IsByHeads(tensor)) return Tensors[tensor];
        if (_heads.TryGetValue((tensor, use.Heads), out IReadOnlyList<TensorView>? made)) return made;
        IReadOnlyList<TensorView> heads = Tensors.NewHeads(use, $"{tensor}/heads");
        Copy(Tensors[tensor][0], [.. Enumerable.Range(0, use.Size * use.Heads)], [.. heads.Select((v, h) => new ColumnSegment(h * use.Size, use.Size, v, 0))]);
        return _heads[(tensor, use.Heads)] = heads;
    }

    // The tensor that a layer of heads gives; or one of heads at lane groups, which is copied to the tensor when it is finished.
    private TensorView NewResult(QLayer layer, int pitchedColumns)
    {
        string name = layer.Outputs.Single();
        TensorView output = Tensors.Create(name)[0];
        FillBorders(layer);
        return Tensors.IsPitched(name) && Tensors.IsReadWhole(name)
            ? _plan.NewTensor($"{name}/heads", RegionRole.Context, output.Rows, pitchedColumns, 1)
            : output;
    }

    private void Finish(string name, TensorView result)
    {
        if (result != Tensors[name][0]) Copy(result, Tensors.PitchedPositions(name), [new(0, Columns(name), Tensors[name][0], 0)]);
    }

    // The product with an identity matrix, which brings int8 columns to where no copy of whole lane groups can.
    private void Copy(TensorView source, int[] positions, ColumnSegment[] into)
    {
        int n = positions.Length;
        var identity = new sbyte[n * n];
        for (int i = 0; i < n; i++) identity[(i * n) + i] = 1;
        var ones = new ushort[n];
        Array.Fill(ones, (ushort)1);
        var same = new Constant([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        var spec = new ProductSpec(n, n, identity, new int[n], ones, 0, same, false, false, positions);
        _products.Lower(spec, _products.Strips(spec, into), into, [source], Blocks(source.Rows, [source, .. into.Select(s => s.View)]), 0, true);
    }
}
