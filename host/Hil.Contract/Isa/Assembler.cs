using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hil.Contract.Programs;

namespace Hil.Contract.Isa;

/// <summary>
/// Makes a program of text as <see cref="Disassembler"/> writes it. Directives: <c>.hilp .name .machine .machineHash .contractHash .image .input
/// .output .observable .nest .metadata .at .hex .code .layer .word</c>; everything after a semicolon on a line of code or data is a comment.
/// </summary>
public sealed class Assembler
{
    /// <summary>The lists in a container's header and their directives.</summary>
    internal static readonly IReadOnlyList<(string Key, string Directive)> Lists =
        [("inputs", "input"), ("outputs", "output"), ("observables", "observable"), ("nests", "nest")];

    private const long MostImageBytes = 1 << 30;

    private static readonly string[] Texts = ["name", "machine", "machineHash", "contractHash"];

    private readonly string _where;
    private readonly Dictionary<string, JsonElement> _texts = [];
    private readonly Dictionary<string, List<JsonElement>> _lists = Lists.ToDictionary(l => l.Directive, _ => new List<JsonElement>());
    private readonly List<JsonProperty> _metadata = [];
    private readonly List<(JsonElement Json, int First)> _layers = [];
    private long _base;
    private byte[]? _image;
    private long _at;
    private long _entry = -1;
    private int _count;
    private bool _versioned;
    private int _line;

    private Assembler(string where) => _where = where;

    /// <param name="where">Named in errors, with the line.</param>
    public static ProgramImage Assemble(string text, string where)
    {
        ArgumentNullException.ThrowIfNull(text);
        var assembler = new Assembler(where);
        foreach (string line in text.Split('\n'))
        {
            assembler._line++;
            assembler.Line(line.Trim());
        }

        return assembler.Finish();
    }

    private void Line(string line)
    {
        if (line.Length == 0 || line[0] == ';') return;
        int space = line.IndexOf(' ');
        string word = space < 0 ? line : line[..space];
        string rest = space < 0 ? "" : line[(space + 1)..].Trim();
        try
        {
            if (word[0] == '.' && word != ".word") Directive(word[1..], rest);
            else AddInstruction(InstructionText.Parse(WithoutComment(line)));
        }
        catch (Exception e) when (e is EncodingException or JsonException or FormatException or OverflowException)
        {
            throw Refuse(e.Message, e);
        }
    }

    private void Directive(string word, string rest)
    {
        if (Texts.Contains(word))
        {
            if (!_texts.TryAdd(word, Json(rest))) throw Refuse($".{word} is given twice.");
        }
        else if (_lists.TryGetValue(word, out List<JsonElement>? list))
        {
            list.Add(Json(rest));
        }
        else
        {
            OtherDirective(word, WithoutCommentUnlessJson(word, rest));
        }
    }

    private void OtherDirective(string word, string rest)
    {
        switch (word)
        {
            case "hilp":
                if (rest != ProgramFile.FormatVersion.ToString(CultureInfo.InvariantCulture)) throw Refuse($"Format {rest} is not {ProgramFile.FormatVersion}.");
                _versioned = true;
                break;
            case "metadata":
                JsonProperty[] entries = [.. Json($"{{{rest}}}").EnumerateObject()];
                if (entries is not [var entry]) throw Refuse(".metadata takes one key and its value.");
                _metadata.Add(entry);
                break;
            case "image":
                string[] parts = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length != 2 || _image is not null) throw Refuse(".image takes its address and its length in bytes, once.");
                _base = Number(parts[0]);
                long bytes = Number(parts[1]);
                if (bytes > MostImageBytes) throw Refuse($"An image has at most {MostImageBytes} bytes.");
                _image = new byte[bytes];
                _at = _base;
                break;
            case "at":
                _at = Number(rest);
                break;
            case "hex":
                Put(Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal)));
                break;
            case "code":
                if (_entry >= 0) throw Refuse(".code is given twice.");
                _entry = _at = Number(rest);
                break;
            case "layer":
                _layers.Add((Json(rest), _count));
                break;
            default:
                throw Refuse($"There is no directive .{word}.");
        }
    }

    private void AddInstruction(Instruction instruction)
    {
        if (_entry < 0 || _at != _entry + ((long)_count * Instruction.Bytes)) throw Refuse("Instructions follow .code without a gap.");
        byte[] bytes = new byte[Instruction.Bytes];
        instruction.WriteTo(bytes);
        Put(bytes);
        _count++;
    }

    private void Put(byte[] bytes)
    {
        if (_image is null) throw Refuse(".image comes before what lies in it.");
        if (_at < _base || _at + bytes.Length > _base + _image.Length) throw Refuse($"0x{_at:x} lies outside of the image.");
        bytes.CopyTo(_image, _at - _base);
        _at += bytes.Length;
    }

    private ProgramImage Finish()
    {
        if (!_versioned) throw Refuse(".hilp is missing.");
        if (_image is null) throw Refuse(".image is missing.");
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("schema", ProgramHeader.Schema);
            foreach ((string key, JsonElement value) in _texts)
            {
                json.WritePropertyName(key);
                value.WriteTo(json);
            }

            json.WriteNumber("imageBase", _base);
            json.WriteNumber("entry", Math.Max(0, _entry));
            json.WriteNumber("instructionCount", _count);
            foreach ((string key, string directive) in Lists)
            {
                json.WriteStartArray(key);
                foreach (JsonElement item in _lists[directive]) item.WriteTo(json);
                json.WriteEndArray();
            }

            json.WriteStartArray("layers");
            for (int i = 0; i < _layers.Count; i++) WriteLayer(json, i);
            json.WriteEndArray();
            json.WriteStartObject("metadata");
            foreach (JsonProperty item in _metadata) item.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return ProgramHeader.Read(stream.ToArray(), _image, _where);
    }

    private void WriteLayer(Utf8JsonWriter json, int index)
    {
        (JsonElement layer, int first) = _layers[index];
        if (layer.ValueKind != JsonValueKind.Object) throw Refuse(".layer takes an object.");
        int next = index + 1 < _layers.Count ? _layers[index + 1].First : _count;
        json.WriteStartObject();
        foreach (JsonProperty property in layer.EnumerateObject()) property.WriteTo(json);
        json.WriteNumber("firstInstruction", first);
        json.WriteNumber("instructionCount", next - first);
        json.WriteEndObject();
    }

    private static string WithoutComment(string line)
    {
        int semicolon = line.IndexOf(';');
        return (semicolon < 0 ? line : line[..semicolon]).TrimEnd();
    }

    private static string WithoutCommentUnlessJson(string word, string rest) =>
        word is "layer" or "metadata" ? rest : WithoutComment(rest);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        return document.RootElement.Clone();
    }

    private long Number(string text)
    {
        bool hex = text.StartsWith("0x", StringComparison.Ordinal);
        return long.TryParse(
            hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value is >= 0 and <= uint.MaxValue
            ? value
            : throw Refuse($"{text} is not a number of at most 32 bits.");
    }

    private HilException Refuse(string what, Exception? cause = null) =>
        new(ExitKind.BadInput, what, $"{_where}({_line})", "Correct the line.", cause);
}
