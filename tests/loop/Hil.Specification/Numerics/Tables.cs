using System.Numerics;

namespace Hil.Specification.Numerics;

/// <summary>The constant tables of docs/numerics.md, derived from their formulas by exact integer comparison.</summary>
public static class Tables
{
    public const int ExponentialEntries = 256;
    public const int SeedEntries = 96;

    public static readonly IReadOnlyList<int> Exponential =
        [.. Enumerable.Range(0, ExponentialEntries).Select(RoundedExponential)];

    public static readonly IReadOnlyList<int> ReciprocalRootSeed =
        [.. Enumerable.Range(0, SeedEntries).Select(RoundedSeed)];

    /// <summary>
    /// round(127 * 2^(8 - i/256)): the largest T with T - 1/2 at most the real number x. With x^256 = 127^256 * 2^(2048 - i), that is
    /// (2T - 1)^256 at most 254^256 * 2^(2048 - i).
    /// </summary>
    private static int RoundedExponential(int index)
    {
        BigInteger bound = BigInteger.Pow(254, 256) << (2048 - index);
        int low = 1;
        int high = 1 << 16;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (BigInteger.Pow((2 * middle) - 1, 256) <= bound)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>round(2^15 * (1/sqrt(512(i+32)) + 1/sqrt(512(i+33) - 1))), each root to 200 fraction bits.</summary>
    private static int RoundedSeed(int index)
    {
        BigInteger sum = ReciprocalRoot(512 * (index + 32)) + ReciprocalRoot((512 * (index + 33)) - 1);
        BigInteger half = BigInteger.One << (FractionBits - 1);
        return (int)(((sum << 15) + half) >> FractionBits);
    }

    private const int FractionBits = 200;

    /// <summary>floor(2^200 / sqrt(value)).</summary>
    private static BigInteger ReciprocalRoot(int value) => SquareRoot((BigInteger.One << (2 * FractionBits)) / value);

    private static BigInteger SquareRoot(BigInteger value)
    {
        BigInteger low = 0;
        BigInteger high = BigInteger.One << (FractionBits + 1);
        while (high - low > 1)
        {
            BigInteger middle = (low + high) / 2;
            if (middle * middle <= value)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
