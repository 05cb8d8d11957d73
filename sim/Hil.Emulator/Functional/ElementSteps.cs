using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Isa = Hil.Contract.Isa;

namespace Hil.Emulator.Functional;

/// <summary>MAP and ADD (numerics, section 8).</summary>
internal static class ElementSteps
{
    public static void Map(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int n = (int)i[Isa.Map.Columns];
        bool wide = i.Flag(Isa.Map.WideSource);
        int sourceStride = (int)i[Isa.Map.SourceStride] * word;
        int outputStride = (int)i[Isa.Map.OutputStride] * word;
        ParameterEntry entry = state.Parameter((int)i[Isa.Map.Index]);
        bool late = state.Options.Mutation == EmulatorMutation.MapBiasAfterMultiplier;
        var finish = new OutputStage(state, i);
        Span<byte> scratchpad = state.Scratchpad;
        Span<short> x = stackalloc short[n];
        for (int m = 0; m < (int)i[Isa.Map.Rows]; m++)
        {
            Span<byte> source = scratchpad.Slice((int)i[Isa.Map.Source] + (m * sourceStride), wide ? n * 2 : n);
            if (wide) MemoryMarshal.Cast<byte, short>(source).CopyTo(x);
            else Widen(MemoryMarshal.Cast<byte, sbyte>(source), x);
            Span<byte> output = scratchpad.Slice(
                (int)i[Isa.Map.Output] + (m * outputStride), n * finish.ElementBytes);
            for (int c = 0; c < n; c++)
            {
                long p = late
                    ? ((long)x[c] * entry.Multiplier) + entry.Bias
                    : finish.Biased(x[c], entry.Bias) * entry.Multiplier;
                finish.Write(output, c, finish.Round(p, entry.Shift));
            }
        }
    }

    public static void Add(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int n = (int)i[Isa.Add.Columns];
        int index = (int)i[Isa.Add.Index];
        ParameterEntry first = state.Parameter(index);
        long a = first.SignedMultiplier;
        long b = state.Parameter(index + state.Machine.Lanes).SignedMultiplier;
        int stride = ((n * 2) + word - 1) / word * word;
        bool truncate = state.Options.Mutation == EmulatorMutation.AddTruncates;
        for (int m = 0; m < (int)i[Isa.Add.Rows]; m++)
        {
            Span<short> x = Row(state, i[Isa.Add.A], m * stride, n);
            Span<short> y = Row(state, i[Isa.Add.B], m * stride, n);
            Span<short> output = Row(state, i[Isa.Add.Output], m * stride, n);
            for (int c = 0; c < n; c++)
            {
                long p = (x[c] * a) + (y[c] * b);
                long q = truncate ? p >> Math.Min(63, (int)first.Shift) : Arithmetic.RoundHalfEven(p, first.Shift);
                output[c] = (short)Arithmetic.Saturate16(q);
            }
        }
    }

    private static Span<short> Row(DeviceState state, uint address, int offset, int count) =>
        MemoryMarshal.Cast<byte, short>(state.Scratchpad.AsSpan((int)address + offset, count * 2));

    private static void Widen(ReadOnlySpan<sbyte> source, Span<short> destination)
    {
        for (int c = 0; c < source.Length; c++) destination[c] = source[c];
    }
}
