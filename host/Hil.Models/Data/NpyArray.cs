using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Hil.Models.Data;

/// <summary>Element types of arrays that are read, by the letters NumPy gives them.</summary>
public enum NpyType
{
    /// <summary>f2</summary>
    Half,

    /// <summary>f4</summary>
    Single,

    /// <summary>f8</summary>
    Double,

    /// <summary>i1</summary>
    Int8,

    /// <summary>u1, b1</summary>
    UInt8,

    /// <summary>i2</summary>
    Int16,

    /// <summary>i4</summary>
    Int32,

    /// <summary>i8</summary>
    Int64,
}

/// <summary>One array of an archive: row-major, little-endian.</summary>
public sealed class NpyArray
{
    private readonly byte[] _bytes;

    internal NpyArray(string name, NpyType type, ImmutableArray<int> shape, byte[] bytes) =>
        (Name, Type, Shape, _bytes) = (name, type, shape, bytes);

    /// <summary>Name in the archive, without <c>.npy</c>.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public NpyType Type { get; }

    /// <summary>Lengths of the axes; empty for a single number.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => _bytes.Length / SizeOf(Type);

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>An array of float32.</summary>
    public static NpyArray Of(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Checked(name, NpyType.Single, shape, values.Length, bytes);
    }

    /// <summary>An array of float64.</summary>
    public static NpyArray Of(string name, ReadOnlySpan<int> shape, ReadOnlySpan<double> values)
    {
        var bytes = new byte[values.Length * sizeof(double)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        }

        return Checked(name, NpyType.Double, shape, values.Length, bytes);
    }

    /// <summary>An array of int64.</summary>
    public static NpyArray Of(string name, ReadOnlySpan<int> shape, ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Checked(name, NpyType.Int64, shape, values.Length, bytes);
    }

    /// <summary>All elements as float32, rounded where the type is wider.</summary>
    public float[] ToSingles()
    {
        var result = new float[Count];
        var size = SizeOf(Type);
        for (var i = 0; i < result.Length; i++)
        {
            var element = _bytes.AsSpan(i * size, size);
            result[i] = Type switch
            {
                NpyType.Half => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                NpyType.Single => BinaryPrimitives.ReadSingleLittleEndian(element),
                NpyType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                _ => ReadInteger(element),
            };
        }

        return result;
    }

    /// <summary>All elements as float64.</summary>
    public double[] ToDoubles() => Type switch
    {
        NpyType.Double => [.. Enumerable.Range(0, Count).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(_bytes.AsSpan(i * sizeof(double))))],
        _ when ToIntegers() is { } integers => Array.ConvertAll(integers, v => (double)v),
        _ => Array.ConvertAll(ToSingles(), v => (double)v),
    };

    /// <summary>All elements as int64; null if the type is a floating-point one.</summary>
    public long[]? ToIntegers()
    {
        if (Type is NpyType.Half or NpyType.Single or NpyType.Double)
        {
            return null;
        }

        var result = new long[Count];
        var size = SizeOf(Type);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ReadInteger(_bytes.AsSpan(i * size, size));
        }

        return result;
    }

    internal static int SizeOf(NpyType type) => type switch
    {
        NpyType.Int8 or NpyType.UInt8 => 1,
        NpyType.Half or NpyType.Int16 => 2,
        NpyType.Single or NpyType.Int32 => 4,
        _ => 8,
    };

    private long ReadInteger(ReadOnlySpan<byte> element) => Type switch
    {
        NpyType.Int8 => unchecked((sbyte)element[0]),
        NpyType.UInt8 => element[0],
        NpyType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
        NpyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
        _ => BinaryPrimitives.ReadInt64LittleEndian(element),
    };

    private static NpyArray Checked(string name, NpyType type, ReadOnlySpan<int> shape, int count, byte[] bytes)
    {
        var product = 1L;
        foreach (var length in shape)
        {
            product *= length;
        }

        return product == count
            ? new NpyArray(name, type, [.. shape], bytes)
            : throw new ArgumentException($"{count} values do not fill the shape.", nameof(shape));
    }
}
