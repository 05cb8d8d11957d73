using System.Buffers.Binary;
using Hil.Contract;
using Hil.Contract.Programs;

namespace Hil.Devices;

/// <summary>
/// Converts between real numbers and a tensor's dense bytes: row by row, little-endian, without the stride; a 15-bit
/// tensor is its plane hi, then its plane lo (docs/numerics.md section 10). real = scale * (integer - zeroPoint).
/// </summary>
public static class TensorCodec
{
    // hi = 127, lo = 63.
    private const int Wide15Maximum = (127 * 128) + 63;

    public static int DenseBytes(TensorPlace place) =>
        place.Rows * place.Columns * (place.Type == ElementType.Int8 ? 1 : 2);

    /// <summary>Quantizes: to the nearest integer, ties to even, clipped to the element's range.</summary>
    /// <exception cref="HilException">Another number of values, or one that is not finite.</exception>
    public static byte[] Encode(TensorPlace place, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(place);
        int count = place.Rows * place.Columns;
        if (values.Length != count)
        {
            throw new HilException(
                ExitKind.BadInput, $"{values.Length} values were given for {place.Rows} x {place.Columns}.",
                $"tensor {place.Name}", "Give data of the model's input shape.");
        }

        var bytes = new byte[DenseBytes(place)];
        for (int n = 0; n < count; n++)
        {
            if (!float.IsFinite(values[n]))
            {
                throw new HilException(
                    ExitKind.BadInput, $"Element {n} is {values[n]}.", $"tensor {place.Name}", "Give finite data.");
            }

            Put(place.Type, bytes, n, Quantize(place, values[n]));
        }

        return bytes;
    }

    /// <summary>Dense bytes as real numbers.</summary>
    public static float[] Decode(TensorPlace place, ReadOnlySpan<byte> dense)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (dense.Length != DenseBytes(place))
            throw new ArgumentException($"{dense.Length} bytes are not the {DenseBytes(place)} of {place.Name}.", nameof(dense));
        var values = new float[place.Rows * place.Columns];
        for (int n = 0; n < values.Length; n++)
            values[n] = (float)(place.Scale * (Get(place.Type, dense, n) - place.ZeroPoint));
        return values;
    }

    /// <summary>The integer that stands for a real number.</summary>
    public static int Quantize(TensorPlace place, double value)
    {
        ArgumentNullException.ThrowIfNull(place);
        (int least, int most) = place.Type switch
        {
            // -128 is left out where the range is symmetric (docs/numerics.md section 1).
            ElementType.Int8 => (place.ZeroPoint == 0 ? -127 : -128, 127),
            ElementType.Int16 => (-32767, 32767),
            _ => (-Wide15Maximum, Wide15Maximum),
        };
        double scaled = Math.Round(value / place.Scale, MidpointRounding.ToEven) + place.ZeroPoint;
        return (int)Math.Clamp(scaled, least, most);
    }

    private static void Put(ElementType type, Span<byte> bytes, int n, int q)
    {
        switch (type)
        {
            case ElementType.Int8:
                bytes[n] = unchecked((byte)q);
                break;
            case ElementType.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * n)..], (short)q);
                break;
            default:
                int lo = ((q + 64) & 127) - 64;
                bytes[n] = unchecked((byte)((q - lo) >> 7));
                bytes[(bytes.Length / 2) + n] = unchecked((byte)lo);
                break;
        }
    }

    private static int Get(ElementType type, ReadOnlySpan<byte> bytes, int n) => type switch
    {
        ElementType.Int8 => unchecked((sbyte)bytes[n]),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * n)..]),
        _ => (128 * unchecked((sbyte)bytes[n])) + unchecked((sbyte)bytes[(bytes.Length / 2) + n]),
    };
}
