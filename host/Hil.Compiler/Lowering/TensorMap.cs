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
    private readonly Dictionary<string, (QAttention Attention, RegionRole Role)> _operands = [];
    private readonly Dictionary<string, int> _lastReader = [];
    private readonly Dictionary<string, PaddedGrid> _grids = [];
    private readonly Dictionary<string, TensorView> _addedMasks = [];

    public TensorMap(Plan plan, QuantizedGraph graph, LoweringChoice choice)
    {
        (_plan, _graph, _choice) = (plan, graph, choice);
        for (int i = 0; i < graph.Layers.Length; i++)
        {
            foreach (string name in graph.Layers[i].Inputs) _lastReader[name] = i;
            if (graph.Layers[i] is not QAttention a) continue;
            _operands[a.Query] = (a, RegionRole.Query);
            _operands[a.Key] = (a, RegionRole.Key);
            _operands[a.Value] = (a, RegionRole.Value);
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
        if (_operands.TryGetValue(name, out (QAttention Attention, RegionRole Role) use))
        {
            if (_graph.Layers.Any(l => l is not QAttention && l.Inputs.Contains(name)))
            {
                throw new HilException(
                    ExitKind.Unsupported, "A tensor that an attention reads is read by another layer too.", use.Attention.Name,
                    "Export the model with projections of their own for the attention.");
            }

            return _views[name] = [.. Enumerable.Range(0, use.Attention.Heads).Select(h =>
                _plan.NewTensor(
                $"{name}/{h}", use.Role, tensor.Rows, use.Role == RegionRole.Value ? use.Attention.ValueSize : use.Attention.HeadSize, element,
                WithStream(h, use.Attention.Heads, use.Role) ? 1 : -1))];
        }

        RegionRole role = Role(tensor, name);
        if (_grids.TryGetValue(name, out PaddedGrid? grid))
            return _views[name] = [.. (tensor.Type == QType.Wide15 ? ["/hi", "/lo"] : new[] { "" }).Select(p => Create(grid, name + p, role, tensor.Columns, hostWrites))];
        if (tensor.Type == QType.Wide15)
            return _views[name] = [.. new[] { "hi", "lo" }.Select(p => _plan.NewTensor($"{name}/{p}", role, tensor.Rows, tensor.Columns, 1, hostWrites: hostWrites))];
        int columns = tensor.Columns;
        if (_graph.Layers.OfType<QAttention>().FirstOrDefault(a => a.Output == name) is { } attention)
            columns = attention.Heads * HeadPitch(attention.ValueSize);
        bool pieces = _choice.Split && tensor.Rows >= 2 * _choice.Blocks && !hostWrites && name != _graph.Output && role != RegionRole.Output && !IsWhole(name);
        int stride = _plan.Stride(columns, element);
        IReadOnlyList<RowBlock> blocks = ProductLowering.Blocks(tensor.Rows, pieces ? (tensor.Rows + _choice.Blocks - 1) / _choice.Blocks : tensor.Rows);
        RowPiece[] rows = [.. blocks.Select(b => new RowPiece(
            b.Row, b.Rows, _plan.NewRegion($"{name}[{b.Row}]", role, b.Rows, stride, hostWrites: hostWrites), 0))];
        return _views[name] = [new(rows, columns, element, stride)];
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

    // Written across its rows, or read through windows by way of a view.
    private bool IsWhole(string name) => _grids.ContainsKey(name)
        || _graph.Layers.Any(l => (l is QTranspose t && t.Output == name) || (l is QSelectRows s && s.Input == name && IsWhole(s.Output)));

    // Where most scores lie apart from the stream, the values make room for them.
    private bool WithStream(int head, int heads, RegionRole role) =>
        _plan.Machine.Scratchpad.Banks == 2
        && (role == RegionRole.Value ? _choice.Mirror == Mirroring.AllButLast : _choice.IsMirrored(head, heads));

    /// <summary>Columns from head to head in the output of an attention: heads begin at a lane group.</summary>
    public int HeadPitch(int headSize) => (headSize + _plan.Machine.Lanes - 1) / _plan.Machine.Lanes * _plan.Machine.Lanes;

    /// <summary>Where column k of a tensor lies in its rows.</summary>
    public int[] Positions(string name, int columns)
    {
        QAttention? attention = _graph.Layers.OfType<QAttention>().FirstOrDefault(a => a.Output == name);
        return [.. Enumerable.Range(0, columns).Select(c =>
            attention is null ? c : (c / attention.ValueSize * HeadPitch(attention.ValueSize)) + (c % attention.ValueSize))];
    }

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
