using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Lowers a quantized graph to the operations of a plan, in one way of those that <see cref="LoweringChoice"/> names.</summary>
internal sealed partial class GraphLowering
{
    // A load, a COMPUTE and a REQUANTIZE.
    private const int InstructionsOfStrip = 3;

    // Of two row blocks the first has these eighths: layer norm of the second overlaps with nothing.
    private const int FirstOfTwo = 5;

    // Row blocks of the product that begins the stream: it cannot begin before the first of them is loaded.
    private const int BlocksOfFirst = 4;

    private readonly Plan _plan;
    private readonly QuantizedGraph _graph;
    private readonly LoweringChoice _choice;
    private readonly PlantedFault _fault;
    private readonly ProductLowering _products;
    private readonly List<(QProduct Product, int Layer)> _perHead = [];
    private readonly Dictionary<TensorView, IReadOnlyList<RowBlock>> _blocksOf = [];
    private QNormalize? _besideProduct;

    public GraphLowering(Plan plan, QuantizedGraph graph, LoweringChoice choice, PlantedFault fault)
    {
        (_plan, _graph, _choice, _fault) = (plan, graph, choice, fault);
        _products = new ProductLowering(plan, fault);
        Tensors = new TensorMap(plan, graph, choice);
    }

    public TensorMap Tensors { get; }

    /// <summary>The layer of the plan that writes a tensor; of a view, the layer of what it shows.</summary>
    public Dictionary<string, int> WrittenBy { get; } = [];

    public void Lower()
    {
        foreach (string input in _graph.Inputs) Tensors.Create(input, hostWrites: true);
        for (int i = 0; i < _graph.Layers.Length; i++)
        {
            if (LayersInTurns(i) is > 0 and var layers)
            {
                LowerInTurns(i, layers);
                i += layers - 1;
                continue;
            }

            switch (_graph.Layers[i])
            {
                case QProduct p when IsHidden(i, p):
                    LowerThroughHidden(p, (QProduct)_graph.Layers[++i]);
                    break;
                case QProduct p:
                    int layer = Begin(p, "product");
                    if (p.Window is null && _choice.HeadByHead && Tensors.IsByHeads(p.Output) && _graph.Layers.OfType<QAttention>().Any(a => a.Heads > 1 && a.Inputs.Contains(p.Output)))
                    {
                        Tensors.Create(p.Output);
                        _perHead.Add((p, layer));
                        break;
                    }

                    IReadOnlyList<TensorView> outputs = Output(p);
                    FillBorders(p);
                    if (p.Window is { } window) LowerWindows(p, window, outputs);
                    else LowerProduct(p, outputs, Rows(p.Input), (i + 1 < _graph.Layers.Length ? _graph.Layers[i + 1] : null) as QNormalize);
                    break;
                case QAttention a:
                    LowerAttention(a);
                    break;
                case QActivationProduct p:
                    LowerActivationProduct(p);
                    break;
                case QNormalize n:
                    LowerNormalize(n, i);
                    break;
                case QMap m:
                    Begin(m, "map");
                    Tensors.Create(m.Output);
                    FillBorders(m);
                    Vector().Map(m, Columns(m.Input), Tensors[m.Input][0], Tensors[m.Output][0], Blocks(Rows(m.Input), [.. Tensors[m.Input], .. Tensors[m.Output]]));
                    break;
                case QSelectRows s when Tensors.Grid(s.Output) is { IsPadded: true }:
                    throw new HilException(
                        ExitKind.Unsupported, "Selected rows are read with zeros around them.", s.Name, "Convolve the whole tensor, or without padding.");
                case QSelectRows s:
                    Tensors.Alias(s.Output, [Tensors[s.Input][0].Select(s.First, s.Count)]);
                    WrittenBy[s.Output] = WrittenBy.GetValueOrDefault(s.Input, 0);
                    break;
                default:
                    LowerElement(_graph.Layers[i]);
                    break;
            }
        }

        foreach (TensorView view in Tensors[_graph.Output])
        {
            foreach (RowPiece piece in view.Pieces) piece.Region.HostReads = true;
        }
    }

    private int Begin(QLayer layer, string kind)
    {
        _plan.BeginLayer(layer.Name, kind);
        foreach (string output in layer.Outputs) WrittenBy[output] = _plan.LayerIndex;
        return _plan.LayerIndex;
    }

    private int Rows(string name) => _graph.Tensors[name].Rows;

    private int Columns(string name) => _graph.Tensors[name].Columns;

    // A piece of vector work is about as long as a strip of the square products around it, which is what it overlaps with.
    private long PieceCycles()
    {
        int width = _graph.Layers.OfType<QNormalize>().Select(n => Columns(n.Input)).DefaultIfEmpty(64).Max();
        int rows = _graph.Tensors.Values.Max(t => t.Rows);
        return _plan.Durations.Compute(Math.Min(rows, _plan.Machine.AccumulatorRows), Math.Max(1, width / _plan.Machine.Rows)) / (_choice.Split ? 2 : 1);
    }

    private NormalizeLowering Vector() => new(_plan, PieceCycles());

    private IReadOnlyList<TensorView> Output(QProduct p)
    {
        if (p.Residual is not null)
        {
            Tensors.Alias(p.Output, Tensors[p.Residual]);
            return Tensors[p.Output];
        }

        return Tensors.Create(p.Output);
    }

    // Loads what the output holds before the product is added. The rows of the first block come first; those of the next block between the strips
    // of the block before, a few rows at a time, so that they do not hold up its weights.
    private void LoadInitial(QProduct p, TensorView view, IReadOnlyList<RowBlock> blocks, int block, int strip, int strips)
    {
        if (block + 1 == blocks.Count && !(block == 0 && strip == 0)) return;
        if (block == 0 && strip == 0)
        {
            int end = blocks.Count == 1 ? Rows(p.Output) : blocks[0].Row + blocks[0].Rows + p.OutputRowOffset;
            LoadRows(p, view, 0, end);
            if (blocks.Count == 1) return;
        }

        int from = blocks[block + 1].Row + p.OutputRowOffset;
        int to = block + 2 == blocks.Count ? Rows(p.Output) : from + blocks[block + 1].Rows;
        LoadRows(p, view, from + ((to - from) * strip / strips), from + ((to - from) * (strip + 1) / strips));
    }

    private void LoadRows(QProduct p, TensorView view, int first, int end) =>
        new VectorSteps(_plan).Load(view, first, end - first, (r, c) => p.Initial[(r * p.N) + c]);

    private ProductSpec Spec(QProduct p) => new(
        p.K, p.N, p.Weights.AsMemory(), p.Bias.AsMemory(), p.Multiplier.AsMemory(), p.Shift,
        p.Table.IsEmpty ? null : new Constant([.. p.Table.Select(v => unchecked((byte)v))]),
        _graph.Tensors[p.Output].Type == QType.Int16, p.Accumulates, Positions(p))
    {
        Window = p.Window is { } window ? new(window, Tensors.Grid(p.Input)!) : null,
    };

    private static ColumnSegment[] Segments(QProduct p, IReadOnlyList<TensorView> views)
    {
        int columns = p.N / views.Count;
        return [.. views.Select((v, i) => new ColumnSegment(i * columns, columns, v, 0))];
    }

    // Row blocks that respect the accumulators and the regions of all the tensors, and that layer norm can follow where one does.
    private IReadOnlyList<RowBlock> Blocks(int rows, IEnumerable<TensorView> views, int atLeast = 1, int outputOffset = 0, TensorView? output = null)
    {
        var cuts = new SortedSet<int> { 0, rows };
        if (atLeast == 2 && !_choice.Split && rows * FirstOfTwo / 8 <= _plan.Machine.AccumulatorRows) cuts.Add(rows * FirstOfTwo / 8);
        else foreach (RowBlock b in ProductLowering.Blocks(rows, Math.Max(1, Math.Min(_plan.Machine.AccumulatorRows, (rows + atLeast - 1) / atLeast)))) cuts.Add(b.Row);
        if (views.Any(v => v.Pieces.Count > 1) || output?.Pieces.Count > 1)
        {
            // Where regions cut the rows, those cuts stand for the wanted blocks.
            cuts = [0, rows];
            foreach (TensorView v in views) cuts.UnionWith(v.Pieces.Select(p => p.Row).Where(r => r > 0 && r < rows));
            if (output is not null) cuts.UnionWith(output.Pieces.Select(p => p.Row - outputOffset).Where(r => r > 0 && r < rows));
        }

        int[] edges = [.. cuts];
        return [.. Enumerable.Range(0, edges.Length - 1).SelectMany(i =>
            ProductLowering.Blocks(edges[i + 1] - edges[i], _plan.Machine.AccumulatorRows).Select(b => b with { Row = b.Row + edges[i] }))];
    }

    private void LowerProduct(QProduct p, IReadOnlyList<TensorView> outputs, int rows, QNormalize? next)
    {
        bool streams = _graph.Tensors[p.Output].Type == QType.Int16;
        IReadOnlyList<RowBlock> blocks = Blocks(rows, Tensors[p.Input], streams && rows > 1 ? BlocksOf(p, rows) : 1, p.OutputRowOffset, outputs[0]);
        ProductSpec spec = Spec(p);
        ColumnSegment[] segments = Segments(p, outputs);
        IReadOnlyList<WeightStrip> strips = _products.Strips(spec, segments);
        if (streams) _blocksOf[outputs[0]] = [.. blocks.Select(b => b with { Row = b.Row + p.OutputRowOffset })];
        int beside = streams && blocks.Count > 1 && next?.Input == p.Output ? Beside(p) : 0;
        if (beside > 0)
        {
            _plan.Parameters.Reserve(beside);
            _besideProduct = next;
        }

        _products.Lower(spec, strips, segments, Tensors[p.Input], blocks, p.OutputRowOffset, !(streams || _choice.Split) || blocks.Count == 1,
            p.Initial.IsEmpty ? null : (row, strip) =>
                LoadInitial(p, outputs[0], blocks, Enumerable.Range(0, blocks.Count).First(i => blocks[i].Row == row), strip, strips.Count), beside);
    }

    // Parameter entries to set aside for the layer norm that runs beside a product's later blocks; none where the ring does not come round so soon.
    private int Beside(QProduct p)
    {
        (int entries, int all) = (NormalizeLowering.Entries(_plan.Machine, p.N), _plan.Parameters.Entries);
        return entries + _plan.Machine.Columns <= all && 2 * (entries + p.N) > all ? entries : 0;
    }

    // As many row blocks as wanted, but none so short that its weights take longer to load than it takes to compute.
    private int BlocksOf(QProduct p, int rows)
    {
        Contract.Machines.Machine machine = _plan.Machine;
        if (_choice.Split) return _choice.Blocks;
        int tiles = Math.Min(machine.WeightTiles, (p.K + machine.Rows - 1) / machine.Rows);
        Contract.Machines.MemoryRegion region = machine.Regions[0];
        long load = Scheduling.Durations.Port(region, (long)tiles * machine.TileRecordBytes, false)
            + (InstructionsOfStrip * (region.BurstCycles(region.Base, 16L * machine.Issue.FetchInstructions, false) + 2) / machine.Issue.FetchInstructions);
        int blocks = p.Initial.IsEmpty ? _choice.Blocks : Math.Max(BlocksOfFirst, _choice.Blocks);
        while (blocks > 1 && _plan.Durations.Compute((rows + blocks - 1) / blocks, tiles) * Tensors[p.Input].Count * 4 < load * 5) blocks--;
        return blocks;
    }

    private bool IsHidden(int i, QProduct p) =>
        _choice.HiddenBlocks > 1 && p.Window is null && p.Residual is null && p.Initial.IsEmpty && _graph.Tensors[p.Output].Type == QType.Int8
        && i + 1 < _graph.Layers.Length && _graph.Layers[i + 1] is QProduct next && next.Input == p.Output && next.Window is null && next.OutputRowOffset == 0
        && _graph.Layers.Count(l => l.Inputs.Contains(p.Output)) == 1 && p.Output != _graph.Output && Rows(p.Input) >= _choice.HiddenBlocks;

    // Two products with a tensor between them of which only one row block is in memory at a time.
    private void LowerThroughHidden(QProduct first, QProduct second)
    {
        int rows = Rows(first.Input);
        int layer = Begin(first, "product");
        int next = Begin(second, "product");
        IReadOnlyList<TensorView> outputs = Output(second);
        FillBorders(second);
        ProductSpec firstSpec = Spec(first);
        ProductSpec secondSpec = Spec(second);
        int stride = _plan.Stride(first.N, 1);
        foreach (RowBlock block in ProductLowering.Blocks(rows, (rows + _choice.HiddenBlocks - 1) / _choice.HiddenBlocks))
        {
            Region region = _plan.NewRegion($"{first.Output}[{block.Row}]", RegionRole.Hidden, block.Rows, stride);
            var hidden = new TensorView([new(block.Row, block.Rows, region, 0)], first.N, 1, stride);
            ColumnSegment[] into = [new(0, first.N, hidden, 0)];
            IReadOnlyList<RowBlock> parts = [.. ProductLowering.Blocks(block.Rows, _plan.Machine.AccumulatorRows).Select(b => b with { Row = b.Row + block.Row })];
            _plan.Resume(layer);
            _products.Lower(firstSpec, _products.Strips(firstSpec, into), into, Tensors[first.Input], parts, 0, true);
            _plan.Resume(next);
            ColumnSegment[] segments = Segments(second, outputs);
            _products.Lower(secondSpec, _products.Strips(secondSpec, segments), segments, [hidden], parts, 0, true);
        }
    }

    private void LowerNormalize(QNormalize n, int index)
    {
        (TensorView source, TensorView? output8, TensorView? output16, IReadOnlyList<TensorView> views) = BeginNormalize(n, index);
        int rows = Rows(n.Input);
        // Pieces lie within the blocks of the product before, so that each can start when its block is done.
        IReadOnlyList<RowBlock> blocks = views.All(v => v.Pieces.Count == 1) && _blocksOf.TryGetValue(source, out IReadOnlyList<RowBlock>? made)
            && made.Sum(b => b.Rows) == rows && made[0].Row == 0 ? made : Blocks(rows, views);
        NormalizeLowering vector = Vector();
        vector.Normalize(n, Columns(n.Input), source, output8, output16, blocks, vector.Load(n, Columns(n.Input), n == _besideProduct));
    }

    // The views of a layer norm: of its source, of its outputs, and all of them.
    private (TensorView Source, TensorView? Output8, TensorView? Output16, IReadOnlyList<TensorView> All) BeginNormalize(QNormalize n, int index)
    {
        Begin(n, "normalize");
        TensorView source = Tensors[n.Input][0];
        TensorView? output8 = n.Output8 is null ? null : Tensors.Create(n.Output8)[0];
        FillBorders(n);
        TensorView? output16 = null;
        if (n.Output16 is not null)
        {
            bool inPlace = Tensors.IsLastReader(n.Input, index) && n.Output16 != _graph.Output;
            if (inPlace) Tensors.Alias(n.Output16, [source]);
            output16 = inPlace ? source : Tensors.Create(n.Output16)[0];
        }

        var views = new List<TensorView> { source };
        if (output8 is not null) views.Add(output8);
        if (output16 is not null) views.Add(output16);
        return (source, output8, output16, views);
    }
}
