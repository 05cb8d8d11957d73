using System.Text.Json;

namespace Hil.Contract.Json;

/// <summary>
/// One JSON object read strictly: a missing key, a value of another kind or outside of its range, a duplicate and, at <see cref="Done"/>, an
/// unknown key are each a <see cref="HilException"/> that names the place.
/// </summary>
public sealed class StrictObject
{
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _path;
    private readonly HashSet<string> _known = [];

    private StrictObject(JsonElement element, string file, string path)
    {
        (_element, _file, _path) = (element, file, path);
        if (element.ValueKind != JsonValueKind.Object) throw Refuse(path, $"is {Kind(element)}, not an object.");
    }

    /// <summary>Reads a whole document with the given reader, which must call <see cref="Done"/> on each object it opens.</summary>
    /// <param name="file">Named in errors.</param>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, string file, Func<StrictObject, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(utf8, options);
            return read(new StrictObject(document.RootElement, file, ""));
        }
        catch (JsonException e)
        {
            throw new HilException(ExitKind.BadInput, $"This is not valid JSON: {JsonReason.Of(e)}", file, "Correct the file.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new HilException(ExitKind.BadInput, "A text is not valid Unicode.", file, "Correct the file.", e);
        }
    }

    /// <summary>The version key; any other value is refused by name.</summary>
    public void Schema(string expected)
    {
        string found = Text("schema");
        if (found != expected) throw Refuse("schema", $"is \"{found}\"; this version reads \"{expected}\".");
    }

    public int Whole(string key, int least, int most) => (int)Long(key, least, most);

    public long Long(string key, long least, long most)
    {
        JsonElement value = Take(key);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
            throw Refuse(key, $"is {Kind(value)}, not a whole number.");
        return number >= least && number <= most ? number : throw Refuse(key, $"is {number}; it must be {least} to {most}.");
    }

    public int PowerOfTwo(string key, int least, int most)
    {
        int number = Whole(key, least, most);
        return int.IsPow2(number) ? number : throw Refuse(key, $"is {number}; it must be a power of two.");
    }

    public double Real(string key, double least, double most)
    {
        JsonElement value = Take(key);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
            throw Refuse(key, $"is {Kind(value)}, not a number.");
        return number >= least && number <= most ? number : throw Refuse(key, $"is {number}; it must be {least} to {most}.");
    }

    public bool Flag(string key)
    {
        JsonElement value = Take(key);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Refuse(key, $"is {Kind(value)}, not true or false."),
        };
    }

    public string Text(string key, int mostCharacters = 4096)
    {
        JsonElement value = Take(key);
        if (value.ValueKind != JsonValueKind.String) throw Refuse(key, $"is {Kind(value)}, not a text.");
        string text = value.GetString()!;
        return text.Length <= mostCharacters ? text : throw Refuse(key, $"has {text.Length} characters; at most {mostCharacters} are allowed.");
    }

    /// <summary>One of the names of an enumeration, in camel case.</summary>
    public T Name<T>(string key)
        where T : struct, Enum
    {
        string text = Text(key);
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (Camel(candidate) == text) return candidate;
        }

        throw Refuse(key, $"is \"{text}\"; it must be one of {string.Join(", ", Enum.GetValues<T>().Select(Camel))}.");
    }

    /// <summary>An enumeration value as <see cref="Name{T}"/> reads it.</summary>
    public static string Camel<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public StrictObject Object(string key) => new(Take(key), _file, Place(key));

    public IReadOnlyList<StrictObject> Objects(string key, int least, int most) =>
        [.. Items(key, least, most).Select((e, i) => new StrictObject(e, _file, $"{Place(key)}[{i}]"))];

    public IReadOnlyList<int> Wholes(string key, int most, int leastValue, int mostValue) =>
        [.. Items(key, 0, most).Select((e, i) =>
            e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int n) && n >= leastValue && n <= mostValue
                ? n
                : throw Refuse($"{key}[{i}]", $"is not a whole number of {leastValue} to {mostValue}."))];

    public IReadOnlyList<string> Strings(string key, int most, int mostCharacters = 4096) =>
        [.. Items(key, 0, most).Select((e, i) =>
            e.ValueKind == JsonValueKind.String && e.GetString() is { } text && text.Length <= mostCharacters
                ? text
                : throw Refuse($"{key}[{i}]", $"is not a text of at most {mostCharacters} characters."))];

    /// <summary>All keys of an object whose values are texts; it needs no <see cref="Done"/>.</summary>
    public IReadOnlyDictionary<string, string> Texts(string key, int most, int mostCharacters = 4096)
    {
        StrictObject map = Object(key);
        if (map._element.EnumerateObject().Count() > most) throw Refuse(key, $"has more than {most} entries.");
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in map._element.EnumerateObject()) texts.Add(property.Name, map.Text(property.Name, mostCharacters));
        return texts;
    }

    /// <summary>Refuses keys that nothing has asked for.</summary>
    public void Done()
    {
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (!_known.Contains(property.Name)) throw Refuse(property.Name, $"is not a key; known are {string.Join(", ", _known)}.");
        }
    }

    /// <summary>An error at a key, for rules between keys.</summary>
    public HilException Refuse(string key, string what) =>
        new(ExitKind.BadInput, $"{Place(key)} {what}", _file, "Correct the file.");

    private string Place(string key) => _path.Length == 0 ? key : key == _path ? _path : $"{_path}.{key}";

    private JsonElement Take(string key)
    {
        _known.Add(key);
        return _element.TryGetProperty(key, out JsonElement value) ? value : throw Refuse(key, "is missing; every key is required.");
    }

    private List<JsonElement> Items(string key, int least, int most)
    {
        JsonElement array = Take(key);
        if (array.ValueKind != JsonValueKind.Array) throw Refuse(key, $"is {Kind(array)}, not a list.");
        int length = array.GetArrayLength();
        return length >= least && length <= most
            ? [.. array.EnumerateArray()]
            : throw Refuse(key, $"has {length} items; it must have {least} to {most}.");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => $"the number {value.GetRawText()[..Math.Min(40, value.GetRawText().Length)]}",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
