using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hil.Emulator.Functional.Products;

/// <summary>REQUANTIZE of neighbouring columns of one panel (numerics, section 5).</summary>
internal sealed class OutputRun
{
    // The vector path works on products of at most 47 bits plus sign and gives results of at most 31 bits.
    private const int LeastVectorShift = 17;
    private const int MostVectorShift = 48;
    private const int Step = 8;

    private readonly Sink _sink;
    private readonly int _panelColumn;
    private readonly int _columns;
    private readonly int _output;
    private readonly int[] _bias;
    private readonly int[] _multiplier;

    /// <param name="sink">Its columns from <paramref name="first"/> on are written.</param>
    /// <param name="panelColumn">The panel's column of the first of them.</param>
    public OutputRun(Sink sink, int first, int columns, int panelColumn)
    {
        (_sink, _panelColumn, _columns) = (sink, panelColumn, columns);
        _output = sink.Output + (first * sink.ElementBytes);
        int padded = (columns + Step - 1) / Step * Step;
        _bias = new int[padded];
        _multiplier = new int[padded];
        if (sink.PerRow) return;
        sink.Bias.AsSpan(first, columns).CopyTo(_bias);
        sink.Multiplier.AsSpan(first, columns).CopyTo(_multiplier);
    }

    public void Write(DeviceState state, ReadOnlySpan<int> sums, int panelColumns, int rows, bool vectors)
    {
        for (int m = 0; m < rows; m++)
        {
            RowScale scale = _sink.PerRow ? state.RowScales[_sink.RowScale + m] : default;
            int shift = _sink.PerRow ? Math.Min(63, _sink.Shift + scale.Shift) : _sink.Shift;
            ReadOnlySpan<int> acc = sums[((m * panelColumns) + _panelColumn)..];
            Span<byte> row = state.Scratchpad.AsSpan(_output + (m * _sink.Stride), _columns * _sink.ElementBytes);
            if (vectors && shift is >= LeastVectorShift and <= MostVectorShift) WriteVectors(acc, row, scale, shift);
            else WriteElements(acc, row, scale, shift);
        }
    }

    private void WriteElements(ReadOnlySpan<int> acc, Span<byte> row, RowScale scale, int shift)
    {
        for (int c = 0; c < _columns; c++)
        {
            long p = _sink.PerRow
                ? (long)acc[c] * scale.Multiplier
                : Arithmetic.Saturate32((long)acc[c] + _bias[c]) * _multiplier[c];
            long y = Arithmetic.RoundHalfEven(p, shift);
            if (_sink.Wide) PutWide(row, c, Arithmetic.Saturate16(y));
            else if (_sink.Table is { } table) row[c] = table[Arithmetic.Saturate8Full(y) & 255];
            else row[c] = unchecked((byte)Arithmetic.Saturate8(y));
        }
    }

    private void PutWide(Span<byte> row, int c, int value)
    {
        Span<short> wide = MemoryMarshal.Cast<byte, short>(row);
        wide[c] = (short)(_sink.Accumulate ? Arithmetic.Saturate16(wide[c] + value) : value);
    }

    // Eight columns at a time; the sums have room for whole vectors behind the last column.
    private void WriteVectors(ReadOnlySpan<int> acc, Span<byte> row, RowScale scale, int shift)
    {
        Vector256<int> perRow = Vector256.Create((int)scale.Multiplier);
        for (int c = 0; c < _columns; c += Step)
        {
            Vector256<int> x = Vector256.Create(acc[c..]);
            Vector256<int> y;
            if (_sink.PerRow)
            {
                y = Scale(x, perRow, shift);
            }
            else
            {
                Vector256<int> biased = AddSaturated(x, Vector256.Create(_bias.AsSpan(c)));
                y = Scale(biased, Vector256.Create(_multiplier.AsSpan(c)), shift);
            }

            Put(y, row, c, Math.Min(Step, _columns - c));
        }
    }

    private static Vector256<int> AddSaturated(Vector256<int> a, Vector256<int> b)
    {
        Vector256<int> sum = a + b;
        Vector256<int> overflowed = ((a ^ sum) & (b ^ sum)) >> 31;
        Vector256<int> limit = (a >> 31) ^ Vector256.Create(int.MaxValue);
        return Vector256.ConditionalSelect(overflowed, limit, sum);
    }

    private static Vector256<int> Scale(Vector256<int> x, Vector256<int> multiplier, int shift)
    {
        Vector256<long> even = Round(Avx2.Multiply(x, multiplier), shift);
        Vector256<long> odd = Round(
            Avx2.Multiply((x.AsInt64() >>> 32).AsInt32(), (multiplier.AsInt64() >>> 32).AsInt32()), shift);
        return Avx2.Blend(even.AsInt32(), (odd << 32).AsInt32(), 0b10101010);
    }

    // An offset of 2^62 makes the value positive, so that logical shifts do, and is even in units of the result.
    private static Vector256<long> Round(Vector256<long> p, int shift)
    {
        Vector256<long> positive = p + Vector256.Create(1L << 62);
        Vector256<long> odd = (positive >>> shift) & Vector256<long>.One;
        Vector256<long> rounded = (positive + Vector256.Create((1L << (shift - 1)) - 1) + odd) >>> shift;
        return rounded - Vector256.Create(1L << (62 - shift));
    }

    private void Put(Vector256<int> y, Span<byte> row, int c, int count)
    {
        Span<short> values = stackalloc short[Step];
        if (_sink.Wide)
        {
            Vector256<int> limit = Vector256.Create(32767);
            y = Vector256.Min(Vector256.Max(y, -limit), limit);
            Span<short> wide = MemoryMarshal.Cast<byte, short>(row)[c..];
            if (_sink.Accumulate)
            {
                wide[..count].CopyTo(values);
                y += Vector256.WidenLower(Vector128.Create((ReadOnlySpan<short>)values).ToVector256());
                y = Vector256.Min(Vector256.Max(y, -limit), limit);
            }

            Vector128<short> narrow = Vector128.Narrow(y.GetLower(), y.GetUpper());
            narrow.CopyTo(values);
            values[..count].CopyTo(wide);
            return;
        }

        int least = _sink.Table is null ? -127 : -128;
        y = Vector256.Min(Vector256.Max(y, Vector256.Create(least)), Vector256.Create(127));
        Vector128<sbyte> bytes = Vector128.Narrow(Vector128.Narrow(y.GetLower(), y.GetUpper()), Vector128<short>.Zero);
        Span<byte> narrowed = MemoryMarshal.AsBytes(values);
        bytes.GetLower().AsByte().CopyTo(narrowed);
        if (_sink.Table is { } table)
        {
            for (int n = 0; n < count; n++) row[c + n] = table[narrowed[n]];
            return;
        }

        narrowed[..count].CopyTo(row[c..]);
    }
}
