using System.Collections.Immutable;
using System.IO.Compression;
using Hil.Contract;

namespace Hil.Models.Data;

/// <summary>Reads and writes <c>.npz</c> archives (a zip of <c>.npy</c> arrays), as NumPy's savez and savez_compressed write them.</summary>
public static class NpzFile
{
    /// <summary>Largest archive, and largest sum of its arrays, in bytes.</summary>
    public const long MaximumBytes = 1L << 31;

    /// <summary>Largest single array, in bytes.</summary>
    public const long MaximumArrayBytes = 1L << 30;

    private const int MaximumArrays = 256;

    /// <summary>Deflate never does better than 1032 to 1 (zlib's technical notes): a header that claims more is not believed.</summary>
    private const long MaximumCompression = 1032;

    // The zip format counts from 1980; a fixed time makes equal contents equal files.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All arrays by name. Throws <see cref="HilException"/> (BadInput) for anything but a sound archive.</summary>
    public static ImmutableSortedDictionary<string, NpyArray> Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, e.Message, path, "Give the path of a readable .npz file.", e);
        }
    }

    /// <summary>All arrays of a stream that can seek; <paramref name="where"/> names it in errors.</summary>
    public static ImmutableSortedDictionary<string, NpyArray> Read(Stream stream, string where)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            if (stream.Length > MaximumBytes)
            {
                throw Bad($"{stream.Length} bytes are more than the {MaximumBytes} that are read.", where);
            }

            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var arrays = ImmutableSortedDictionary.CreateBuilder<string, NpyArray>(StringComparer.Ordinal);
            var left = MaximumBytes;
            foreach (var entry in archive.Entries)
            {
                if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal) || arrays.Count == MaximumArrays)
                {
                    throw Bad($"it holds '{entry.FullName}', which is no array, or too many arrays.", where);
                }

                var array = ReadArray(entry, entry.FullName[..^4], Math.Min(left, MaximumArrayBytes), stream.Length, where);
                left -= array.Bytes.Length;
                if (!arrays.TryAdd(array.Name, array))
                {
                    throw Bad($"it holds '{array.Name}' twice.", where);
                }
            }

            return arrays.Count == 0 ? throw Bad("it holds no array.", where) : arrays.ToImmutable();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException
            or ArgumentException or OverflowException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new HilException(ExitKind.BadInput, $"it is no .npz archive: {e.Message}", where, Remedy, e);
        }
    }

    /// <summary>The bytes of an archive; equal arrays give equal bytes.</summary>
    public static byte[] Write(IEnumerable<NpyArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var array in arrays)
            {
                var entry = archive.CreateEntry(array.Name + ".npy", CompressionLevel.Optimal);
                entry.LastWriteTime = Epoch;
                using var stream = entry.Open();
                stream.Write(NpyHeader.Write(array));
                stream.Write(array.Bytes);
            }
        }

        return memory.ToArray();
    }

    private const string Remedy = "Write it again with numpy.savez_compressed.";

    private static NpyArray ReadArray(ZipArchiveEntry entry, string name, long maximumBytes, long fileBytes, string where)
    {
        using var entryStream = entry.Open();
        using var stream = new ChecksumStream(entryStream);
        if (NpyHeader.Read(stream, maximumBytes, out var error) is not { } header)
        {
            throw Bad($"array '{name}': {error}", where);
        }

        var bytes = header.Shape.Aggregate((long)NpyArray.SizeOf(header.Type), (a, b) => a * b);
        var most = Math.Min(entry.Length, Math.Min(entry.CompressedLength, fileBytes) * MaximumCompression);
        var data = most < bytes ? [] : new byte[bytes];
        if (data.Length != bytes || stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) < bytes)
        {
            throw Bad($"array '{name}': its values do not fill its shape ({bytes} bytes).", where);
        }

        if (stream.ReadByte() >= 0)
        {
            throw Bad($"array '{name}': there is more data than its shape has.", where);
        }

        return stream.Sum == entry.Crc32
            ? new NpyArray(name, header.Type, header.Shape, data)
            : throw Bad($"array '{name}': its checksum is wrong, the file is damaged.", where);
    }

    private static HilException Bad(string what, string where) => new(ExitKind.BadInput, what, where, Remedy);
}
