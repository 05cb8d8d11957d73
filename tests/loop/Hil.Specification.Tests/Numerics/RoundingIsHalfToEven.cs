using System.Numerics;
using Hil.Specification.Numerics;

namespace Hil.Specification.Tests.Numerics;

public sealed class RoundingIsHalfToEven
{
    [Theory]
    [InlineData(5, 1, 2)]
    [InlineData(7, 1, 4)]
    [InlineData(-5, 1, -2)]
    [InlineData(-7, 1, -4)]
    [InlineData(-1, 2, 0)]
    [InlineData(12345, 0, 12345)]
    public void The_examples_of_the_document_hold(long value, int shift, long expected) =>
        Assert.Equal(expected, Rounding.RoundHalfEven(value, shift));

    /// <summary>All 16-bit values with all shifts that matter to them.</summary>
    [Fact]
    public void All_16_bit_values_round_as_rationals_do()
    {
        for (int shift = 0; shift <= 18; shift++)
        {
            for (int value = short.MinValue; value <= short.MaxValue; value++)
            {
                Assert.Equal(Rational(value, shift), Rounding.RoundHalfEven(value, shift));
            }
        }
    }

    [Fact]
    public void Wide_values_round_as_rationals_do()
    {
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++)
        {
            long value = random.NextInt64(-1L << 62, 1L << 62) >> random.Next(62);
            int shift = random.Next(0, 70);
            // A tie now and then.
            value = i % 3 == 0 && shift is > 0 and < 62 ? ((value >> shift) << shift) + (1L << (shift - 1)) : value;
            if (BigInteger.Abs(value) < BigInteger.One << 62)
            {
                Assert.Equal(Rational(value, shift), Rounding.RoundHalfEven(value, shift));
            }
        }
    }

    [Fact]
    public void Bit_length_is_that_of_BigInteger()
    {
        Assert.Equal(0, Rounding.BitLength(0));
        for (int bit = 0; bit < 62; bit++)
        {
            foreach (long value in new[] { 1L << bit, (1L << bit) + (bit > 0 ? 1 : 0), (1L << (bit + 1)) - 1 })
            {
                Assert.Equal((long)((BigInteger)value).GetBitLength(), Rounding.BitLength(value));
            }
        }
    }

    /// <summary>Nearest by comparing twice the distance with the divisor, no shifts.</summary>
    private static BigInteger Rational(BigInteger value, int shift)
    {
        BigInteger divisor = BigInteger.Pow(2, shift);
        BigInteger low = BigInteger.Divide(value, divisor);
        low = low * divisor > value ? low - 1 : low;
        BigInteger twice = 2 * (value - (low * divisor));
        return twice > divisor || (twice == divisor && !low.IsEven) ? low + 1 : low;
    }
}
