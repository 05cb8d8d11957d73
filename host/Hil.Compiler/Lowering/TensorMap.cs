using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Where the tensors of a graph lie: views made when a tensor is first written, by what writes and what reads it.</summary>
internal sealed class TensorMap
{
    private readonly Plan _plan;
    private readonly QuantizedGraph _graph;
    private readonly LoweringChoice _choice;
    private readonly Dictionary<string, IReadOnlyList<TensorView>> _views = [];
    private readonly Dictionary<string, HeadUse> _operands = [];
    private readonly Dictionary<string, int> _lastReader = [];
    private readonly Dictionary<string, PaddedGrid> _grids = [];
    private readonly Dictionary<string, TensorView> _addedMasks = [];

    public TensorMap(Plan plan, QuantizedGraph graph, LoweringChoice choice)
    {
        (_plan, _graph, _choice) = (plan, graph, choice);
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            foreach (string name in graph.Layers[i].Inputs) _lastReader[name] = i;
        }

        foreach (IGrouping<string, HeadUse> uses in graph.Layers.SelectMany(l => HeadUse.Of(graph, l)).GroupBy(u => u.Tensor))
        {
            // Written into its heads from the start, if all that read it read it so and what writes it can; else it is brought there before it is read.
            HeadUse use = uses.Last();
            if (uses.All(u => (u.Heads, u.Size) == (use.Heads, use.Size)) && graph.Layers.All(l => !l.Inputs.Contains(use.Tensor) || HeadUse.Of(graph, l).Any(u => u.Tensor == use.Tensor))
                && use.Tensor != graph.Output && !graph.Inputs.Contains(use.Tensor) && (use.Heads == 1 || graph.Layers.Any(l => l is QProduct && l.Outputs.Contains(use.Tensor))))
                _operands[use.Tensor] = use;
        }

        foreach (IGrouping<string, (QLayer Layer, Window Window)> readers in graph.Layers.Select(l => (Layer: l, Window: WindowOf(l)!)).Where(r => r.Window is not null)
            .GroupBy(r => r.Layer.Inputs.First()))
        {
            _grids[readers.Key] = PaddedGrid.Of([.. readers.Select(r => r.Window)]) ?? throw new HilException(
                ExitKind.Unsupported, "Its input is read as grids of unlike lines.", readers.Last().Layer.Name, "Give each convolution an input of its own.");
            if (graph.Tensors[readers.Key].ZeroPoint != sbyte.MinValue && _grids[readers.Key].IsPadded
                && readers.Any(r => r.Layer is QMaximumPool) && readers.Any(r => r.Layer is not QMaximumPool))
            {
                throw new HilException(
                    ExitKind.Unsupported, "A padded maximum pool and a convolution read the same tensor.", readers.Last().Layer.Name,
                    "Put a ReLU before them, or pool without padding.");
            }
        }
    }

    private static Window? WindowOf(QLayer layer) => layer switch
    {
        QProduct product => product.Window,
        QMaximumPool pool => pool.Window,
        _ => null,
    };

    /// <summary>The element that lies around a tensor's grid: what means 0, or the least one where the largest is looked for.</summary>
    public sbyte Border(string name) =>
        _graph.Layers.Any(l => l is QMaximumPool p && p.Input == name) ? sbyte.MinValue : (sbyte)_graph.Tensors[name].ZeroPoint;

    public IReadOnlyDictionary<string, IReadOnlyList<TensorView>> All => _views;

    /// <summary>The views of a tensor that exists: one; hi and lo of a wide input; or one a head of what an attention reads.</summary>
    public IReadOnlyList<TensorView> this[string name] => _views[name];

    /// <summary>How a tensor lies that windows read; null for one that none reads.</summary>
    public PaddedGrid? Grid(string name) => _grids.GetValueOrDefault(name);

    public bool Has(string name) => _views.ContainsKey(name);

    public void Alias(string name, IReadOnlyList<TensorView> views) => _views[name] = views;

    public bool IsLastReader(string name, int layer) => _lastReader.GetValueOrDefault(name, -1) == layer && name != _graph.Output;

    /// <summary>Makes the regions of a tensor. A name without a tensor is a bug of quantization's checks.</summary>
    public IReadOnlyList<TensorView> Create(string name, bool hostWrites = false)
    {
        QTensor tensor = _graph.Tensors[name];
        int element = tensor.Type == QType.Int16 ? 2 : 1;
        if (_operands.TryGetValue(name, out HeadUse? use)) return _views[name] = NewHeads(use, name);
        RegionRole role = Role(tensor, name);
        if (_grids.TryGetValue(name, out PaddedGrid? grid))
            return _views[name] = [.. (tensor.Type == QType.Wide15 ? ["/hi", "/lo"] : new[] { "" }).Select(p => Create(grid, name + p, role, tensor.Columns, hostWrites))];
        if (tensor.Type == QType.Wide15)
            return _views[name] = [.. new[] { "hi", "lo" }.Select(p => _plan.NewTensor($"{name}/{p}", role, tensor.Rows, tensor.Columns, 1, hostWrites: hostWrites))];
        int columns = IsPitched(name) && !IsReadWhole(name) ? PitchedColumns(name) : tensor.Columns;
        return _views[name] = [Create(name, role, IsCut(name) ? Blocks(tensor.Rows) : [new(0, tensor.Rows)], columns, element, hostWrites)];
    }

    /// <summary>The tensor lies in one region per row block.</summary>
    public bool IsCut(string name) =>
        (_choice.Split || _choice.Opposite) && Blocks(_graph.Tensors[name].Rows).Count > 1 && !_graph.Inputs.Contains(name) && name != _graph.Output && !IsWhole(name)
        && _graph.Tensors[name].Type != QType.Wide15;

    /// <summary>The tensor lies, or will, in the row blocks that tensors of so many rows are cut into, and not as a view that is cut elsewhere.</summary>
    public bool LiesInBlocks(string name) => _views.TryGetValue(name, out IReadOnlyList<TensorView>? views)
        ? Blocks(_graph.Tensors[name].Rows) is { Count: > 1 } blocks && views.All(v => v.Pieces.Select(p => new RowBlock(p.Row, p.Rows)).SequenceEqual(blocks))
        : IsCut(name);

    // The row blocks of every tensor of so many rows.
    private IReadOnlyList<RowBlock> Blocks(int rows)
    {
        if (!_choice.Opposite) return ProductLowering.Blocks(rows, rows >= 2 * _choice.Blocks ? (rows + _choice.Blocks - 1) / _choice.Blocks : rows);

        // The first ends where a tile of keys, a tile of values and a word of exponentials do, so that these are read across it.
        int first = rows / 2;
        while (first % _plan.Machine.Columns != 0 || first % _plan.Machine.Rows != 0 || first % _plan.WordBytes != 0) first--;
        return first > 0 ? [new(0, first), new(first, rows - first)] : [new(0, rows)];
    }

    private TensorView Create(string name, RegionRole role, IReadOnlyList<RowBlock> blocks, int columns, int element, bool hostWrites = false)
    {
        int stride = _plan.Stride(columns, element);
        return new([.. blocks.Select((b, i) => new RowPiece(
            b.Row, b.Rows,
            _plan.NewRegion($"{name}[{b.Row}]", role, b.Rows, stride, _choice.Opposite && i == 1 ? 1 - Memory.Allocator.SideOf(role) : -1, hostWrites), 0))],
            columns, element, stride);
    }

    private TensorView Create(PaddedGrid grid, string name, RegionRole role, int columns, bool hostWrites)
    {
        int stride = _plan.Stride(columns, 1);
        return new(grid.Pieces(_plan.NewRegion(name, role, grid.Positions, stride, hostWrites: hostWrites)), columns, 1, stride);
    }

    /// <summary>Masks that the host writes to the scratchpad as rows of addends, by name.</summary>
    public IReadOnlyDictionary<string, TensorView> AddedMasks => _addedMasks;

    /// <summary>The rows of addends of a mask; all attentions that share a mask have equal scores.</summary>
    public TensorView AddedMask(QAttention attention, string mask, int rows)
    {
        if (!_addedMasks.TryGetValue(mask, out TensorView? view))
            _addedMasks.Add(mask, view = _plan.NewTensor(mask, RegionRole.Input, rows, attention.ValidLength, 2, hostWrites: true));
        return view.Rows == rows && view.Columns == attention.ValidLength
            ? view
            : throw new HilException(
                ExitKind.Unsupported, "Its mask is another attention's too, of other rows or keys.", attention.Name,
                "Take a machine with writable main memory, or give each attention a mask of its own.");
    }

    /// <summary>New views of the heads that a layer reads, one each.</summary>
    public IReadOnlyList<TensorView> NewHeads(HeadUse use, string name) =>
        [.. Enumerable.Range(0, use.Heads).Select(h => _choice.Opposite && IsCut(use.Tensor)
            ? Create($"{name}/{h}", use.Role, Blocks(_graph.Tensors[use.Tensor].Rows), use.Size, 1)
            : _plan.NewTensor($"{name}/{h}", use.Role, _graph.Tensors[use.Tensor].Rows, use.Size, 1))];

    /// <summary>The tensor is written into the views of its heads from the start.</summary>
    public bool IsByHeads(string name) => _operands.ContainsKey(name);

    // Written or read across its rows, or read through windows, as weights, or by blocks of its rows, maybe by way of a view.
    private bool IsWhole(string name) => _grids.ContainsKey(name)
        || _graph.Layers.Any(l => (l is QTranspose t && (t.Output == name || t.Input == name)) || (l is QActivationProduct p && (p.Output == name || p.Inputs.Contains(name)))
            || (l is QAttention { Windows: > 1 } a && _choice.Opposite && (a.Output == name || a.Inputs.Contains(name)))
            || (l is QSelectRows s && s.Input == name && IsWhole(s.Output)));

    /// <summary>Columns from head to head in the output of an attention: heads begin at a lane group.</summary>
    public int HeadPitch(int headSize) => (headSize + _plan.Machine.Lanes - 1) / _plan.Machine.Lanes * _plan.Machine.Lanes;

    /// <summary>Where column k of a tensor lies in its rows.</summary>
    public int[] Positions(string name, int columns) => IsPitched(name) && !IsReadWhole(name) ? PitchedPositions(name) : [.. Enumerable.Range(0, columns)];

    /// <summary>Where the columns of a tensor of heads lie that begin at lane groups.</summary>
    public int[] PitchedPositions(string name)
    {
        (_, int size) = Groups(name);
        return [.. Enumerable.Range(0, _graph.Tensors[name].Columns).Select(c => (c / size * HeadPitch(size)) + (c % size))];
    }

    private int PitchedColumns(string name) => Groups(name) is var (count, size) ? count * HeadPitch(size) : 0;

    /// <summary>Its heads do not lie one right after the other, because each begins at a lane group.</summary>
    public bool IsPitched(string name) => Groups(name) is (> 1, var size) && HeadPitch(size) != size;

    /// <summary>Something reads its rows as they are: only a product knows columns that lie apart.</summary>
    public bool IsReadWhole(string name) => name == _graph.Output
        || _graph.Layers.Any(l => l.Inputs.Contains(name) && l is not QProduct { Window: null });

    /// <summary>The heads beside each other in what a layer gives, and the columns of each; one head for what is no such tensor.</summary>
    private (int Count, int Size) Groups(string name) => _graph.Layers.FirstOrDefault(l => l.Outputs.Contains(name)) switch
    {
        QAttention a => (a.Heads, a.ValueSize),
        QActivationProduct { IsOutputBeside: true } p => (p.Batches, _graph.Tensors[name].Columns / p.Batches),
        _ => (1, _graph.Tensors[name].Columns),
    };

    private RegionRole Role(QTensor tensor, string name)
    {
        if (_graph.Inputs.Contains(name)) return RegionRole.Input;
        if (tensor.Type == QType.Int16 && name != _graph.Output) return RegionRole.Stream;
        QLayer? writer = _graph.Layers.FirstOrDefault(l => l.Outputs.Contains(name));
        return writer switch
        {
            QNormalize => RegionRole.Normed,
            QAttention => RegionRole.Context,
            _ => name == _graph.Output ? RegionRole.Output : RegionRole.Hidden,
        };
    }
}
