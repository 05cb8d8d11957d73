using Hil.Contract.Machines;

namespace Hil.Emulator.Functional.Products;

/// <summary>Strips with the same activations, run as one large product.</summary>
internal sealed class Product
{
    private readonly Machine _machine;
    private readonly ProductKernel _kernel;
    private readonly bool _vectors;
    private readonly List<Strip> _strips;
    private readonly int _rows;
    private readonly int _panels;
    private readonly ProductTerm[] _terms;
    private readonly List<OutputRun>[] _outputs;

    public Product(
        Machine machine, ProductKernel kernel, bool vectors, List<Strip> strips, Dictionary<string, int[]> packed)
    {
        (_machine, _kernel, _vectors, _strips) = (machine, kernel, vectors, strips);
        _rows = strips[0].Rows;
        _panels = ((strips.Count * machine.Columns) + kernel.PanelColumns - 1) / kernel.PanelColumns;
        _terms = new ProductTerm[strips[0].Terms.Count];
        for (int t = 0; t < _terms.Length; t++)
            _terms[t] = new ProductTerm(machine, strips.ConvertAll(s => s.Terms[t]), kernel.PanelColumns, _panels, packed);
        _outputs = new List<OutputRun>[_panels];
        for (int p = 0; p < _panels; p++) _outputs[p] = [];
        int sinks = strips.Max(s => s.Sinks.Count);
        for (int n = 0; n < sinks; n++) PlaceOutputs(n);
    }

    /// <summary>The level of the kernel that it runs on.</summary>
    public SimdLevel Level => _kernel.Level;

    public void Run(DeviceState state)
    {
        Workspace space = state.Workspace;
        int width = _kernel.PanelColumns;
        Span<int> sums = space.Sums((_rows * width) + Workspace.Slack);
        for (int t = 0; t < _terms.Length; t++) _terms[t].Prepare(state, t, _rows);
        for (int p = 0; p < _panels; p++)
        {
            for (int t = 0; t < _terms.Length; t++)
            {
                if (_terms[t].Shift7) Shift(sums[..(_rows * width)]);
                _terms[t].Multiply(state, t, _kernel, p, sums, _rows, accumulate: t > 0);
            }

            KeepAccumulators(state, p, sums);
            foreach (OutputRun run in _outputs[p]) run.Write(state, sums, width, _rows, _vectors);
        }
    }

    private static void Shift(Span<int> sums)
    {
        for (int n = 0; n < sums.Length; n++) sums[n] = unchecked(sums[n] << 7);
    }

    private void KeepAccumulators(DeviceState state, int panel, ReadOnlySpan<int> sums)
    {
        int width = _kernel.PanelColumns;
        int c = _machine.Columns;
        int last = Math.Min(_strips.Count - 1, ((panel + 1) * width - 1) / c);
        for (int s = panel * width / c; s <= last; s++)
        {
            Strip strip = _strips[s];
            if (strip.VisibleFrom >= _rows) continue;
            int from = Math.Max(s * c, panel * width);
            int to = Math.Min((s + 1) * c, (panel + 1) * width);
            for (int m = strip.VisibleFrom; m < _rows; m++)
            {
                sums.Slice((m * width) + from - (panel * width), to - from)
                    .CopyTo(state.Halves[strip.Half].AsSpan((m * c) + from - (s * c)));
            }
        }
    }

    /// <summary>Joins the n-th sinks of neighbouring strips where they write neighbouring columns, then cuts them at the panels.</summary>
    private void PlaceOutputs(int n)
    {
        int c = _machine.Columns;
        for (int s = 0; s < _strips.Count;)
        {
            if (_strips[s].Sinks.Count <= n)
            {
                s++;
                continue;
            }

            int first = s;
            var joined = new List<Sink> { _strips[s++].Sinks[n] };
            while (s < _strips.Count && _strips[s].Sinks.Count > n && Follows(joined[0], joined[^1], joined.Count, _strips[s].Sinks[n]))
                joined.Add(_strips[s++].Sinks[n]);
            Cut(Join(joined), first * c);
        }

        bool Follows(Sink head, Sink before, int count, Sink next) =>
            before.Columns == c
            && next.Output == head.Output + (count * c * head.ElementBytes)
            && (next.Stride, next.Shift, next.Wide, next.Accumulate, next.PerRow, next.RowScale)
                == (head.Stride, head.Shift, head.Wide, head.Accumulate, head.PerRow, head.RowScale)
            && ReferenceEquals(next.Table, head.Table);
    }

    private static Sink Join(List<Sink> sinks) => sinks[0] with
    {
        Columns = sinks.Sum(s => s.Columns),
        Bias = sinks.SelectMany(s => s.Bias).ToArray(),
        Multiplier = sinks.SelectMany(s => s.Multiplier).ToArray(),
    };

    private void Cut(Sink sink, int column)
    {
        int width = _kernel.PanelColumns;
        for (int done = 0; done < sink.Columns;)
        {
            (int panel, int inside) = Math.DivRem(column + done, width);
            int count = Math.Min(width - inside, sink.Columns - done);
            _outputs[panel].Add(new OutputRun(sink, done, count, inside));
            done += count;
        }
    }
}
