using Hil.Contract;

namespace Hil.Compiler.Plans;

/// <summary>
/// Hands out ranges of parameter entries, row scales or table slots in a ring, so that the next content can be loaded while the last one is in use.
/// A range stays good until the ring comes round; hazards keep a later writer behind the last reader. A range can be set aside for work that runs beside
/// what takes others meanwhile.
/// </summary>
internal sealed class EntryRing(string name, int entries, int granule)
{
    private readonly string _name = name;
    private readonly int _entries = entries;
    private readonly int _granule = granule;
    private int _next;
    private int _reserved;

    public int Entries => _entries;

    /// <summary>Sets the first entries aside until <see cref="TakeReserved"/>; the ring is smaller meanwhile.</summary>
    public void Reserve(int count)
    {
        _reserved = Rounded(count);
        _next = Math.Max(_next, _reserved);
    }

    /// <summary>The first of the entries that were set aside.</summary>
    public int TakeReserved()
    {
        _reserved = 0;
        return 0;
    }

    /// <summary>The first entry of a new range of at most so many, beside the range before it: the ring has room for two of those.</summary>
    public int TakeBeside(int count, int most)
    {
        _next = (_next + most - 1) / most * most;
        return Take(count);
    }

    /// <summary>Whether so many ranges of one length, and so many of another, are all good at one time, wherever the ring stands.</summary>
    public bool Holds(int ranges, int count, int otherRanges, int otherCount) =>
        (ranges * Rounded(count)) + (otherRanges * Rounded(otherCount)) + Math.Max(count, otherCount) <= _entries - _reserved;

    /// <summary>The first entry of a new range.</summary>
    public int Take(int count)
    {
        if (_reserved + count > _entries)
        {
            throw new HilException(
                ExitKind.Unsupported, $"A layer needs {_reserved + count} entries of the {_name}, the machine has {_entries}: {_reserved + count - _entries} too many.",
                _name, "Take a machine with a larger one, or a narrower model.");
        }

        if (_next + count > _entries) _next = _reserved;
        int first = _next;
        _next += Rounded(count);
        return first;
    }

    private int Rounded(int count) => (count + _granule - 1) / _granule * _granule;
}
