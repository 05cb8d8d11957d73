using System.Numerics;
using Hil.Contract.Numerics;

namespace Hil.Contract.Tests.Numerics;

/// <summary>Every entry against its formula, with integers alone.</summary>
public sealed class ConstantTablesAreExact
{
    [Fact]
    public void An_exponential_is_the_nearest_integer()
    {
        // T = round(32512 * 2^(-i/256))  <=>  (2T-1)^256 * 2^i < 65024^256 < (2T+1)^256 * 2^i
        BigInteger middle = BigInteger.Pow(2 * 127 * 256, 256);
        for (int i = 0; i < 256; i++)
        {
            int t = ConstantTables.Exponentials[i];
            Assert.True(BigInteger.Pow((2 * t) - 1, 256) << i < middle, $"T[{i}]");
            Assert.True(BigInteger.Pow((2 * t) + 1, 256) << i > middle, $"T[{i}]");
        }

        Assert.Equal(256, ConstantTables.Exponentials.Count);
    }

    [Fact]
    public void A_seed_is_the_nearest_integer()
    {
        const int bits = 200;
        for (int i = 0; i < 96; i++)
        {
            // 2^15/sqrt(a) + 2^15/sqrt(b) in units of 2^-bits, each term short by less than one unit.
            BigInteger low = Root(512 * (i + 32), bits) + Root((512 * (i + 33)) - 1, bits);
            BigInteger twice = ((2 * (BigInteger)ConstantTables.ReciprocalRootSeeds[i]) - 1) << (bits - 1);
            Assert.True(twice < low, $"seed[{i}]");
            Assert.True(twice + (BigInteger.One << bits) > low + 2, $"seed[{i}]");
        }

        Assert.Equal(96, ConstantTables.ReciprocalRootSeeds.Count);
    }

    // floor(2^(15 + bits) / sqrt(a))
    private static BigInteger Root(int a, int bits)
    {
        BigInteger square = (BigInteger.One << (2 * (15 + bits))) / a;
        BigInteger x = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (x + (square / x)) >> 1;
            if (next >= x) return x;
            x = next;
        }
    }
}
