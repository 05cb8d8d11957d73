using System.Runtime.InteropServices;
using Hil.Contract.Machines;

namespace Hil.Emulator.Functional.Products;

/// <summary>One term of a product: the same activations for all strips, and the panels of their weights.</summary>
internal sealed class ProductTerm
{
    private readonly int _source;
    private readonly int _stride;
    private readonly int _pairs;
    private readonly int _panelColumns;
    private readonly int _panels;
    private readonly (int First, int Length)[] _runs;

    /// <summary>Panels of constant weights, packed once for all samples.</summary>
    private readonly int[]? _packed;
    private readonly (DynamicWeights Weights, int Length, int Column)[] _dynamic = [];

    /// <param name="packed">Panels by the weights that are in them: blocks of rows of one product share them.</param>
    public ProductTerm(Machine machine, List<Term> strips, int panelColumns, int panels, Dictionary<string, int[]> packed)
    {
        (_source, _stride, Shift7) = (strips[0].Source, strips[0].Stride, strips[0].Shift7);
        (_panelColumns, _panels) = (panelColumns, panels);
        int r = machine.Rows;
        int[] indices = strips.SelectMany(Indices).Distinct().Order().ToArray();
        var place = new Dictionary<int, int>();
        foreach (int index in indices) place.Add(index, place.Count * r);
        _runs = Runs(indices, r);
        _pairs = ((indices.Length * r) + 1) / 2;
        if (strips.Exists(s => s.Weights is DynamicWeights))
        {
            // Tiles of LOAD_DYNAMIC are 0, 1, 2 …: a strip's reduction is a prefix of the longest.
            _dynamic = strips
                .Select((s, n) => (Term: s, Column: n * machine.Columns))
                .Where(s => s.Term.Tiles > 0)
                .Select(s => ((DynamicWeights)s.Term.Weights!, Math.Min(((DynamicWeights)s.Term.Weights!).KLength, s.Term.Tiles * r), s.Column))
                .ToArray();
            return;
        }

        string key = string.Join(' ', strips.Select(s => s.Weights is StaticWeights w ? $"{w.Address}:{s.Tiles}" : "-"));
        if (packed.TryGetValue(key, out _packed)) return;
        _packed = new int[panels * _pairs * panelColumns];
        packed.Add(key, _packed);
        for (int s = 0; s < strips.Count; s++)
        {
            if (strips[s].Weights is not StaticWeights weights) continue;
            for (int t = 0; t < strips[s].Tiles; t++)
            {
                PanelPacking.Tile(
                    weights.Weights.AsSpan(t * r * machine.Columns), r, machine.Columns, place[weights.Indices[t]],
                    s * machine.Columns, _pairs, panelColumns, _packed);
            }
        }
    }

    public bool Shift7 { get; }

    /// <summary>Widens the activations, and packs the weights where they are not constant.</summary>
    public void Prepare(DeviceState state, int term, int rows)
    {
        ReadOnlySpan<sbyte> scratchpad = MemoryMarshal.Cast<byte, sbyte>(state.Scratchpad);
        Span<int> activations = state.Workspace.Activations(term, rows * _pairs);
        PanelPacking.Activations(scratchpad, _source, _stride, rows, _runs, _pairs, activations);
        if (_packed is not null) return;
        Span<int> panels = state.Workspace.Panels(term, _panels * _pairs * _panelColumns);
        panels.Clear();
        foreach ((DynamicWeights weights, int length, int column) in _dynamic)
            PanelPacking.Dynamic(scratchpad, weights, length, column, _pairs, _panelColumns, panels);
    }

    public void Multiply(DeviceState state, int term, ProductKernel kernel, int panel, Span<int> sums, int rows, bool accumulate)
    {
        int size = _pairs * _panelColumns;
        ReadOnlySpan<int> panels = _packed ?? state.Workspace.Panels(term, _panels * size);
        kernel.Multiply(
            state.Workspace.Activations(term, rows * _pairs), panels.Slice(panel * size, size), sums, rows, _pairs, accumulate);
    }

    private static IEnumerable<int> Indices(Term term) =>
        Enumerable.Range(0, term.Tiles).Select(t => term.Weights!.Index(t));

    /// <summary>Runs of neighbouring tiles as bytes from the row's begin.</summary>
    private static (int First, int Length)[] Runs(int[] indices, int tileRows)
    {
        var runs = new List<(int First, int Length)>();
        foreach (int index in indices)
        {
            int first = index * tileRows;
            if (runs.Count > 0 && runs[^1].First + runs[^1].Length == first)
                runs[^1] = (runs[^1].First, runs[^1].Length + tileRows);
            else
                runs.Add((first, tileRows));
        }

        return [.. runs];
    }
}

/// <summary>Buffers of one running sample, grown when needed and kept.</summary>
internal sealed class Workspace
{
    /// <summary>Behind the last sum, so that whole vectors can be read.</summary>
    public const int Slack = 16;

    private readonly List<int[]> _activations = [];
    private readonly List<int[]> _panels = [];
    private int[] _sums = [];

    public Span<int> Activations(int term, int length) => Grown(_activations, term, length);

    public Span<int> Panels(int term, int length) => Grown(_panels, term, length);

    public Span<int> Sums(int length)
    {
        if (_sums.Length < length) _sums = new int[length];
        return _sums.AsSpan(0, length);
    }

    private static Span<int> Grown(List<int[]> buffers, int term, int length)
    {
        while (buffers.Count <= term) buffers.Add([]);
        if (buffers[term].Length < length) buffers[term] = new int[length];
        return buffers[term].AsSpan(0, length);
    }
}
