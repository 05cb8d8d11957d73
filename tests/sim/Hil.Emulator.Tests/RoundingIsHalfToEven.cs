using System.Numerics;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

/// <summary>Rounding and saturation of the functional pass against integers of any length.</summary>
public sealed class RoundingIsHalfToEven
{
    private static readonly long[] Values =
        [.. new long[] { 0, 1, 2, 3, 5, 127, 128, 129, 32767, 32768, int.MaxValue, 1L << 47, (1L << 62) - 1 }.SelectMany(v => new[] { v, -v })];

    [Fact]
    public void At_every_shift()
    {
        for (int shift = 0; shift < 65; shift++)
        {
            foreach (long at in Values.Concat(shift is > 0 and < 62 ? Values.Select(v => (v % 1024 << shift) + (1L << (shift - 1))) : []).Where(v => Math.Abs(v) < 1L << 62))
            {
                BigInteger half = BigInteger.One << shift;
                BigInteger floor = BigInteger.Divide(at - (((at % half) + half) % half), half);
                BigInteger twice = 2 * (at - (floor * half));
                BigInteger expected = twice > half || (twice == half && !floor.IsEven) ? floor + 1 : floor;
                Assert.Equal((at, shift, expected), (at, shift, Arithmetic.RoundHalfEven(at, shift)));
            }
        }
    }

    [Theory]
    [InlineData(-129, -127, -128, -129)]
    [InlineData(-128, -127, -128, -128)]
    [InlineData(128, 127, 127, 128)]
    [InlineData(-32769, -127, -128, -32767)]
    [InlineData(40000, 127, 127, 32767)]
    public void Values_are_clipped_to_the_range_of_their_type(long x, int to8, int to8Full, int to16)
    {
        Assert.Equal((to8, to8Full, to16), (Arithmetic.Saturate8(x), Arithmetic.Saturate8Full(x), Arithmetic.Saturate16(x)));
        Assert.Equal((x, int.MaxValue, int.MinValue), (Arithmetic.Saturate32(x), Arithmetic.Saturate32(x + (1L << 40)), Arithmetic.Saturate32(x - (1L << 40))));
    }
}
