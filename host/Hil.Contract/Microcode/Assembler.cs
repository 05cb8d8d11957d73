using System.Globalization;

namespace Hil.Contract.Microcode;

/// <summary>Some fields of a word.</summary>
/// <param name="Parts">Each field and what it holds.</param>
public sealed record Part(params (Field Field, int Value)[] Parts)
{
    public static Part operator +(Part left, Part right) => new([.. left.Parts, .. right.Parts]);

    /// <summary>Named form of the sum.</summary>
    public Part Add(Part other) => this + other;
}

/// <summary>A place in the microcode that may be named before it is reached.</summary>
public sealed class Label
{
    /// <summary>The word, or −1.</summary>
    public int At { get; internal set; } = -1;
}

/// <summary>Collects words of microcode. Two different things in one field of one word are an error.</summary>
public sealed class Assembler
{
    private readonly List<Dictionary<Field, int>> _words = [];
    private readonly List<string> _comments = [];
    private readonly List<(int Word, Label Target)> _targets = [];

    /// <summary>Words so far.</summary>
    public int Count => _words.Count;

    /// <summary>What each word is for; empty where the one before says it.</summary>
    public IReadOnlyList<string> Comments => _comments;

    /// <summary>Makes the next word the label's.</summary>
    public void Mark(Label label) => label.At = Count;

    /// <summary>A word.</summary>
    public void Word(string comment, params Part[] parts)
    {
        _comments.Add(comment);
        _words.Add([]);
        foreach (Part part in parts) Merge(Count - 1, part);
    }

    /// <summary>A word after which it goes on elsewhere, perhaps.</summary>
    public void Branch(string comment, Branch branch, Label target)
    {
        Word(comment, new Part((Field.Branch, (int)branch)));
        _targets.Add((Count - 1, target));
    }

    /// <summary>A branch to the next word: where a loop begins that neither a count nor a branch stands before.</summary>
    public void Here()
    {
        var here = new Label();
        Branch("", Microcode.Branch.Jump, here);
        Mark(here);
    }

    /// <summary>
    /// A loop whose iterations overlap: what happens in which cycle after an element's first one, folded to as many words as there are cycles from element to element.
    /// It needs an iteration for each element, and one more for each further period that an element takes. A branch or the count stands right before it.
    /// </summary>
    public void Loop(string comment, int period, params (int Cycle, Part Part)[] steps)
    {
        int first = Count;
        for (int i = 0; i < period; i++) Word(i == 0 ? comment : "");
        foreach ((int cycle, Part part) in steps) Merge(first + (cycle % period), part);
        Merge(Count - 1, Do.Other(Misc.Loop));
    }

    /// <summary>Words without an effect up to a multiple of so many.</summary>
    public void Align(int words)
    {
        while (Count % words != 0) Word("");
    }

    /// <summary>The words, field by field.</summary>
    public IReadOnlyList<IReadOnlyDictionary<Field, int>> Words()
    {
        foreach ((int word, Label target) in _targets)
        {
            if (target.At < 0) throw new InvalidOperationException($"Word {word} goes to a label that is nowhere.");
            Merge(word, new Part((Field.Target, target.At)));
        }

        _targets.Clear();
        return _words;
    }

    private void Merge(int word, Part part)
    {
        foreach ((Field field, int value) in part.Parts)
        {
            if (value < 0 || value >= 1 << field.Width)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Word {word}: {value} does not fit {field.Name}."));
            if (!_words[word].TryAdd(field, value) && _words[word][field] != value)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Word {word} ({_comments[word]}): {field.Name} is {_words[word][field]} and {value}."));
        }
    }
}
