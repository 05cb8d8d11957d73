using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Numerics;

/// <summary>docs/numerics.md section 7.</summary>
public static class SoftmaxFormula
{
    /// <summary>About 127 * 2^(-t/256), t the distance from the maximum in 1/256 octave.</summary>
    public static int Exponential(int t) =>
        t >= 16 * 256 ? 0 : (int)RoundHalfEven(Tables.Exponential[t & 255], (t >> 8) + 8);

    public static int ValidLength(int columns, int length0, bool causal, int row) =>
        Math.Min(columns, length0 + (causal ? row : 0));

    public static int[] Row(IReadOnlyList<int> scores, Func<int, bool> isValid)
    {
        var result = new int[scores.Count];
        int[] valid = [.. Enumerable.Range(0, scores.Count).Where(isValid)];
        if (valid.Length == 0)
        {
            return result;
        }

        int max = valid.Max(c => scores[c]);
        foreach (int c in valid)
        {
            result[c] = Exponential(max - scores[c]);
        }

        return result;
    }

    public static RowScale Scale(long sum, int factor)
    {
        if (sum == 0)
        {
            return new RowScale(0, 0);
        }

        int z = BitLength(sum) - 1;
        long m = ((2L * factor << z) + sum) / (2 * sum);
        return new RowScale((int)Math.Min(65535, m), z);
    }
}
