using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Emulator.Functional;

/// <summary>REQUANTIZE, one instruction by itself (numerics, section 5).</summary>
internal static class RequantizeStep
{
    public static void Run(DeviceState state, Instruction i)
    {
        Machine machine = state.Machine;
        int columns = (int)i[Requantize.Columns];
        int stride = (int)i[Requantize.Stride] * machine.WordBytes;
        int output = (int)i[Requantize.Output];
        var finish = new OutputStage(state, i);
        int[] half = state.Halves[i[Requantize.Half]];
        bool perRow = i.Flag(Requantize.PerRow);
        int shift = (int)i[Requantize.Shift];
        int index = (int)i[Requantize.Index];
        Span<ParameterEntry> entries = stackalloc ParameterEntry[perRow ? 0 : columns];
        for (int c = 0; c < entries.Length; c++) entries[c] = state.Parameter(index + c);
        Span<byte> scratchpad = state.Scratchpad;
        for (int m = 0; m < (int)i[Requantize.Rows]; m++)
        {
            ReadOnlySpan<int> acc = half.AsSpan(m * machine.Columns, columns);
            Span<byte> row = scratchpad.Slice(output + (m * stride), columns * finish.ElementBytes);
            RowScale scale = perRow ? state.RowScales[index + m] : default;
            int rowShift = finish.RowShift(shift, scale);
            for (int c = 0; c < columns; c++)
            {
                long y = perRow
                    ? finish.Round((long)acc[c] * scale.Multiplier, rowShift)
                    : finish.Round(finish.Biased(acc[c], entries[c].Bias) * entries[c].Multiplier, shift);
                finish.Write(row, c, y);
            }
        }
    }
}

/// <summary>What follows the multiplier in REQUANTIZE and MAP: rounding, table, saturation, the add to the stream.</summary>
internal readonly ref struct OutputStage
{
    private readonly EmulatorMutation _mutation;
    private readonly ReadOnlySpan<byte> _table;
    private readonly bool _wide;
    private readonly bool _accumulate;

    public OutputStage(DeviceState state, Instruction i)
    {
        _mutation = state.Options.Mutation;
        bool map = i.Opcode == Opcode.Map;
        _wide = i.Flag(map ? Map.WideOutput : Requantize.Wide);
        _accumulate = !map && i.Flag(Requantize.Accumulate);
        if (i.Flag(map ? Map.UseTable : Requantize.UseTable))
            _table = state.Table(i[map ? Map.TableSlot : Requantize.TableSlot]);
    }

    public int ElementBytes => _wide ? 2 : 1;

    public int RowShift(int shift, RowScale scale) =>
        _mutation == EmulatorMutation.RequantizeRowScaleShiftIgnored ? shift : Math.Min(63, shift + scale.Shift);

    public long Biased(int acc, int bias) =>
        _mutation == EmulatorMutation.RequantizeBiasWraps
            ? unchecked(acc + bias)
            : Arithmetic.Saturate32((long)acc + bias);

    public long Round(long p, int s) => _mutation switch
    {
        EmulatorMutation.RequantizeRoundsHalfUp when s > 0 => s >= 63 ? 0 : unchecked(p + (1L << (s - 1))) >> s,
        EmulatorMutation.RequantizeTruncates => p >> s,
        _ => Arithmetic.RoundHalfEven(p, s),
    };

    public void Write(Span<byte> row, int c, long y)
    {
        if (_wide)
        {
            Span<short> wide = MemoryMarshal.Cast<byte, short>(row);
            int value = Arithmetic.Saturate16(y);
            if (_accumulate && _mutation != EmulatorMutation.RequantizeAccumulateOverwrites)
                value = Arithmetic.Saturate16(wide[c] + value);
            wide[c] = (short)value;
            return;
        }

        if (!_table.IsEmpty)
        {
            int index = _mutation == EmulatorMutation.RequantizeTableIndexClipped
                ? Arithmetic.Saturate8(y)
                : Arithmetic.Saturate8Full(y);
            row[c] = _table[index & 255];
            return;
        }

        int narrow = _mutation == EmulatorMutation.RequantizeClipsToMinus128
            ? Arithmetic.Saturate8Full(y)
            : Arithmetic.Saturate8(y);
        row[c] = unchecked((byte)narrow);
    }
}
