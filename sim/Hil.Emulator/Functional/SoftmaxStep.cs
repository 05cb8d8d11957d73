using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Numerics;

namespace Hil.Emulator.Functional;

/// <summary>SOFTMAX (numerics, section 7).</summary>
internal static class SoftmaxStep
{
    private const int Octave = 256;

    /// <summary>e for each distance from the maximum at which it may be more than 0.</summary>
    private static readonly byte[] ByDistance = MakeByDistance();

    public static void Run(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int n = (int)i[Softmax.Columns];
        int index = (int)i[Softmax.Index];
        EmulatorMutation mutation = state.Options.Mutation;
        ReadOnlySpan<byte> mask = i.Flag(Softmax.Masked) && mutation != EmulatorMutation.SoftmaxIgnoresMask
            ? state.Parameters.AsSpan((index + state.Machine.Lanes) * ParameterEntry.Bytes, (n + 7) / 8)
            : default;
        int constant = state.Parameter(index).Multiplier;
        int sourceStride = ((n * 2) + word - 1) / word * word;
        int outputStride = (n + word - 1) / word * word;
        Span<byte> scratchpad = state.Scratchpad;
        Span<short> scores = stackalloc short[n];
        for (int r = 0; r < (int)i[Softmax.Rows]; r++)
        {
            MemoryMarshal.Cast<byte, short>(scratchpad.Slice((int)i[Softmax.Source] + (r * sourceStride), n * 2)).CopyTo(scores);
            int extra = !i.Flag(Softmax.Causal) ? 0 : mutation == EmulatorMutation.SoftmaxCausalStartsOneLater ? r + 1 : r;
            int length = (int)Math.Min(n, i[Softmax.Length0] + extra);
            Span<byte> output = scratchpad.Slice((int)i[Softmax.Output] + (r * outputStride), n);
            int max = Maximum(mutation == EmulatorMutation.SoftmaxMaximumOverAllKeys ? scores : scores[..length], mask);
            long sum = Exponentials(scores[..length], mask, max, output, mutation);
            output[length..].Clear();
            state.RowScales[i[Softmax.RowScale] + r] = Scale(sum, constant, mutation);
        }
    }

    private static bool IsValid(ReadOnlySpan<byte> mask, int c) =>
        mask.IsEmpty || ((mask[c >> 3] >> (c & 7)) & 1) != 0;

    private static int Maximum(ReadOnlySpan<short> scores, ReadOnlySpan<byte> mask)
    {
        int max = short.MinValue;
        for (int c = 0; c < scores.Length; c++)
        {
            if (scores[c] > max && IsValid(mask, c)) max = scores[c];
        }

        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Exponentials(
        ReadOnlySpan<short> scores, ReadOnlySpan<byte> mask, int max, Span<byte> output, EmulatorMutation mutation)
    {
        ReadOnlySpan<byte> byDistance = ByDistance;
        if (mutation == EmulatorMutation.SoftmaxStepIsOneOctaveShort) byDistance = byDistance[..(7 * Octave)];
        int sum = 0;
        unchecked
        {
            for (int c = 0; c < scores.Length; c++)
            {
                uint t = (uint)(max - scores[c]);
                byte e = t < (uint)byDistance.Length && IsValid(mask, c) ? byDistance[(int)t] : (byte)0;
                output[c] = e;
                sum += e;
            }
        }

        return sum;
    }

    private static byte[] MakeByDistance()
    {
        var table = new byte[16 * Octave];
        for (int t = 0; t < table.Length; t++)
            table[t] = (byte)Arithmetic.RoundHalfEven(ConstantTables.Exponentials[t & (Octave - 1)], (t >> 8) + 8);
        return table;
    }

    private static RowScale Scale(long sum, int constant, EmulatorMutation mutation)
    {
        if (sum == 0) return new RowScale(0, 0);
        int z = 63 - BitOperations.LeadingZeroCount((ulong)sum);
        long half = mutation == EmulatorMutation.SoftmaxDivideTruncates ? 0 : sum;
        long m = (((2L * constant) << z) + half) / (2 * sum);
        return new RowScale((ushort)Math.Min(65535, m), (byte)z);
    }
}
