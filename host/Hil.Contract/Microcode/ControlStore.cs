using System.Globalization;

namespace Hil.Contract.Microcode;

/// <summary>
/// Microcode as the unit's two memories hold it. A word of 16 bits is a branch (bit 15, its kind and target), or a step and the number of a control word; control words, each
/// different one once, say what the rest of the unit does. Word 0 and control word 0 do nothing.
/// </summary>
public sealed class ControlStore
{
    /// <summary>Bits of a word.</summary>
    public const int WordBits = 16;

    /// <summary>Words that there is room for.</summary>
    public const int MostWords = 512;

    /// <summary>Control words that there is room for.</summary>
    public const int MostControls = 256;

    /// <summary>The bit that makes a word a branch.</summary>
    public const int BranchBit = 15;

    private readonly List<int> _words = [];
    private readonly List<long> _controls = [0];
    private readonly Dictionary<long, int> _places = new() { [0] = 0 };
    private readonly List<List<int>> _groups = [.. Field.Groups.Select(_ => new List<int> { 0 })];

    /// <exception cref="InvalidOperationException">The microcode does not fit the memories, or a branch does something besides.</exception>
    public ControlStore(IReadOnlyList<IReadOnlyDictionary<Field, int>> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        foreach (IReadOnlyDictionary<Field, int> word in words) _words.Add(Encode(word));
        if (_words.Count > MostWords || _controls.Count > MostControls)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{_words.Count} words and {_controls.Count} control words of microcode; {MostWords} and {MostControls} at most."));
    }

    public IReadOnlyList<int> Words => _words;

    public IReadOnlyList<long> Controls => _controls;

    /// <summary>What each number of a group stands for: its fields' values, the first field lowest.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups => _groups;

    private int Encode(IReadOnlyDictionary<Field, int> word)
    {
        long control = Control(word);
        int step = word.GetValueOrDefault(Field.Step);
        int branch = word.GetValueOrDefault(Field.Branch);
        if (branch != 0)
        {
            if (control != 0 || step != 0) throw new InvalidOperationException($"Word {_words.Count}: a branch does nothing else.");
            return (1 << BranchBit) | (branch << Field.Branch.Lsb) | word.GetValueOrDefault(Field.Target);
        }

        if (!_places.TryGetValue(control, out int place))
        {
            place = _controls.Count;
            _places.Add(control, place);
            _controls.Add(control);
        }

        return (step << Field.Step.Lsb) | place;
    }

    private long Control(IReadOnlyDictionary<Field, int> word)
    {
        long control = 0;
        foreach (Field field in Field.All.Where(f => f.Lsb < Field.PlainBits)) control |= (long)word.GetValueOrDefault(field) << field.Lsb;
        for (int g = 0; g < Field.Groups.Count; g++)
        {
            int value = Field.Groups[g].Fields.Sum(f => word.GetValueOrDefault(f) << (f.Lsb - Field.Groups[g].Fields[0].Lsb));
            int number = _groups[g].IndexOf(value);
            if (number < 0)
            {
                number = _groups[g].Count;
                if (number == 1 << Field.GroupBits) throw new InvalidOperationException($"Word {_words.Count}: one combination too many of the {Field.Groups[g].Name}.");
                _groups[g].Add(value);
            }

            control |= (long)number << (Field.PlainBits + (Field.GroupBits * g));
        }

        return control;
    }
}
