using System.Text.Json;
using System.Text.Json.Serialization;
using Hil.Contract;
using Hil.Contract.Json;

namespace Hil.Reconcile.Files;

/// <summary>JSON of the records: camel case, every key required, unknown keys refused.</summary>
internal static class StrictJson
{
    private const long LargestBytes = 1L << 30;

    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        WriteIndented = true,
        NewLine = "\n",
        IndentSize = 1,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new RetirementConverter(),
        },
    };

    public static void Save<T>(string path, T record) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, record, Options));

    public static byte[] Bytes<T>(T record) => JsonSerializer.SerializeToUtf8Bytes(record, Options);

    /// <exception cref="HilException">BadInput: not there, not JSON, or not this record.</exception>
    public static T Load<T>(string path, string what, Action<T> check)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > LargestBytes)
            {
                throw Bad(path, what, $"is larger than {LargestBytes >> 20} MB");
            }

            return Parse(stream, path, what, check);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, what, "cannot be read: " + e.Message, e);
        }
    }

    public static T Parse<T>(Stream stream, string path, string what, Action<T> check)
    {
        try
        {
            T record = JsonSerializer.Deserialize<T>(stream, Options) ?? throw Bad(path, what, "is empty");
            check(record);
            return record;
        }
        catch (JsonException e)
        {
            throw Bad(path, what, $"line {e.LineNumber + 1}: {JsonReason.Of(e)}", e);
        }
        catch (InvalidDataException e)
        {
            throw Bad(path, what, e.Message, e);
        }
    }

    private static HilException Bad(string path, string what, string why, Exception? cause = null) => new(
        ExitKind.BadInput, $"not a {what}: {why}.", path, $"Give a {what} file as 'hil' wrote it.", cause);
}

/// <summary>A retirement is a row of four numbers: index, unit, start, retire. A trace has many.</summary>
internal sealed class RetirementConverter : JsonConverter<Hil.Contract.Records.Retirement>
{
    public override Hil.Contract.Records.Retirement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long> row = stackalloc long[4];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A retirement is a row of four numbers.");
        }

        foreach (ref long value in row)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out value))
            {
                throw new JsonException("A retirement is a row of four numbers.");
            }
        }

        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray
            || row[0] is < 0 or > int.MaxValue || row[1] is < 0 or > (long)Hil.Contract.Isa.Unit.Control)
        {
            throw new JsonException("A retirement is a row of four numbers: index, unit, start, retire.");
        }

        return new Hil.Contract.Records.Retirement((int)row[0], (Hil.Contract.Isa.Unit)row[1], row[2], row[3]);
    }

    public override void Write(Utf8JsonWriter writer, Hil.Contract.Records.Retirement value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{value.Index},{(int)value.Unit},{value.Start},{value.Retire}]");
}
