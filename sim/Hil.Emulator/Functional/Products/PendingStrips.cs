using Hil.Contract.Machines;

namespace Hil.Emulator.Functional.Products;

/// <summary>Strips that are held back, and all that they read and write.</summary>
internal sealed class PendingStrips(Machine machine, ProductKernel kernel, bool vectors)
{
    private readonly List<Strip> _strips = [];
    private readonly Strip?[] _halves = new Strip?[2];
    private readonly Dictionary<string, int[]> _packed = [];
    private readonly RegionSet _reads = new();
    private readonly RegionSet _writes = new();

    public bool UsesRowScales { get; private set; }

    public bool Reads(Region region) => _reads.MayOverlap(region);

    public bool Writes(Region region) => _writes.MayOverlap(region);

    /// <summary>Begins a strip in a half, or adds to the one that is there; false if that one is not held back as it should be.</summary>
    public bool AddTerm(int half, int rows, Term term, bool accumulate, Region? source, Region? weights)
    {
        if (accumulate)
        {
            if (_halves[half] is not { Sinks.Count: 0 } open || open.Rows != rows) return false;
            open.Terms.Add(term);
        }
        else
        {
            var strip = new Strip(half, rows);
            strip.Terms.Add(term);
            _strips.Add(strip);
            _halves[half] = strip;
        }

        if (source is { } read) _reads.Add(read);
        if (weights is { } gathered) _reads.Add(gathered);
        return true;
    }

    /// <summary>Adds what is made of the strip in a half; false if it is not held back.</summary>
    public bool AddSink(int half, int rows, Sink sink, Region output)
    {
        if (_halves[half] is not { } strip || strip.Rows != rows) return false;
        strip.Sinks.Add(sink);
        UsesRowScales |= sink.PerRow;
        _writes.Add(output);
        return true;
    }

    /// <summary>All strips as products, in an order that gives the same as theirs; none is held back any more.</summary>
    public List<Product> Take()
    {
        var covered = new int[_halves.Length];
        for (int s = _strips.Count - 1; s >= 0; s--)
        {
            Strip strip = _strips[s];
            strip.VisibleFrom = covered[strip.Half];
            covered[strip.Half] = Math.Max(covered[strip.Half], strip.Rows);
        }

        var groups = new List<List<Strip>>();
        foreach (Strip strip in _strips)
        {
            List<Strip>? group = groups.Find(g => g[0].Matches(strip));
            if (group is null) groups.Add([strip]);
            else group.Add(strip);
        }

        _strips.Clear();
        UsesRowScales = false;
        Array.Clear(_halves);
        _reads.Clear();
        _writes.Clear();
        return groups.ConvertAll(g => new Product(machine, kernel, vectors, g, _packed));
    }
}
