using Hil.Specification.Numerics;

namespace Hil.Specification.Tests.Numerics;

/// <summary>Every bound that docs/numerics.md states, over all arguments up to 16 bits, against real arithmetic.</summary>
public sealed class ApproximationsKeepTheirStatedBounds
{
    [Fact]
    public void The_reciprocal_root_of_every_mantissa_is_within_its_bound()
    {
        double lowest = 0;
        double highest = 0;
        double highestOfVariance = 0;
        for (int m = 1 << 14; m < 1 << 16; m++)
        {
            double root = LayerNormFormula.ReciprocalRoot(m) / (double)(1 << 23);
            lowest = Math.Min(lowest, (root * Math.Sqrt(m)) - 1);
            highest = Math.Max(highest, (root * Math.Sqrt(m)) - 1);
            // The variance before its bits were cut lies below m + 1.
            highestOfVariance = Math.Max(highestOfVariance, (root * Math.Sqrt(m + 1.0)) - 1);
        }

        Assert.InRange(lowest, -1.05e-4, -1.04e-4);
        Assert.InRange(highest, 3.7e-5, 3.8e-5);
        Assert.InRange(highestOfVariance, 5.1e-5, 5.2e-5);
    }

    [Fact]
    public void The_exponential_of_every_distance_is_within_its_bound()
    {
        double worst = 0;
        for (int t = 0; t <= 65535; t++)
        {
            worst = Math.Max(worst, Math.Abs(SoftmaxFormula.Exponential(t) - (127 * Math.Pow(2, -t / 256.0))));
        }

        Assert.InRange(worst, 0.501, 0.50132);
    }

    [Fact]
    public void The_bound_at_16_octaves_only_cuts_zeros()
    {
        for (int t = 16 * 256; t <= 65535; t++)
        {
            Assert.Equal(0, Rounding.RoundHalfEven(Tables.Exponential[t & 255], (t >> 8) + 8));
        }
    }

    /// <summary>Σ up to the longest row, 4095 keys of 127; C over its edges and a sample.</summary>
    [Fact]
    public void The_row_scale_is_within_its_bound_for_every_sum()
    {
        var random = new Random(2);
        double worst = 0;
        int[] factors = [1 << 15, (1 << 15) + 1, 40_000, 50_001, 65_534, 65_535];
        for (int sum = 1; sum <= 4095 * 127; sum++)
        {
            int factor = sum % 2 == 0 ? factors[sum / 2 % factors.Length] : random.Next(1 << 15, 1 << 16);
            RowScale scale = SoftmaxFormula.Scale(sum, factor);
            Assert.InRange(scale.Multiplier, 1 << 14, 65535);
            double real = factor / (double)sum;
            worst = Math.Max(worst, Math.Abs((scale.Multiplier / Math.Pow(2, scale.Shift) / real) - 1));
        }

        Assert.InRange(worst, 3.0e-5, 3.1e-5);
    }

    /// <summary>The row scale's division, exactly: nearest to C * 2^z / sum, upwards at a tie.</summary>
    [Fact]
    public void The_row_scale_is_the_nearest_integer()
    {
        for (int sum = 1; sum < 3000; sum++)
        {
            foreach (int factor in new[] { 0, 1, 7, 255, 32768, 54_321, 65535 })
            {
                RowScale scale = SoftmaxFormula.Scale(sum, factor);
                long exact = (long)factor << scale.Shift;
                Assert.InRange((2 * exact) - (2L * scale.Multiplier * sum), -sum, sum - 1);
            }
        }
    }

    [Fact]
    public void A_16_bit_multiplier_is_within_its_relative_error()
    {
        double worst = 0;
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            double real = (1 << 15) + (random.NextDouble() * (1 << 15));
            worst = Math.Max(worst, Math.Abs((Math.Round(real) / real) - 1));
        }

        Assert.InRange(worst, 0, Math.Pow(2, -16));
    }

    /// <summary>Requantization by any multiplier of 16 bits rounds once: never more than half a step from the product.</summary>
    [Fact]
    public void Requantization_is_within_half_a_step_of_the_real_product()
    {
        for (int multiplier = 0; multiplier < 1 << 16; multiplier++)
        {
            int accumulator = (multiplier * 7919 % 100_003) - 50_000;
            long y = RequantizeFormula.PerColumn(accumulator, new Parameter(-17, multiplier, 0, 0), 20);
            decimal real = (decimal)(accumulator - 17) * multiplier / (1 << 20);
            Assert.InRange(y - real, -0.5m, 0.5m);
        }
    }

    [Fact]
    public void Wide_inputs_split_and_join_exactly()
    {
        for (int x = -16256 - 63; x <= 16256 + 63; x++)
        {
            int low = ((((x + 64) % 128) + 128) % 128) - 64;
            int high = (x - low) / 128;
            Assert.InRange(low, -64, 63);
            Assert.InRange(high, -127, 127);
            Assert.Equal(x, (128 * high) + low);
        }
    }
}
