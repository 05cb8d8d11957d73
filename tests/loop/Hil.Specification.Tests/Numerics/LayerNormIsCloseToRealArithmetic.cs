using System.Numerics;
using Hil.Specification.Numerics;

namespace Hil.Specification.Tests.Numerics;

public sealed class LayerNormIsCloseToRealArithmetic
{
    private static readonly Random Rows = new(4);

    [Theory]
    [InlineData(1, 32767)]
    [InlineData(4, 100)]
    [InlineData(64, 3000)]
    [InlineData(256, 32767)]
    [InlineData(1024, 32767)]
    public void Statistics_are_those_of_BigInteger(int columns, int amplitude)
    {
        for (int repeat = 0; repeat < 20; repeat++)
        {
            int[] row = Row(columns, amplitude);
            uint epsilon = (uint)Rows.NextInt64(1L << 32);
            BigInteger sum = row.Aggregate(BigInteger.Zero, (a, x) => a + x);
            BigInteger squares = row.Aggregate(BigInteger.Zero, (a, x) => a + ((BigInteger)x * x));
            BigInteger expected = (columns * squares) - (sum * sum) + epsilon;
            Assert.Equal(expected, LayerNormFormula.Variance(row, epsilon));
            Assert.True(expected < BigInteger.One << 53);
        }
    }

    /// <summary>The error of the root, of at most 1.1e-4, on values of at most 16, and half a step of rounding of 1/2048.</summary>
    [Theory]
    [InlineData(4, 100)]
    [InlineData(40, 12)]
    [InlineData(64, 3000)]
    [InlineData(256, 32767)]
    public void A_normalised_value_is_within_the_roots_error_and_half_a_step(int columns, int amplitude)
    {
        for (int repeat = 0; repeat < 50; repeat++)
        {
            int[] row = Row(columns, amplitude);
            row[0] = amplitude;
            row[1] = -amplitude;
            double mean = row.Average();
            double deviation = Math.Sqrt(row.Average(x => (x - mean) * (x - mean)));
            int[] normalised = LayerNormFormula.Normalise(row, 0);
            for (int c = 0; c < columns; c++)
            {
                double real = (row[c] - mean) / deviation * 2048;
                Assert.InRange(normalised[c] - real, -0.501 - Math.Abs(real * 1.1e-4) - MantissaCut(real), 0.501 + Math.Abs(real * 1.1e-4) + MantissaCut(real));
            }
        }
    }

    [Fact]
    public void A_row_without_variance_is_zero() =>
        Assert.Equal(new int[5], LayerNormFormula.Normalise([7, 7, 7, 7, 7], 0));

    /// <summary>The mantissa drops bits below 2^-14 of it; half of that reaches the root.</summary>
    private static double MantissaCut(double real) => Math.Abs(real) / (1 << 15);

    private static int[] Row(int columns, int amplitude) =>
        [.. Enumerable.Range(0, columns).Select(_ => Rows.Next(-amplitude, amplitude + 1))];
}
