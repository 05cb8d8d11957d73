using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>
/// Lowers attention by head and block of query rows of one window: scores, softmax in place, context. The context of one block comes after the scores of the
/// next in lowering order, so that softmax overlaps with them.
/// </summary>
internal sealed class AttentionLowering(Plan plan, LoweringChoice choice, PlantedFault fault, TensorView? addedMask)
{
    private readonly Plan _plan = plan;
    private readonly LoweringChoice _choice = choice;
    private readonly PlantedFault _fault = fault;
    private readonly TensorView? _addedMask = addedMask;
    private readonly DynamicProducts _products = new(plan);
    private int _units;
    private int _mostRows;

    private sealed record Block(int Head, RowBlock Rows, Region Scores, object ScaleContent)
    {
        public int RowScale { get; set; }
    }

    /// <param name="layer">What is lowered.</param>
    /// <param name="query">A view a head; likewise key and value.</param>
    /// <param name="output">The heads side by side, <paramref name="headPitch"/> columns apart.</param>
    /// <param name="blocks">Blocks of query rows, none longer than the accumulators, each within a window.</param>
    /// <param name="beforeHead">Lowers what the first block of a head needs; called once a head.</param>
    public void Lower(
        QAttention layer, IReadOnlyList<TensorView> query, IReadOnlyList<TensorView> key, IReadOnlyList<TensorView> value, TensorView output, int headPitch,
        IReadOnlyList<RowBlock> blocks, Action<int> beforeHead)
    {
        _mostRows = blocks.Max(b => b.Rows);
        var parameters = new AttentionParameters(_plan, layer, _addedMask is not null);
        (int windowRows, int windowKeys) = (query[0].Rows / layer.Windows, key[0].Rows / layer.Windows);
        var sums = new ScoreSums(_plan, layer, parameters, _addedMask, windowRows);
        int attention = _plan.LayerIndex;
        (int index, object content) = (0, parameters);
        var made = new List<Block>();
        var seen = new HashSet<int>();
        foreach ((int head, RowBlock rows) in Order(layer, query, blocks))
        {
            Prepare(head);
            made.Add(Scores(layer, query[head], Keys(key[head], rows), head, rows, index, content));
            sums.Lower(head, rows, made[^1].Scores, index, content);
            Follow(made.Count, false);
        }

        for (int i = made.Count + 1; i <= made.Count + _choice.Depth; i++) Follow(i, true);

        // What a head's scores need, before the contexts of the heads before it.
        void Prepare(int head)
        {
            if (!seen.Add(head)) return;
            beforeHead(head);
            _plan.Resume(attention);
            if (head == 0 || _choice.HeadByHead) (index, content) = parameters.Load();
        }

        // After the scores of block i: softmax of the block Depth - 1 before it, context of the block Depth before it.
        void Follow(int i, bool scoresDone)
        {
            int softmax = i - _choice.Depth;
            int context = i - _choice.Depth - 1;
            if (!_choice.Opposite) Softmax();
            if (context >= 0 && context < made.Count) Context(layer, made[context], Keys(value[made[context].Head], made[context].Rows), output, headPitch);
            if (_choice.Opposite) Softmax();

            void Softmax()
            {
                if (softmax >= 0 && softmax < made.Count && !(scoresDone && _choice.Depth == 1)) Exponentials(layer, made[softmax], index, content, parameters);
            }
        }

        TensorView Keys(TensorView whole, RowBlock rows) => layer.Windows == 1 ? whole : whole.Select(rows.Row / windowRows * windowKeys, windowKeys);
    }

    // Blocks by heads; where they lie on opposite banks, head by head and a block of either side in turns, so that the softmax of one runs beside the context
    // of the one before.
    private IEnumerable<(int Head, RowBlock Rows)> Order(QAttention layer, IReadOnlyList<TensorView> query, IReadOnlyList<RowBlock> blocks)
    {
        if (!_choice.Opposite) return blocks.SelectMany(b => Enumerable.Range(0, layer.Heads).Select(h => (h, b)));
        RowBlock[][] sides = [.. blocks.GroupBy(b => BankOf(query[0].Locate(b.Row, b.Rows).Region)).Select(g => g.ToArray()).OrderByDescending(g => g.Length)];
        RowBlock[] turns = [.. Enumerable.Range(0, sides[0].Length).SelectMany(i => sides.Where(s => i < s.Length).Select(s => s[i]))];
        return Enumerable.Range(0, layer.Heads).SelectMany(h => turns.Select(b => (h, b)));
    }

    private Block Scores(QAttention layer, TensorView query, TensorView key, int head, RowBlock rows, int index, object content)
    {
        int stride = _plan.Stride(layer.ValidLength, 2);
        int bank = _choice.Opposite ? 1 - BankOf(query.Locate(rows.Row, rows.Rows).Region)
            : _plan.Machine.Scratchpad.Banks == 2 && _choice.Alternate ? (_units + 1) % 2 : -1;
        Region scores = _plan.NewRegion($"{layer.ScoresNode}/{head}[{rows.Row}]", RegionRole.Scores, rows.Rows, stride, bank);
        _units++;
        if (_fault == PlantedFault.WrongHead && head > 0) key = KeyOfFirstHead ?? key;
        if (head == 0) KeyOfFirstHead = key;
        for (int c = 0; c < layer.ValidLength; c += _plan.Machine.Columns)
        {
            int columns = Math.Min(_plan.Machine.Columns, layer.ValidLength - c);
            int column = c;
            _products.Lower(query, [rows], layer.HeadSize, key, c, columns, byColumns: true, (_, sum) =>
            {
                Operation op = _products.NewRequantize(rows, columns, stride, layer.ScoreShift, index, sum, wide: true, perRow: false);
                op.Operands.Add(new(Requantize.Output, scores, 2L * column, 2L * columns, rows.Rows, stride, true));
                op.Entries.Add(new(EntryKind.Parameters, index, columns, false, content));
                _plan.Append(op);
            });
        }

        return new(head, rows, scores, new object());
    }

    private static int BankOf(Region region) => region.WantedBank >= 0 ? region.WantedBank : Memory.Allocator.SideOf(region.Role);

    private TensorView? KeyOfFirstHead { get; set; }

    private void Exponentials(QAttention layer, Block block, int index, object content, AttentionParameters parameters)
    {
        int n = layer.ValidLength;
        block.RowScale = _plan.RowScales.TakeBeside(block.Rows.Rows, _mostRows);
        (int wide, int narrow) = (_plan.Stride(n, 2), _plan.Stride(n, 1));
        int parameter = index + parameters.SoftmaxEntry;
        long perRow = _plan.Durations.Softmax(1, n, 0, 0) - 8;
        long target = _plan.Durations.Compute(block.Rows.Rows, (layer.HeadSize + _plan.Machine.Rows - 1) / _plan.Machine.Rows);
        int most = (int)Math.Clamp(target / perRow, 1, block.Rows.Rows);
        int first = layer.Causal ? layer.FirstLength + block.Rows.Row : n;
        int wrong = _fault == PlantedFault.WrongLength ? 1 : 0;
        foreach (Piece piece in _plan.Pieces.Cut(InPlace(block.Rows.Rows, most, wide, narrow)))
        {
            Operation op = _plan.New(
                StepKind.Softmax, Unit.Vector,
                Instruction.Of(
                    Softmax.Definition, (Softmax.Rows, (uint)piece.Rows), (Softmax.Columns, (uint)n),
                    (Softmax.Length0, (uint)Math.Min(n, first + (layer.Causal ? piece.Row : 0)) - (uint)wrong), (Softmax.Causal, layer.Causal ? 1u : 0u),
                    (Softmax.Masked, parameters.IsMasked ? 1u : 0u),
                    (Softmax.Index, (uint)parameter), (Softmax.RowScale, (uint)(block.RowScale + piece.Row))),
                piece: piece);
            op.Operands.Add(new(Softmax.Source, block.Scores, (long)piece.Row * wide, 2L * n, piece.Rows, wide, false));
            op.Operands.Add(new(Softmax.Output, block.Scores, (long)piece.Row * narrow, n, piece.Rows, narrow, true));
            op.Entries.Add(new(EntryKind.Parameters, parameter, 1, false, content));
            if (parameters.IsMasked) op.Entries.Add(new(EntryKind.Parameters, parameter + _plan.Machine.Lanes, (n + 63) / 64, false, parameters.MaskContent));
            op.Entries.Add(new(EntryKind.RowScales, block.RowScale + piece.Row, piece.Rows, true, block.ScaleContent));
            _plan.Append(op);
        }
    }

    // Pieces whose exponentials reach no score of their own piece, but for the first, which lies over its own (docs/numerics.md, section 7).
    private static IEnumerable<(RowBlock Rows, int Most)> InPlace(int rows, int most, int wide, int narrow)
    {
        int first = wide == narrow ? 1 : (narrow + wide - narrow - 1) / (wide - narrow);
        for (int row = 0; row < rows;)
        {
            int room = row == 0 || wide == narrow ? rows : (int)((long)row * wide / narrow) - row;
            int size = Math.Min(Math.Min(rows - row, room), row == 0 ? Math.Max(most, first) : most);
            yield return (new(row, size), Math.Min(rows - row, room));
            row += size;
        }
    }

    private void Context(QAttention layer, Block block, TensorView value, TensorView output, int headPitch)
    {
        int n = layer.ValidLength;
        int stride = _plan.Stride(n, 1);
        var exponentials = new TensorView([new(block.Rows.Row, block.Rows.Rows, block.Scores, 0)], n, 1, stride);
        for (int c = 0; c < layer.ValueSize; c += _plan.Machine.Columns)
        {
            int columns = Math.Min(_plan.Machine.Columns, layer.ValueSize - c);
            int column = c;
            _products.Lower(exponentials, [block.Rows], n, value, c, columns, byColumns: false, (rows, sum) =>
            {
                Operation op = _products.NewRequantize(rows, columns, output.StrideBytes, layer.ContextShift, block.RowScale, sum, wide: false, perRow: true);
                (Region target, long at) = output.Locate(rows.Row, rows.Rows, (block.Head * headPitch) + column);
                op.Operands.Add(new(Requantize.Output, target, at, columns, rows.Rows, output.StrideBytes, true));
                op.Entries.Add(new(EntryKind.RowScales, block.RowScale, rows.Rows, false, block.ScaleContent));
                _plan.Append(op);
            });
        }
    }
}
