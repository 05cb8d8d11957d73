using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Numerics;

/// <summary>Entry of the parameter memory.</summary>
/// <param name="Multiplier">The 16 bits, unsigned.</param>
public readonly record struct Parameter(int Bias, int Multiplier, int Shift, int Extra)
{
    public int SignedMultiplier => Multiplier >= 1 << 15 ? Multiplier - (1 << 16) : Multiplier;
}

/// <summary>What SOFTMAX leaves for a row: multiplier m and extra shift z.</summary>
public readonly record struct RowScale(int Multiplier, int Shift);

/// <summary>docs/numerics.md sections 5 and 8, one element at a time.</summary>
public static class RequantizeFormula
{
    public static long PerColumn(int accumulator, Parameter entry, int shift) =>
        RoundHalfEven(Saturate32((long)accumulator + entry.Bias) * entry.Multiplier, shift);

    public static long PerRow(int accumulator, RowScale scale, int shift) =>
        RoundHalfEven((long)accumulator * scale.Multiplier, Math.Min(63, shift + scale.Shift));

    public static long Map(int element, Parameter entry) =>
        RoundHalfEven(Saturate32((long)element + entry.Bias) * entry.Multiplier, entry.Shift);

    public static int Add(int a, int b, Parameter first, Parameter second) =>
        Saturate16(RoundHalfEven(((long)a * first.SignedMultiplier) + ((long)b * second.SignedMultiplier), first.Shift));

    public static int AccumulateWide(int old, long y) => Saturate16((long)old + Saturate16(y));
}
