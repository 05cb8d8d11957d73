using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hil.Emulator.Functional.Products;

/// <summary>REQUANTIZE of neighbouring columns of one panel (numerics, section 5).</summary>
internal sealed class OutputRun
{
    private const int LeastVectorShift = VectorScaler.LeastShift;
    private const int MostVectorShift = VectorScaler.MostShift;
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
        bool uniform = vectors && !_sink.PerRow && _sink.Shift is >= LeastVectorShift and <= MostVectorShift;
        if (uniform)
        {
            WriteBlocks(state.Scratchpad, sums, panelColumns, rows);
            return;
        }

        for (int m = 0; m < rows; m++)
        {
            RowScale scale = _sink.PerRow ? state.RowScales[_sink.RowScale + m] : default;
            int shift = _sink.PerRow ? Math.Min(63, _sink.Shift + scale.Shift) : _sink.Shift;
            ReadOnlySpan<int> acc = sums[((m * panelColumns) + _panelColumn)..];
            Span<byte> row = state.Scratchpad.AsSpan(_output + (m * _sink.Stride), _columns * _sink.ElementBytes);
            if (vectors && shift is >= LeastVectorShift and <= MostVectorShift)
            {
                var scaler = new VectorScaler(Vector256<int>.Zero, Vector256.Create((int)scale.Multiplier), shift);
                for (int c = 0; c < _columns; c += Step) Put(scaler.Scale(Vector256.Create(acc[c..])), row, c);
            }
            else
            {
                WriteElements(acc, row, scale, shift);
            }
        }
    }

    // Eight columns at a time; the sums have room for whole vectors behind the last column.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteBlocks(byte[] scratchpad, ReadOnlySpan<int> sums, int panelColumns, int rows)
    {
        int rowBytes = _columns * _sink.ElementBytes;
        for (int c = 0; c < _columns; c += Step)
        {
            var scaler = new VectorScaler(
                Vector256.Create(_bias.AsSpan(c)), Vector256.Create(_multiplier.AsSpan(c)), _sink.Shift);
            for (int m = 0; m < rows; m++)
            {
                Vector256<int> y = scaler.Scale(Vector256.Create(sums[((m * panelColumns) + _panelColumn + c)..]));
                Put(y, scratchpad.AsSpan(_output + (m * _sink.Stride), rowBytes), c);
            }
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

    private void Put(Vector256<int> y, Span<byte> row, int c)
    {
        int count = Math.Min(Step, _columns - c);
        if (_sink.Wide) PutWide(y, MemoryMarshal.Cast<byte, short>(row).Slice(c, count));
        else PutNarrow(y, row.Slice(c, count));
    }

    private void PutWide(Vector256<int> y, Span<short> row)
    {
        Vector256<int> limit = Vector256.Create(32767);
        y = Vector256.Min(Vector256.Max(y, -limit), limit);
        Span<short> part = stackalloc short[Step];
        if (_sink.Accumulate)
        {
            row.CopyTo(part);
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Create((ReadOnlySpan<short>)part));
            y = Vector256.Min(Vector256.Max(y + Vector256.Create(low, high), -limit), limit);
        }

        Vector128<short> narrow = Vector128.Narrow(y.GetLower(), y.GetUpper());
        if (row.Length == Step)
        {
            narrow.CopyTo(row);
            return;
        }

        narrow.CopyTo(part);
        part[..row.Length].CopyTo(row);
    }

    private void PutNarrow(Vector256<int> y, Span<byte> row)
    {
        byte[]? table = _sink.Table;
        y = Vector256.Min(Vector256.Max(y, Vector256.Create(table is null ? -127 : -128)), Vector256.Create(127));
        Vector128<short> words = Vector128.Narrow(y.GetLower(), y.GetUpper());
        ulong bytes = Vector128.Narrow(words, words).AsUInt64().ToScalar();
        if (table is null && row.Length == Step)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(row, bytes);
            return;
        }

        for (int n = 0; n < row.Length; n++, bytes >>= 8)
            row[n] = table is null ? unchecked((byte)bytes) : table[bytes & 255];
    }
}
