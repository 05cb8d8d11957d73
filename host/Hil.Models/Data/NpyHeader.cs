using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hil.Models.Data;

/// <summary>The head of a <c>.npy</c> file (NumPy enhancement proposal 1, versions 1 to 3).</summary>
internal static partial class NpyHeader
{
    private const int MaximumAxes = 8;
    private const int MaximumHeaderBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "NUMPY"u8;

    /// <summary>Reads the head; <paramref name="error"/> says what is wrong with it, if anything.</summary>
    public static (NpyType Type, ImmutableArray<int> Shape)? Read(Stream stream, long maximumBytes, out string error)
    {
        error = "it ends within its header.";
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10)
        {
            return null;
        }

        if (start[0] != 0x93 || !start[1..6].SequenceEqual(Magic))
        {
            error = "it is no .npy array.";
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] is 2 or 3)
        {
            if (stream.ReadAtLeast(start[10..12], 2, throwOnEndOfStream: false) < 2)
            {
                return null;
            }

            var wide = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
            length = wide > MaximumHeaderBytes ? -1 : (int)wide;
        }

        if (start[6] is < 1 or > 3 || length < 0)
        {
            error = "its header has an unknown version or an absurd length.";
            return null;
        }

        var text = new byte[length];
        if (stream.ReadAtLeast(text, length, throwOnEndOfStream: false) < length)
        {
            return null;
        }

        return Parse(Encoding.Latin1.GetString(text), maximumBytes, out error);
    }

    /// <summary>The head of an array, padded to a multiple of 64 bytes as NumPy does.</summary>
    public static byte[] Write(NpyArray array)
    {
        var type = array.Type switch
        {
            NpyType.Half => "<f2",
            NpyType.Single => "<f4",
            NpyType.Double => "<f8",
            NpyType.Int8 => "|i1",
            NpyType.UInt8 => "|u1",
            NpyType.Int16 => "<i2",
            NpyType.Int32 => "<i4",
            _ => "<i8",
        };
        var shape = string.Concat(array.Shape.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d}, ")));
        shape = array.Shape.Length > 1 ? shape[..^2] : shape.TrimEnd();
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        text = text.PadRight(((text.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        return [0x93, .. Magic, 1, 0, (byte)(text.Length & 255), (byte)(text.Length >> 8), .. Encoding.Latin1.GetBytes(text)];
    }

    private static (NpyType Type, ImmutableArray<int> Shape)? Parse(string text, long maximumBytes, out string error)
    {
        var (type, order, shape) = (TypePattern().Match(text), OrderPattern().Match(text), ShapePattern().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
        {
            error = "its header is not understood.";
            return null;
        }

        NpyType? element = type.Groups[1].Value switch
        {
            "<f2" => NpyType.Half,
            "<f4" => NpyType.Single,
            "<f8" => NpyType.Double,
            "|i1" => NpyType.Int8,
            "|u1" or "|b1" => NpyType.UInt8,
            "<i2" => NpyType.Int16,
            "<i4" => NpyType.Int32,
            "<i8" => NpyType.Int64,
            _ => null,
        };
        if (element is null)
        {
            error = $"its element type '{type.Groups[1].Value}' is not read (f2, f4, f8, i1, i2, i4, i8, u1, b1 little-endian are).";
            return null;
        }

        if (order.Groups[1].Value == "True")
        {
            error = "it is in Fortran order; save numpy.ascontiguousarray of it.";
            return null;
        }

        var axes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var lengths = new List<int>();
        var bytes = (long)NpyArray.SizeOf(element.Value);
        foreach (var axis in axes)
        {
            if (!int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || lengths.Count == MaximumAxes || (bytes *= length) > maximumBytes)
            {
                error = $"its shape ({shape.Groups[1].Value}) is not sensible.";
                return null;
            }

            lengths.Add(length);
        }

        error = string.Empty;
        return (element.Value, [.. lengths]);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,8})'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]*)\)")]
    private static partial Regex ShapePattern();
}
