using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hil.Benchmarks;

/// <summary>
/// This processor's peak of int8 products with int32 sums by the instructions that .NET offers: multiply-and-add of int16 pairs
/// on registers alone, no memory.
/// </summary>
internal static class PeakKernel
{
    private const int Steps = 20_000;
    private const int Chains = 12;

    /// <summary>Name and products per second, or null where neither AVX-512BW nor AVX2 is there.</summary>
    public static (string Name, double MacsPerSecond)? Measure()
    {
        if (Avx512BW.IsSupported)
            return ("AVX-512BW vpmaddwd", Steps * Chains * 32 / Stopwatches.Median(() => Keep(Wide())));
        if (Avx2.IsSupported)
            return ("AVX2 vpmaddwd", Steps * Chains * 16 / Stopwatches.Median(() => Keep(Narrow())));
        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(int value) => GC.KeepAlive(value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Narrow()
    {
        Vector256<short> w = Vector256.Create((short)3);
        Vector256<short> x = Vector256.Create((short)5);
        Vector256<int> a = default, b = default, c = default, d = default, e = default, f = default;
        Vector256<int> g = default, h = default, i = default, j = default, k = default, l = default;
        for (int n = 0; n < Steps; n++)
        {
            // The operand changes, so that no product can be taken out of the loop.
            x += w;
            Vector256<short> y = x ^ w;
            a += Avx2.MultiplyAddAdjacent(x, w);
            b += Avx2.MultiplyAddAdjacent(y, w);
            c += Avx2.MultiplyAddAdjacent(x, y);
            d += Avx2.MultiplyAddAdjacent(x, x);
            e += Avx2.MultiplyAddAdjacent(y, y);
            f += Avx2.MultiplyAddAdjacent(a.AsInt16(), w);
            g += Avx2.MultiplyAddAdjacent(b.AsInt16(), w);
            h += Avx2.MultiplyAddAdjacent(c.AsInt16(), w);
            i += Avx2.MultiplyAddAdjacent(d.AsInt16(), w);
            j += Avx2.MultiplyAddAdjacent(e.AsInt16(), w);
            k += Avx2.MultiplyAddAdjacent(a.AsInt16(), x);
            l += Avx2.MultiplyAddAdjacent(b.AsInt16(), y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Wide()
    {
        Vector512<short> w = Vector512.Create((short)3);
        Vector512<short> x = Vector512.Create((short)5);
        Vector512<int> a = default, b = default, c = default, d = default, e = default, f = default;
        Vector512<int> g = default, h = default, i = default, j = default, k = default, l = default;
        for (int n = 0; n < Steps; n++)
        {
            x += w;
            Vector512<short> y = x ^ w;
            a += Avx512BW.MultiplyAddAdjacent(x, w);
            b += Avx512BW.MultiplyAddAdjacent(y, w);
            c += Avx512BW.MultiplyAddAdjacent(x, y);
            d += Avx512BW.MultiplyAddAdjacent(x, x);
            e += Avx512BW.MultiplyAddAdjacent(y, y);
            f += Avx512BW.MultiplyAddAdjacent(a.AsInt16(), w);
            g += Avx512BW.MultiplyAddAdjacent(b.AsInt16(), w);
            h += Avx512BW.MultiplyAddAdjacent(c.AsInt16(), w);
            i += Avx512BW.MultiplyAddAdjacent(d.AsInt16(), w);
            j += Avx512BW.MultiplyAddAdjacent(e.AsInt16(), w);
            k += Avx512BW.MultiplyAddAdjacent(a.AsInt16(), x);
            l += Avx512BW.MultiplyAddAdjacent(b.AsInt16(), y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
