using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Numerics;

/// <summary>docs/numerics.md section 6.</summary>
public static class LayerNormFormula
{
    /// <summary>S1: what is subtracted; nothing with rms.</summary>
    public static long Sum(IReadOnlyList<int> row, bool rms) => rms ? 0 : row.Sum(x => (long)x);

    /// <summary>V = N * sum of squares - square of the sum + E.</summary>
    public static long Variance(IReadOnlyList<int> row, uint epsilon, bool rms = false)
    {
        long sum = Sum(row, rms);
        long squares = row.Sum(x => (long)x * x);
        return (row.Count * squares) - (sum * sum) + epsilon;
    }

    /// <summary>b: even, such that the variance shifted right by it lies in 2^14 ... 2^16 - 1.</summary>
    public static int Exponent(long variance) => (2 * CeilingDivide(BitLength(variance), 2)) - 16;

    public static int Mantissa(long variance)
    {
        int b = Exponent(variance);
        return (int)(b < 0 ? variance << -b : variance >> b);
    }

    /// <summary>y of about 2^23 / sqrt(m), from a seed and one step; m is 2^14 ... 2^16 - 1.</summary>
    public static int ReciprocalRoot(int mantissa)
    {
        long y0 = Tables.ReciprocalRootSeed[(mantissa >> 9) - 32] << 7;
        long p = (((y0 * y0) >> 16) * mantissa) >> 15;
        long y = ((y0 * (98304 - p)) + 32768) >> 16;
        return (int)Math.Min(65535, y);
    }

    /// <summary>The normalised row in Q4.11.</summary>
    public static int[] Normalise(IReadOnlyList<int> row, uint epsilon, bool rms = false)
    {
        var normalised = new int[row.Count];
        long variance = Variance(row, epsilon, rms);
        if (variance == 0)
        {
            return normalised;
        }

        long sum = Sum(row, rms);
        int y = ReciprocalRoot(Mantissa(variance));
        int shift = (Exponent(variance) / 2) + 12;
        for (int c = 0; c < row.Count; c++)
        {
            normalised[c] = Saturate16(RoundHalfEven(((long)row.Count * row[c] - sum) * y, shift));
        }

        return normalised;
    }

    /// <summary>Gain and offset, before the shift of either output.</summary>
    public static long Affine(int normalised, Parameter entry) =>
        ((long)normalised * entry.SignedMultiplier) + entry.Bias;
}
