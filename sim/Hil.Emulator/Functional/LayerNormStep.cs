using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Numerics;

namespace Hil.Emulator.Functional;

/// <summary>LAYER_NORM (numerics, section 6).</summary>
internal static class LayerNormStep
{
    // 1.5 in 1.16, the constant of Newton's step for 1/sqrt(m).
    private const long ThreeHalves = 98304;

    public static void Run(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int n = (int)i[LayerNorm.Columns];
        int lanes = state.Machine.Lanes;
        int index = (int)i[LayerNorm.Index];
        ParameterEntry header = state.Parameter(index + ((n + lanes - 1) / lanes * lanes));
        long epsilon = state.Options.Mutation == EmulatorMutation.LayerNormIgnoresEpsilon
            ? 0
            : unchecked((uint)header.Bias);
        bool rms = i.Flag(LayerNorm.Rms) && state.Options.Mutation != EmulatorMutation.LayerNormIgnoresRms;
        int stride16 = ((n * 2) + word - 1) / word * word;
        int stride8 = (n + word - 1) / word * word;
        Span<long> gain = stackalloc long[n];
        Span<long> bias = stackalloc long[n];
        for (int c = 0; c < n; c++)
        {
            ParameterEntry entry = state.Parameter(index + c);
            (gain[c], bias[c]) = (entry.SignedMultiplier, entry.Bias);
        }

        Span<short> x = stackalloc short[n];
        Span<byte> scratchpad = state.Scratchpad;
        for (int m = 0; m < (int)i[LayerNorm.Rows]; m++)
        {
            int source = (int)i[LayerNorm.Source] + (m * stride16);
            MemoryMarshal.Cast<byte, short>(scratchpad.Slice(source, n * 2)).CopyTo(x);
            Normalise(x, epsilon, rms, state.Options.Mutation);
            Span<byte> out8 = i.Flag(LayerNorm.Write8)
                ? scratchpad.Slice((int)i[LayerNorm.Output8] + (m * stride8), n)
                : default;
            Span<short> out16 = i.Flag(LayerNorm.Write16)
                ? MemoryMarshal.Cast<byte, short>(scratchpad.Slice((int)i[LayerNorm.Output16] + (m * stride16), n * 2))
                : default;
            Scale(x, gain, bias, header, out8, out16);
        }
    }

    /// <summary>Replaces a row by (x − mean)/deviation, or x/root mean square, in Q4.11.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalise(Span<short> x, long epsilon, bool rms, EmulatorMutation mutation)
    {
        unchecked
        {
            long n = x.Length;
            long sum = 0;
            long squares = 0;
            foreach (short value in x)
            {
                sum += value;
                squares += (long)value * value;
            }

            if (rms) sum = 0;
            long variance = (n * squares) - (sum * sum) + epsilon;
            if (variance == 0)
            {
                x.Clear();
                return;
            }

            (long y, int b) = ReciprocalRoot(variance, mutation);
            int shift = (b / 2) + 12;
            bool up = mutation == EmulatorMutation.LayerNormRoundsHalfUp;
            for (int c = 0; c < x.Length; c++)
            {
                long p = ((n * x[c]) - sum) * y;
                long rounded = up ? (p + (1L << (shift - 1))) >> shift : Arithmetic.RoundHalfEven(p, shift);
                x[c] = (short)Arithmetic.Saturate16(rounded);
            }
        }
    }

    private static (long Y, int B) ReciprocalRoot(long variance, EmulatorMutation mutation)
    {
        int bits = 64 - BitOperations.LeadingZeroCount((ulong)variance);
        int b = ((bits + 1) / 2 * 2) - 16;
        long m = b < 0 ? variance << -b : variance >> b;
        long y0 = (long)ConstantTables.ReciprocalRootSeeds[(int)((m >> 9) - 32)] << 7;
        if (mutation == EmulatorMutation.LayerNormSkipsNewtonStep) return (y0, b);
        long p = ((y0 * y0 >> 16) * m) >> 15;
        return (Math.Min(65535, ((y0 * (ThreeHalves - p)) + 32768) >> 16), b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(
        ReadOnlySpan<short> x, ReadOnlySpan<long> gain, ReadOnlySpan<long> bias, ParameterEntry header,
        Span<byte> out8, Span<short> out16)
    {
        unchecked
        {
            for (int c = 0; c < out8.Length; c++)
                out8[c] = (byte)Arithmetic.Saturate8(Arithmetic.RoundHalfEven((x[c] * gain[c]) + bias[c], header.Shift));
            for (int c = 0; c < out16.Length; c++)
                out16[c] = (short)Arithmetic.Saturate16(Arithmetic.RoundHalfEven((x[c] * gain[c]) + bias[c], header.Extra));
        }
    }
}
