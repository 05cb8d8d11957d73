namespace Hil.Emulator.Functional.Products;

/// <summary>Bytes of the scratchpad: rows of equal length, a stride apart.</summary>
internal readonly record struct Region(long First, long RowLength, long Rows, long Stride)
{
    public long End => First + ((Rows - 1) * Stride) + RowLength;

    /// <summary>False only if no byte is in both.</summary>
    public bool MayOverlap(Region other)
    {
        if (First >= other.End || other.First >= End) return false;
        bool comparable = Stride == other.Stride && Stride > 0 && RowLength <= Stride && other.RowLength <= Stride;
        if (!comparable || Rows == 1 || other.Rows == 1) return true;

        // Rows of equal stride: they meet in no row unless their columns do, taken around the stride.
        long shift = (((other.First - First) % Stride) + Stride) % Stride;
        return shift < RowLength || shift + other.RowLength > Stride;
    }

    /// <summary>This and another as one region, if they lie side by side or one below the other.</summary>
    public Region? Joined(Region next)
    {
        if (Stride != next.Stride) return null;
        if (Rows == next.Rows && First + RowLength == next.First) return this with { RowLength = RowLength + next.RowLength };
        bool below = RowLength == next.RowLength && First + (Rows * Stride) == next.First;
        return below ? this with { Rows = Rows + next.Rows } : null;
    }
}

/// <summary>A set of regions, kept short by joining neighbours that are added one after the other.</summary>
internal sealed class RegionSet
{
    private readonly List<Region> _regions = [];

    public void Clear() => _regions.Clear();

    public bool MayOverlap(Region region)
    {
        foreach (Region one in _regions)
        {
            if (one.MayOverlap(region)) return true;
        }

        return false;
    }

    public void Add(Region region)
    {
        int last = _regions.Count - 1;
        for (int n = last; n >= Math.Max(0, last - 3); n--)
        {
            if (_regions[n] == region) return;
            if (_regions[n].Joined(region) is not { } joined) continue;
            _regions[n] = joined;
            return;
        }

        _regions.Add(region);
    }
}
