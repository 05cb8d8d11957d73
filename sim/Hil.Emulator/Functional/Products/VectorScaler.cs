using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hil.Emulator.Functional.Products;

/// <summary>rhe(sat32(x + bias) * multiplier, shift) of eight sums at a time, by AVX2.</summary>
internal readonly struct VectorScaler
{
    /// <summary>From here on a result fits 32 bits: a product is below 2^47.</summary>
    public const int LeastShift = 17;

    /// <summary>Beyond this a result is 0 and the sums below would no longer fit.</summary>
    public const int MostShift = 48;

    // Makes a product positive, so that logical shifts do; a multiple of two results, so that it changes no tie.
    private const long Offset = 1L << 62;

    private readonly Vector256<int> _bias;
    private readonly Vector256<int> _evenMultiplier;
    private readonly Vector256<int> _oddMultiplier;
    private readonly Vector256<long> _belowHalf;
    private readonly Vector256<int> _resultOffset;
    private readonly int _shift;

    public VectorScaler(Vector256<int> bias, Vector256<int> multiplier, int shift)
    {
        (_bias, _shift) = (bias, shift);
        _evenMultiplier = multiplier;
        _oddMultiplier = (multiplier.AsInt64() >>> 32).AsInt32();
        _belowHalf = Vector256.Create((1L << (shift - 1)) - 1);
        _resultOffset = Vector256.Create(unchecked((int)(Offset >> shift)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Scale(Vector256<int> x)
    {
        Vector256<int> sum = x + _bias;
        Vector256<int> overflowed = ((x ^ sum) & (_bias ^ sum)) >> 31;
        Vector256<int> limit = (x >> 31) ^ Vector256.Create(int.MaxValue);
        Vector256<int> biased = Avx2.BlendVariable(sum.AsByte(), limit.AsByte(), overflowed.AsByte()).AsInt32();
        Vector256<long> even = Round(Avx2.Multiply(biased, _evenMultiplier));
        Vector256<long> odd = Round(Avx2.Multiply((biased.AsInt64() >>> 32).AsInt32(), _oddMultiplier));
        return Avx2.Blend(even.AsInt32(), (odd << 32).AsInt32(), 0b10101010) - _resultOffset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<long> Round(Vector256<long> p)
    {
        Vector256<long> positive = p + Vector256.Create(Offset);
        Vector256<long> odd = (positive >>> _shift) & Vector256<long>.One;
        return (positive + _belowHalf + odd) >>> _shift;
    }
}
