using System.Collections.Immutable;

namespace Hil.Compression.Quantization;

/// <summary>Real factors as 16-bit multipliers with one shift (docs/numerics.md §5).</summary>
internal static class FixedPoint
{
    public const int MaximumShift = 63;

    /// <summary>2⁻¹²⁶: below it a float32 number loses bits.</summary>
    private const double SmallestScale = 1.1754943508222875e-38;

    /// <summary>
    /// Multipliers M and a shift s with factor ≈ M·2⁻ˢ; s as large as lets the largest M stay below 2¹⁶, so that it is at least 2¹⁵.
    /// </summary>
    public static (ImmutableArray<ushort> Multipliers, int Shift) Multipliers(IReadOnlyList<double> factors)
    {
        var largest = factors.Max();
        if (!double.IsFinite(largest) || factors.Any(f => !(f >= 0)) || largest >= ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(factors), $"The factor {largest} cannot be written.");
        }

        var shift = MaximumShift;
        while (shift > 0 && Math.Round(Math.ScaleB(largest, shift), MidpointRounding.ToEven) > ushort.MaxValue)
        {
            shift--;
        }

        return ([.. factors.Select(f => (ushort)Math.Round(Math.ScaleB(f, shift), MidpointRounding.ToEven))], shift);
    }

    /// <summary>One multiplier with its shift.</summary>
    public static (ushort Multiplier, int Shift) Multiplier(double factor)
    {
        var (multipliers, shift) = Multipliers([factor]);
        return (multipliers[0], shift);
    }

    /// <summary>The scale of a tensor as a float32 number, which every exchange format holds.</summary>
    public static double Scale(double scale) => Math.Max((float)scale, SmallestScale);

    /// <summary>Rounds half to even and saturates to −limit … limit.</summary>
    public static int Round(double value, int limit) =>
        (int)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), -limit, limit);

    /// <summary>Rounds half to even and saturates to int32.</summary>
    public static int RoundToInt32(double value) =>
        (int)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), int.MinValue, int.MaxValue);
}
