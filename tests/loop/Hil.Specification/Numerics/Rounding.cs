namespace Hil.Specification.Numerics;

/// <summary>Rounding, saturation and bit length, as docs/numerics.md section 1 defines them.</summary>
public static class Rounding
{
    /// <summary>value * 2^-shift to the nearest integer, ties to the even one.</summary>
    public static long RoundHalfEven(long value, int shift)
    {
        if (shift == 0)
        {
            return value;
        }

        if (shift >= 64)
        {
            return 0;
        }

        // One step wider than long, so that half = 2^63 at shift 63... 64 is an ordinary number.
        Int128 power = Int128.One << shift;
        Int128 quotient = (Int128)value >> shift;
        Int128 rest = value - (quotient * power);
        Int128 half = power / 2;
        bool odd = quotient % 2 != 0;
        return (long)(rest > half || (rest == half && odd) ? quotient + 1 : quotient);
    }

    public static int Saturate8(long value) => (int)Math.Clamp(value, -127, 127);

    /// <summary>To -128 ... 127: an index of a table.</summary>
    public static int Saturate8Full(long value) => (int)Math.Clamp(value, -128, 127);

    public static int Saturate16(long value) => (int)Math.Clamp(value, -32767, 32767);

    public static long Saturate32(long value) => Math.Clamp(value, int.MinValue, int.MaxValue);

    public static int BitLength(long value)
    {
        int bits = 0;
        while (value > 0)
        {
            value /= 2;
            bits++;
        }

        return bits;
    }

    public static int CeilingDivide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
