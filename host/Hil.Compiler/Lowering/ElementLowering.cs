using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Models.Graphs;
using Hil.Models.Quantized;
using Sum = Hil.Compiler.Plans.Sum;

namespace Hil.Compiler.Lowering;

/// <summary>Lowers sums, constants, maximum pools, gathered rows, softmax of rows and transposition.</summary>
/// <param name="plan">Takes the operations.</param>
/// <param name="pieceCycles">About how long one piece of vector work may be.</param>
internal sealed class ElementLowering(Plan plan, long pieceCycles)
{
    /// <summary>Edge of the identity matrix that transposes, in tiles of the array.</summary>
    private const int TransposeTiles = 4;

    private readonly Plan _plan = plan;
    private readonly VectorSteps _steps = new(plan);
    private readonly long _pieceCycles = pieceCycles;

    public void Sum(QSum layer, TensorView left, TensorView right, TensorView output, IReadOnlyList<RowBlock> blocks)
    {
        (int, object) entry = _steps.AddEntry(layer.LeftMultiplier, layer.RightMultiplier, layer.Shift);
        foreach (RowBlock b in Short(blocks, output.Columns))
            _steps.Add(RowsAt.Of(left, b.Row, b.Rows), RowsAt.Of(right, b.Row, b.Rows), RowsAt.Of(output, b.Row, b.Rows), b.Rows, output.Columns, entry);
    }

    public void Constant(QConstant layer, TensorView output) =>
        _steps.Load(output, 0, output.Rows, (r, c) => layer.Values[(r * output.Columns) + c]);

    public void Gather(QGatherRows layer, Func<string, TensorView> source, TensorView output)
    {
        int row = 0;
        foreach (QRowRun run in layer.Runs)
        {
            (int, object) entry = _steps.MapEntry(0, run.Multiplier, run.Shift);
            TensorView from = source(run.Input);
            for (int done = 0; done < run.Count;)
            {
                int first = run.First + (done * run.Step);
                int rows = Math.Min(run.Count - done, Math.Min(((Left(from, first) - 1) / run.Step) + 1, Left(output, row + done)));
                rows = Math.Min(rows, Most(output.Columns));
                _steps.Map(RowsAt.Of(from, first, rows, run.Step), RowsAt.Of(output, row + done, rows), rows, output.Columns, entry);
                done += rows;
            }

            row += run.Count;
        }
    }

    /// <summary>
    /// max(a, b) of numbers of 9 bits in int16 takes three instructions: d = b − a; u = sat16((d + 256) · 128), which is 32767 from d = 0 on;
    /// rhe(128 · b − u, 7) = max(a, b) − 256. So each further tap is taken in 256 lower, and the last result is raised again.
    /// </summary>
    public void Maximum(QMaximumPool layer, PaddedGrid grid, TensorView source, TensorView output)
    {
        const int Step = 256;
        const int Fraction = 7;
        Window window = layer.Window;
        int columns = output.Columns;
        int lines = Math.Clamp(Math.Max(1, Most(columns) / window.OutputWidth), 1, window.OutputHeight);
        TensorView[] spaces = [.. new[] { "maximum", "tap", "difference" }.Select(n =>
            _plan.NewTensor($"{layer.Output}/{n}", RegionRole.Stream, lines * window.OutputWidth, columns, 2))];

        // Two entries of an ADD, and one of a MAP for each tap and two more.
        bool fits = _plan.Parameters.Holds(2, _plan.Machine.Lanes + 1, window.Taps + 2, 1);
        Func<(int, object)> difference = Entry(() => _steps.AddEntry(1, -1, 0));
        Func<(int, object)> clip = Entry(() => _steps.MapEntry(Step, 1 << Fraction, 0));
        Func<(int, object)> larger = Entry(() => _steps.AddEntry(1 << Fraction, -1, Fraction));
        Func<(int, object)>[] lower = [.. Enumerable.Range(0, window.Taps).Select(t => Entry(() => _steps.MapEntry(-Step * Math.Max(0, t - 1), 1, 0)))];
        Func<(int, object)> raise = Entry(() => _steps.MapEntry(Step * (window.Taps - 1), 1, 0));
        (int, Constant) table = _steps.IdentityTable();
        foreach (RowBlock block in ProductLowering.Blocks(window.OutputHeight, lines))
        {
            int rows = block.Rows * window.OutputWidth;
            for (int tap = 0; tap < window.Taps; tap++)
            {
                for (int line = 0; line < block.Rows; line++)
                {
                    _steps.Map(
                        Tap(window, grid, source, (block.Row + line) * window.OutputWidth, tap), RowsAt.Of(spaces[tap == 0 ? 0 : 1], line * window.OutputWidth, window.OutputWidth),
                        window.OutputWidth, columns, lower[tap]());
                }

                if (tap == 0) continue;
                RowsAt[] at = [.. spaces.Select(s => RowsAt.Of(s, 0, rows))];
                _steps.Add(at[1], at[0], at[2], rows, columns, difference());
                _steps.Map(at[2], at[2], rows, columns, clip());
                _steps.Add(at[1], at[2], at[0], rows, columns, larger());
            }

            int first = block.Row * window.OutputWidth;
            for (int done = 0; done < rows;)
            {
                int count = Math.Min(rows - done, Left(output, first + done));
                _steps.Map(RowsAt.Of(spaces[0], done, count), RowsAt.Of(output, first + done, count), count, columns, raise(), table);
                done += count;
            }
        }

        // Loaded once; or, where not all have a place at one time, anew for each use.
        Func<(int, object)> Entry(Func<(int, object)> load)
        {
            if (!fits) return load;
            (int, object) loaded = load();
            return () => loaded;
        }
    }

    private static RowsAt Tap(Window window, PaddedGrid grid, TensorView source, int output, int tap)
    {
        int position = grid.Start(window, output) + (tap / window.KernelWidth * window.DilationHeight * grid.LineWidth) + (tap % window.KernelWidth * window.DilationWidth);
        return new(source.Pieces[0].Region, (long)position * source.StrideBytes, window.StrideWidth * source.StrideBytes, 1);
    }

    /// <summary>Scores, exponentials, and the product of these with the identity, which the row scales normalise.</summary>
    public void Softmax(QSoftmax layer, TensorView source, TensorView output, IReadOnlyList<RowBlock> blocks)
    {
        int n = output.Columns;
        int columns = _plan.Machine.Columns;
        var entries = new ParameterEntries(1);
        entries.Set(0, 0, layer.Factor);
        (int First, object Content) map = _steps.MapEntry(0, layer.ScoreMultiplier, layer.ScoreShift);
        (int First, object Content) factor = _plan.LoadParameters(entries.ToConstant());
        var identity = new sbyte[n * n];
        for (int i = 0; i < n; i++) identity[(i * n) + i] = 1;
        WeightStrip[] strips = [.. Enumerable.Range(0, (n + columns - 1) / columns).Select(s => WeightStrips.Pack(
            _plan.Machine, identity, n, n, s * columns, Math.Min(columns, n - (s * columns)), [.. Enumerable.Range(0, n)], PlantedFault.None))];
        foreach (RowBlock b in blocks.SelectMany(b => ProductLowering.Blocks(b.Rows, Math.Max(1, _plan.RowScales.Entries / 2)).Select(x => x with { Row = x.Row + b.Row })))
        {
            TensorView scores = _plan.NewTensor($"{layer.Output}/scores[{b.Row}]", RegionRole.Scores, b.Rows, n, 2);
            TensorView powers = _plan.NewTensor($"{layer.Output}/powers[{b.Row}]", RegionRole.Hidden, b.Rows, n, 1);
            _steps.Map(RowsAt.Of(source, b.Row, b.Rows), RowsAt.Of(scores, 0, b.Rows), b.Rows, n, map);
            int scale = _plan.RowScales.Take(b.Rows);
            var content = new object();
            Exponentials(scores, powers, b.Rows, factor, scale, content);
            foreach (WeightStrip strip in strips) Normalise(layer, strip, powers, output, b, scale, content);
        }
    }

    private void Exponentials(TensorView scores, TensorView powers, int rows, (int First, object Content) factor, int scale, object content)
    {
        Operation op = _plan.New(
            StepKind.Softmax, Unit.Vector,
            Instruction.Of(
                Contract.Isa.Softmax.Definition, (Contract.Isa.Softmax.Rows, (uint)rows), (Contract.Isa.Softmax.Columns, (uint)scores.Columns),
                (Contract.Isa.Softmax.Length0, (uint)scores.Columns), (Contract.Isa.Softmax.Index, (uint)factor.First), (Contract.Isa.Softmax.RowScale, (uint)scale)),
            background: true);
        op.Operands.Add(new(Contract.Isa.Softmax.Source, scores.Pieces[0].Region, 0, 2L * scores.Columns, rows, scores.StrideBytes, false));
        op.Operands.Add(new(Contract.Isa.Softmax.Output, powers.Pieces[0].Region, 0, powers.Columns, rows, powers.StrideBytes, true));
        op.Entries.Add(new(EntryKind.Parameters, factor.First, 1, false, factor.Content));
        op.Entries.Add(new(EntryKind.RowScales, scale, rows, true, content));
        _plan.Append(op);
    }

    private void Normalise(QSoftmax layer, WeightStrip strip, TensorView powers, TensorView output, RowBlock block, int scale, object content)
    {
        // More than one where a weight slot is shorter than the array is wide.
        bool isOne = strip.Loads.Count == 1;
        var sum = new Sum { LoadsLeft = isOne ? 0 : strip.Loads.Count };
        foreach ((int l, StripLoad load) in strip.Loads.Index())
        {
            var slot = new SlotContent { ComputesLeft = 1 };
            _plan.Append(_plan.New(
                StepKind.LoadWeights, Unit.Load, Instruction.Of(LoadWeights.Definition, (LoadWeights.Tiles, (uint)load.Tiles)), load.Records, slot, isOne ? null : sum));
            _plan.Append(Compute(powers, block.Rows, load.Tiles, slot, sum, load.MacsPerRow * block.Rows, accumulate: l > 0));
        }

        RowsAt at = RowsAt.Of(output, block.Row, block.Rows);
        Operation op = Requantize(StepKind.RequantizeRows, block.Rows, strip.Columns, sum, at with { Offset = at.Offset + (2L * strip.Column) }, (Contract.Isa.Requantize.Shift, (uint)layer.Shift),
            (Contract.Isa.Requantize.Index, (uint)scale), (Contract.Isa.Requantize.Wide, 1u), (Contract.Isa.Requantize.PerRow, 1u));
        op.Entries.Add(new(EntryKind.RowScales, scale, block.Rows, false, content));
        _plan.Append(op);
    }

    /// <summary>The product of an identity matrix with the tensor's rows as weights by columns, a block of its columns at a time.</summary>
    public void Transpose(TensorView source, TensorView output)
    {
        int columns = _plan.Machine.Columns;
        int edge = DynamicProducts.LongestPart(_plan, source.Columns, Math.Min(TransposeTiles * Math.Max(_plan.Machine.Rows, _plan.WordBytes), _plan.Machine.AccumulatorRows));
        var ones = new ParameterEntries(columns);
        for (int c = 0; c < columns; c++) ones.Set(c, 0, 1);
        (int First, object Content) entry = _plan.LoadParameters(ones.ToConstant());
        (int tableSlot, Constant table) = _steps.IdentityTable();
        TensorView identity = _plan.NewTensor($"{output.Pieces[0].Region.Name}/identity", RegionRole.Normed, edge, edge, 1);
        var bytes = new byte[edge * identity.StrideBytes];
        for (int i = 0; i < edge; i++) bytes[(i * identity.StrideBytes) + i] = 1;
        _steps.LoadBytes(RowsAt.Of(identity, 0, edge), edge, bytes);
        for (int k = 0; k < source.Columns; k += edge)
        {
            int length = Math.Min(edge, source.Columns - k);
            foreach (RowPiece piece in source.Pieces)
            {
                for (int n = piece.Row; n < piece.Row + piece.Rows; n += columns)
                {
                    int count = Math.Min(columns, piece.Row + piece.Rows - n);
                    var slot = new SlotContent { ComputesLeft = 1 };
                    var sum = new Sum();
                    Operation load = _plan.New(
                        StepKind.LoadDynamicColumns, Unit.Load,
                        Instruction.Of(
                            LoadDynamic.Definition, (LoadDynamic.Stride, (uint)(source.StrideBytes / _plan.WordBytes)), (LoadDynamic.KLength, (uint)length),
                            (LoadDynamic.Columns, (uint)count), (LoadDynamic.ByColumns, 1u)),
                        slot: slot);
                    (Region region, long offset) = source.Locate(n, count, k);
                    load.Operands.Add(new(LoadDynamic.Scratch, region, offset, length, count, source.StrideBytes, false));
                    _plan.Append(load);
                    _plan.Append(Compute(identity, length, (length + _plan.Machine.Rows - 1) / _plan.Machine.Rows, slot, sum));
                    RowsAt at = RowsAt.Of(output, k, length);
                    Operation op = Requantize(StepKind.RequantizeColumns, length, count, sum, at with { Offset = at.Offset + n }, (Contract.Isa.Requantize.Index, (uint)entry.First),
                        (Contract.Isa.Requantize.UseTable, 1u), (Contract.Isa.Requantize.TableSlot, (uint)tableSlot));
                    op.Entries.Add(new(EntryKind.Parameters, entry.First, count, false, entry.Content));
                    op.Entries.Add(new(EntryKind.Table, tableSlot, 1, false, table));
                    _plan.Append(op);
                }
            }
        }
    }

    private Operation Compute(TensorView source, int rows, int tiles, SlotContent slot, Sum sum, long macs = 0, bool accumulate = false)
    {
        Operation op = _plan.New(
            StepKind.Compute, Unit.Compute,
            Instruction.Of(
                Contract.Isa.Compute.Definition, (Contract.Isa.Compute.Stride, (uint)(source.StrideBytes / _plan.WordBytes)), (Contract.Isa.Compute.Rows, (uint)rows),
                (Contract.Isa.Compute.Tiles, (uint)tiles), (Contract.Isa.Compute.Accumulate, accumulate ? 1u : 0u)),
            slot: slot, sum: sum, macs: macs);
        op.Operands.Add(new(Contract.Isa.Compute.Source, source.Pieces[0].Region, 0, source.StrideBytes, rows, source.StrideBytes, false));
        return op;
    }

    private Operation Requantize(StepKind kind, int rows, int columns, Sum sum, RowsAt output, params ReadOnlySpan<(Field, uint)> fields)
    {
        Operation op = _plan.New(
            kind, Unit.Vector,
            Instruction.Of(
                Contract.Isa.Requantize.Definition,
                [(Contract.Isa.Requantize.Stride, (uint)(output.StrideBytes / _plan.WordBytes)), (Contract.Isa.Requantize.Rows, (uint)rows), (Contract.Isa.Requantize.Columns, (uint)columns), .. fields]),
            sum: sum);
        op.Operands.Add(new(Contract.Isa.Requantize.Output, output.Region, output.Offset, (long)columns * output.ElementBytes, rows, output.StrideBytes, true));
        return op;
    }

    // Rows from one on that lie in the same piece.
    private static int Left(TensorView view, int row)
    {
        foreach (RowPiece piece in view.Pieces)
        {
            if (row >= piece.Row && row < piece.Row + piece.Rows) return piece.Row + piece.Rows - row;
        }

        throw new InvalidOperationException($"Row {row} lies nowhere.");
    }

    private int Most(int columns) => (int)Math.Clamp(_pieceCycles / Math.Max(1, 4 * _plan.Durations.Groups(columns)), 1, 4095);

    private IEnumerable<RowBlock> Short(IReadOnlyList<RowBlock> blocks, int columns) =>
        blocks.SelectMany(b => ProductLowering.Blocks(b.Rows, Math.Min(b.Rows, Most(columns))).Select(p => p with { Row = p.Row + b.Row }));
}
