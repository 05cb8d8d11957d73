using System.Buffers.Binary;
using Google.Protobuf;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>Element types (TensorProto.DataType of the ONNX specification) and the values inside a TensorProto.</summary>
internal static class TensorData
{
    public const int Float = 1;
    public const int Uint8 = 2;
    public const int Int8 = 3;
    public const int Uint16 = 4;
    public const int Int16 = 5;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Uint4 = 21;
    public const int Int4 = 22;
    public const int Double = 11;

    /// <summary>Largest number of elements of one tensor that is read.</summary>
    public const long MaximumElements = 1L << 27;

    /// <summary>Product of the dimensions, or -1 if one is negative or the product is too large.</summary>
    public static long Count(IEnumerable<long> dims)
    {
        var count = 1L;
        foreach (var dim in dims)
        {
            if (dim is < 0 or > MaximumElements)
            {
                return -1;
            }

            count *= dim;
            if (count > MaximumElements)
            {
                return -1;
            }
        }

        return count;
    }

    /// <summary>Bytes of all values as raw data, or null if the shape or the type is not read.</summary>
    public static long? ByteCount(TensorProto tensor) => (Count(tensor.Dims), ElementBytes(tensor.DataType)) switch
    {
        (< 0, _) => null,
        (var count, 0) => tensor.DataType is Uint4 or Int4 ? (count + 1) / 2 : null,
        var (count, bytes) => count * bytes,
    };

    /// <summary>What is wrong with a tensor stored in the file, or null.</summary>
    public static string? Error(TensorProto tensor)
    {
        var count = Count(tensor.Dims);
        if (count < 0)
        {
            return "its shape is negative or too large.";
        }

        if (ExternalData.IsExternal(tensor))
        {
            return "its values are in another file (external data), which is not here.";
        }

        var elementBytes = ElementBytes(tensor.DataType);
        if (tensor.DataType is Uint4 or Int4)
        {
            var packed = tensor.RawData.Length > 0 ? tensor.RawData.Length : tensor.Int32Data.Count;
            return packed == (count + 1) / 2 ? null : $"{packed} bytes do not hold {count} elements of 4 bits.";
        }

        if (elementBytes == 0)
        {
            return $"its element type {tensor.DataType} is not read (float32, float64, float16, int4 to int64, uint4 to uint16 and bool are).";
        }

        if (tensor.RawData.Length > 0)
        {
            return tensor.RawData.Length == count * elementBytes
                ? FiniteError(tensor)
                : $"{tensor.RawData.Length} bytes of values do not fill its shape ({count * elementBytes} bytes).";
        }

        long stored = tensor.DataType switch
        {
            Float => tensor.FloatData.Count,
            Int64 => tensor.Int64Data.Count,
            Double => tensor.DoubleData.Count,
            _ => tensor.Int32Data.Count,
        };
        return stored == count ? FiniteError(tensor) : $"{stored} values do not fill its shape ({count} elements).";
    }

    /// <summary>The values of a checked float32 tensor.</summary>
    public static float[] Floats(TensorProto tensor)
    {
        if (tensor.RawData.Length == 0)
        {
            return [.. tensor.FloatData];
        }

        var result = new float[tensor.RawData.Length / sizeof(float)];
        if (Skeleton.IsBlank(tensor))
        {
            // Never written, its pages take no memory.
            return result;
        }

        for (var i = 0; i < result.Length; i++)
        {
            result[i] = BinaryPrimitives.ReadSingleLittleEndian(tensor.RawData.Span[(i * sizeof(float))..]);
        }

        return result;
    }

    /// <summary>The values of a checked int64 tensor.</summary>
    public static long[] Longs(TensorProto tensor)
    {
        if (tensor.RawData.Length == 0)
        {
            return [.. tensor.Int64Data];
        }

        var result = new long[tensor.RawData.Length / sizeof(long)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = BinaryPrimitives.ReadInt64LittleEndian(tensor.RawData.Span[(i * sizeof(long))..]);
        }

        return result;
    }

    /// <summary>The values of a checked tensor of integers of at most 32 bits, those of 4 bits unpacked; null of another type.</summary>
    public static int[]? Integers(TensorProto tensor)
    {
        if (Bits(tensor.DataType) is not (var bits and > 0))
        {
            return null;
        }

        var raw = tensor.RawData.Span;
        if (bits == 4)
        {
            byte[] packed = raw.Length > 0 ? raw.ToArray() : [.. tensor.Int32Data.Select(v => unchecked((byte)v))];
            return
            [
                .. Enumerable.Range(0, (int)Count(tensor.Dims)).Select(i =>
                {
                    var nibble = (packed[i / 2] >> (4 * (i % 2))) & 15;
                    return tensor.DataType == Int4 && nibble > 7 ? nibble - 16 : nibble;
                }),
            ];
        }

        if (raw.Length == 0)
        {
            return [.. tensor.Int32Data];
        }

        var result = new int[raw.Length * 8 / bits];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = tensor.DataType switch
            {
                Uint8 => raw[i],
                Int8 => unchecked((sbyte)raw[i]),
                Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * i)..]),
                Int16 => BinaryPrimitives.ReadInt16LittleEndian(raw[(2 * i)..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(raw[(4 * i)..]),
            };
        }

        return result;
    }

    /// <summary>Puts other values into a float32 tensor.</summary>
    public static void Replace(TensorProto tensor, float[] values)
    {
        if (tensor.DataType != Float || Count(tensor.Dims) != values.Length)
        {
            throw new ArgumentException($"'{tensor.Name}' does not hold {values.Length} float32 values.", nameof(values));
        }

        tensor.FloatData.Clear();
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private static string? FiniteError(TensorProto tensor) =>
        tensor.DataType == Float && !Skeleton.IsBlank(tensor) && Array.Exists(Floats(tensor), v => float.IsNaN(v) || float.IsPositiveInfinity(v))
            ? "it holds a NaN or an infinity."
            : null;

    private static int ElementBytes(int type) => type switch
    {
        2 or 3 or Bool => 1,
        4 or 5 or 10 => 2,
        Float or Int32 => 4,
        Int64 or Double => 8,
        _ => 0,
    };

    private static int Bits(int type) => type switch
    {
        Uint4 or Int4 => 4,
        Uint8 or Int8 => 8,
        Uint16 or Int16 => 16,
        Int32 => 32,
        _ => 0,
    };
}
