using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hil.Contract;

namespace Hil.Jobs.Bitstreams;

/// <summary>
/// A <c>.hilbit</c> file: a ZIP of <c>build.json</c> (<c>hil.build/1</c>, with the SHA-256 of the bitstream) and <c>bitstream.bin</c>, as icepack
/// writes it; the ZIP's comment is the SHA-256 of <c>build.json</c>. The same build gives the same bytes.
/// </summary>
/// <param name="Result">What it was made of and what it came to.</param>
/// <param name="Bitstream">What goes into the configuration flash.</param>
public sealed record BitstreamBundle(BuildResult Result, byte[] Bitstream)
{
    private const string ResultEntry = "build.json";
    private const string BitstreamEntry = "bitstream.bin";

    /// <summary>Bytes; a UP5K's bitstream has 104 KB, an XC7A100T's 3.8 MB.</summary>
    private const int LargestEntry = 16 << 20;

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private sealed record Description(string Schema, string BitstreamSha256, BuildResult Build);

    /// <summary>The result as the JSON that <c>hil build --json</c> prints.</summary>
    public static JsonElement Json(BuildResult result) => JsonSerializer.SerializeToElement(result, Options);

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            byte[] description = JsonSerializer.SerializeToUtf8Bytes(new Description(BuildResult.Schema, Sha256(Bitstream), Result), Options);
            zip.Comment = Sha256(description);
            Add(ResultEntry, description);
            Add(BitstreamEntry, Bitstream);

            void Add(string name, byte[] contents)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = NoTime;
                using Stream into = entry.Open();
                into.Write(contents);
            }
        }

        return stream.ToArray();
    }

    /// <exception cref="HilException">It is damaged, or not a bundle of this version.</exception>
    public static BitstreamBundle Read(byte[] bytes, string file)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            string[] names = [.. zip.Entries.Select(e => e.FullName)];
            if (names is not [ResultEntry, BitstreamEntry]) throw Damaged(file, $"holds {names.Length} entries, not {ResultEntry} and {BitstreamEntry}");
            byte[] description = Entry(zip, ResultEntry, file);
            if (Sha256(description) != zip.Comment) throw Damaged(file, "has another description than its comment says");
            var described = JsonSerializer.Deserialize<Description>(description, Options) ?? throw Damaged(file, "has an empty description");
            if (described.Schema != BuildResult.Schema)
            {
                throw new HilException(
                    ExitKind.BadInput, $"It is of version \"{described.Schema}\"; this program reads \"{BuildResult.Schema}\".", file,
                    "Build it again with hil build.");
            }

            byte[] bitstream = Entry(zip, BitstreamEntry, file);
            if (Sha256(bitstream) != described.BitstreamSha256) throw Damaged(file, "has another bitstream than its description says");
            return new BitstreamBundle(described.Build, bitstream);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException or NotSupportedException)
        {
            throw Damaged(file, "is no bundle, or was cut or changed", e);
        }
    }

    /// <summary>The bitstream, for a board.</summary>
    /// <param name="forced">Whether a person said that it is to be loaded in spite of what speaks against it.</param>
    /// <exception cref="HilException">Something speaks against it and it was not forced.</exception>
    public byte[] ForLoading(string file, bool forced) => Result.Objection is { } objection && !forced
        ? throw new HilException(ExitKind.Unsupported, $"It must not be loaded: {objection}.", file, "Build one that may, or force it.")
        : Bitstream;

    private static byte[] Entry(ZipArchive zip, string name, string file)
    {
        ZipArchiveEntry entry = zip.GetEntry(name)!;
        if (entry.Length > LargestEntry) throw Damaged(file, $"says that {name} has {entry.Length} bytes");
        using Stream stream = entry.Open();
        var contents = new byte[entry.Length];
        stream.ReadExactly(contents);
        return stream.ReadByte() < 0 ? contents : throw Damaged(file, $"has more of {name} than it says");
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static HilException Damaged(string file, string what, Exception? cause = null) =>
        new(ExitKind.BadInput, $"The bitstream bundle {what}.", file, "Build it again with hil build, or copy it again.", cause);
}
