using Hil.Contract;

namespace Hil.Compiler.Plans;

/// <summary>
/// Hands out ranges of parameter entries, row scales or table slots in a ring, so that the next content can be loaded while the last one is in use.
/// A range stays good until the ring comes round; hazards keep a later writer behind the last reader.
/// </summary>
internal sealed class EntryRing(string name, int entries, int granule)
{
    private readonly string _name = name;
    private readonly int _entries = entries;
    private readonly int _granule = granule;
    private int _next;

    public int Entries => _entries;

    /// <summary>The first entry of a new range.</summary>
    public int Take(int count)
    {
        int rounded = (count + _granule - 1) / _granule * _granule;
        if (count > _entries)
        {
            throw new HilException(
                ExitKind.Unsupported, $"A layer needs {count} entries of the {_name}, the machine has {_entries}: {count - _entries} too many.",
                _name, "Take a machine with a larger one, or a narrower model.");
        }

        if (_next + count > _entries) _next = 0;
        int first = _next;
        _next += rounded;
        return first;
    }
}
