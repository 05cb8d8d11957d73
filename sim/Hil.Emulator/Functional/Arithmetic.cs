using System.Runtime.CompilerServices;

namespace Hil.Emulator.Functional;

/// <summary>Rounding and saturation of docs/numerics.md section 1.</summary>
public static class Arithmetic
{
    /// <summary>p / 2^s, ties to even; |p| below 2^62.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RoundHalfEven(long p, int s)
    {
        unchecked
        {
            if (s == 0) return p;
            if (s >= 63) return 0;

            // Just less than a half is added where the floor is even, a half where it is odd.
            return (p + ((1L << (s - 1)) - 1) + ((p >> s) & 1)) >> s;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Saturate8(long x) => (int)Math.Clamp(x, -127, 127);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Saturate8Full(long x) => (int)Math.Clamp(x, -128, 127);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Saturate16(long x) => (int)Math.Clamp(x, -32767, 32767);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Saturate32(long x) => Math.Clamp(x, int.MinValue, int.MaxValue);
}
