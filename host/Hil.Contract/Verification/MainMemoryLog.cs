using System.Runtime.InteropServices;

namespace Hil.Contract.Verification;

/// <summary>The accesses to main memory so far, by page; an access covered by a later one of the same unit and kind is forgotten.</summary>
internal sealed class MainMemoryLog
{
    private const int PageBits = 10;

    private readonly Dictionary<long, List<Entry>> _pages = [];

    private readonly record struct Entry(int Unit, bool Writes, long First, long End, int Number);

    /// <summary>The last instruction of a unit whose access conflicts with one to first … end−1, or 0.</summary>
    public int LastConflict(int unit, long first, long end, bool writes)
    {
        int last = 0;
        for (long page = first >> PageBits; page <= (end - 1) >> PageBits; page++)
        {
            if (!_pages.TryGetValue(page, out List<Entry>? entries)) continue;
            foreach (ref readonly Entry e in CollectionsMarshal.AsSpan(entries))
            {
                if (e.Unit == unit && (e.Writes || writes) && e.First < end && first < e.End) last = Math.Max(last, e.Number);
            }
        }

        return last;
    }

    public void Note(int unit, long first, long end, bool writes, int number)
    {
        for (long page = first >> PageBits; page <= (end - 1) >> PageBits; page++)
        {
            if (!_pages.TryGetValue(page, out List<Entry>? entries)) _pages[page] = entries = [];
            long low = Math.Max(first, page << PageBits);
            long high = Math.Min(end, (page + 1) << PageBits);
            entries.RemoveAll(e => e.Unit == unit && e.Writes == writes && e.First >= low && e.End <= high);
            entries.Add(new(unit, writes, low, high, number));
        }
    }
}
