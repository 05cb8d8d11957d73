using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hil.Contract;

namespace Hil.Models.Quantized;

/// <summary>
/// Saves and loads a quantized graph as one JSON file: <c>schema</c>, <c>sha256</c> of the compact JSON of <c>graph</c>, <c>graph</c>.
/// The same graph always gives the same bytes.
/// </summary>
public static class QuantizedGraphFile
{
    /// <summary>Format and version of the file.</summary>
    public const string Schema = "hil.quantized/1";

    private const long MaximumBytes = 1L << 30;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
        Converters =
        {
            new ArrayConverter<sbyte>(),
            new ArrayConverter<short>(),
            new ArrayConverter<ushort>(),
            new ArrayConverter<int>(),
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    };

    /// <summary>The file's bytes. Throws <see cref="ArgumentException"/> for a graph that fails its checks.</summary>
    public static byte[] Write(QuantizedGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (QuantizedGraphChecks.FirstError(graph) is { } error)
        {
            throw new ArgumentException(error, nameof(graph));
        }

        var body = JsonSerializer.Serialize(graph, Options);
        return Encoding.UTF8.GetBytes($"{{\"schema\":\"{Schema}\",\"sha256\":\"{Hash(body)}\",\"graph\":{body}}}\n");
    }

    /// <summary>Reads and checks a file. Throws <see cref="HilException"/> (BadInput) for anything but a sound graph.</summary>
    public static QuantizedGraph Read(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 16 });
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var schema = root.GetProperty("schema").GetString();
            if (schema != Schema)
            {
                throw Bad($"its schema is '{schema}', this program reads '{Schema}'.", where);
            }

            var body = root.GetProperty("graph").GetRawText();
            if (root.GetProperty("sha256").GetString() != Hash(body))
            {
                throw Bad("its checksum does not match its contents.", where);
            }

            var graph = JsonSerializer.Deserialize<QuantizedGraph>(body, Options) ?? throw Bad("it is empty.", where);
            return QuantizedGraphChecks.FirstError(graph) is { } error ? throw Bad(error, where) : graph;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new HilException(
                ExitKind.BadInput, $"not a quantized graph: {e.Message}", where, "Make it again with `hil quantize`.", e);
        }
    }

    private static string Hash(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static HilException Bad(string what, string where) =>
        new(ExitKind.BadInput, what, where, "Make it again with `hil quantize`.");
}
