using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Programs;

/// <summary>Makes legal instructions of the load, compute and store units. Null: it would not fit, throw the dice again.</summary>
internal sealed class LoadGenerator(
    Machine machine, Dice dice, GeneratorOptions options, MainLayout layout, ScratchPlacer placer)
{
    private const int MostFieldRows = 4095;

    /// <summary>Highest index in each slot, in program order; empty before the first load.</summary>
    private readonly List<int>[] _slots = [[], []];

    private int R => machine.Rows;

    private int C => machine.Columns;

    private int W => machine.WordBytes;

    public Instruction? Rows()
    {
        int words = dice.Size(Math.Min(64, machine.Scratchpad.BankBytes / W));
        int rows = dice.Size(Math.Max(1, Math.Min(16, 2048 / (words * W))));
        if (placer.Strided(placer.AnyBank(), rows, (long)words * W, W, reads: false) is not { } operand)
        {
            return null;
        }

        int bytes = operand.Rows * words * W;
        uint? main = dice.OneIn(2) ? layout.PoolAddress(bytes, writable: false) : null;
        if (main is null && !layout.HasRoom(bytes))
        {
            return null;
        }

        return Instruction.Of(
            Load.Definition,
            (Load.Main, main ?? layout.AddConstants(Activations(bytes))),
            (Load.Scratch, operand.Address),
            (Load.Rows, (uint)operand.Rows),
            (Load.RowWords, (uint)words),
            (Load.Stride, operand.Stride));
    }

    public Instruction? StoreRows()
    {
        int words = dice.Size(Math.Min(64, machine.Scratchpad.BankBytes / W));
        int rows = dice.Size(Math.Max(1, Math.Min(16, 2048 / (words * W))));
        if (!layout.CanStore
            || placer.Strided(placer.AnyBank(), rows, (long)words * W, W, reads: true) is not { } operand
            || layout.PoolAddress(operand.Rows * words * W, writable: true) is not { } main)
        {
            return null;
        }

        return Instruction.Of(
            Store.Definition,
            (Store.Main, main),
            (Store.Scratch, operand.Address),
            (Store.Rows, (uint)operand.Rows),
            (Store.RowWords, (uint)words),
            (Store.Stride, operand.Stride));
    }

    public Instruction? Weights()
    {
        int mostTiles = Math.Min(machine.WeightTiles, Math.Max(2, 4096 / machine.TileRecordBytes));
        int tiles = dice.Size(mostTiles);
        int mostIndex = Math.Min(machine.Scratchpad.BankBytes / R, 60) - 1;
        if (tiles > mostIndex + 1 || !layout.HasRoom((long)tiles * machine.TileRecordBytes))
        {
            return null;
        }

        // Strictly rising, with gaps where tiles were pruned.
        int span = dice.OneIn(2) ? tiles : dice.Between(tiles, mostIndex + 1);
        int[] indices = [.. Enumerable.Range(0, span).OrderBy(_ => dice.Between(0, 1 << 20)).Take(tiles).Order()];
        var bytes = new byte[tiles * machine.TileRecordBytes];
        for (int t = 0; t < tiles; t++)
        {
            Span<byte> record = bytes.AsSpan(t * machine.TileRecordBytes, machine.TileRecordBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)indices[t]);
            Activations(R * C).CopyTo(record[Math.Max(2, C)..]);
        }

        uint slot = dice.Flag();
        _slots[slot] = [.. indices];
        return Instruction.Of(
            LoadWeights.Definition,
            (LoadWeights.Main, layout.AddConstants(bytes)), (LoadWeights.Tiles, (uint)tiles), (LoadWeights.Slot, slot));
    }

    public Instruction? Dynamic()
    {
        int length = dice.Size(Math.Min(machine.WeightTiles * R, Math.Max(R, 2048 / C)));
        int columns = dice.Size(C);
        bool byColumns = dice.Flag() != 0;
        Operand? place = byColumns
            ? placer.Strided(placer.AnyBank(), columns, CeilingDivide(length, R) * R, R, reads: true)
            : placer.Strided(placer.AnyBank(), length, C, C, reads: true);
        if (place is not { } operand)
        {
            return null;
        }

        // A bank that is too small took rows away; they are columns or the reduction's length.
        (length, columns) = byColumns ? (length, operand.Rows) : (operand.Rows, columns);
        uint slot = dice.Flag();
        _slots[slot] = [.. Enumerable.Range(0, CeilingDivide(length, R))];
        return Instruction.Of(
            LoadDynamic.Definition,
            (LoadDynamic.Scratch, operand.Address),
            (LoadDynamic.Stride, operand.Stride),
            (LoadDynamic.KLength, (uint)length),
            (LoadDynamic.Columns, (uint)columns),
            (LoadDynamic.Slot, slot),
            (LoadDynamic.ByColumns, byColumns ? 1u : 0));
    }

    public Instruction? Parameters()
    {
        int count = 2 * dice.Size(Math.Min(64, machine.ParameterEntries / 2));
        if (!layout.HasRoom(8L * count))
        {
            return null;
        }

        bool gentle = dice.OneIn(3);
        return Instruction.Of(
            LoadParameters.Definition,
            (LoadParameters.Main, layout.AddConstants([.. Enumerable.Range(0, count).SelectMany(_ => gentle ? GentleEntry() : Entry())])),
            (LoadParameters.First, (uint)dice.Aligned(Math.Min(MostFieldRows, machine.ParameterEntries - count), 2)),
            (LoadParameters.Count, (uint)count));
    }

    public Instruction? Table() => !layout.HasRoom(256) || machine.TableSlots == 0
        ? null
        : Instruction.Of(
            LoadTable.Definition,
            (LoadTable.Main, layout.AddConstants(dice.Bytes(256))),
            (LoadTable.Slot, (uint)dice.Between(0, machine.TableSlots - 1)));

    public Instruction? Multiply()
    {
        uint slot = dice.Flag();
        int tiles = dice.OneIn(10) ? 0 : _slots[slot].Count;
        long perRow = Math.Max(1, (long)tiles * R * C);
        int mostRows = Math.Min((int)Math.Clamp(options.MacLimit / perRow, 2, 64), machine.AccumulatorRows);
        int rows = dice.OneIn(12) && perRow * machine.AccumulatorRows <= 8L * options.MacLimit
            ? machine.AccumulatorRows
            : dice.Size(mostRows);
        int rowBytes = tiles == 0 ? W : (_slots[slot][^1] + 1) * R;
        if (placer.Strided(placer.AnyBank(), rows, rowBytes, W, reads: true) is not { } operand)
        {
            return null;
        }

        uint accumulate = dice.Flag();
        return Instruction.Of(
            Compute.Definition,
            (Compute.Source, operand.Address),
            (Compute.Stride, operand.Stride),
            (Compute.Rows, (uint)operand.Rows),
            (Compute.Tiles, (uint)tiles),
            (Compute.Slot, slot),
            (Compute.Half, dice.Flag()),
            (Compute.Accumulate, accumulate),
            (Compute.Shift7, accumulate & dice.Flag()));
    }

    private byte[] Activations(int count)
    {
        byte[] bytes = dice.Bytes(count);
        switch (dice.Between(0, 5))
        {
            case 0:
                // Extremes only.
                return [.. bytes.Select(b => (b & 3) switch { 0 => (byte)0x80, 1 => (byte)0x7F, 2 => (byte)0x81, _ => (byte)0 })];
            case 1:
                // int16 values of a narrow range, so that a softmax sees more than its maximum.
                return [.. bytes.Select((b, i) => (i & 1) == 0 ? b : (byte)(b & 3))];
            case 2:
                // Rows of equal values: no variance.
                return [.. bytes.Select((_, i) => (i & 1) == 0 ? bytes[0] : bytes[^1])];
            default:
                return bytes;
        }
    }

    /// <summary>Small numbers and shifts: results stay within their range and meet ties.</summary>
    private byte[] GentleEntry()
    {
        var entry = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(entry, dice.Between(-64, 64));
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), (ushort)dice.Between(1, 64));
        (entry[6], entry[7]) = ((byte)dice.Between(0, 8), (byte)dice.Between(0, 8));
        return entry;
    }

    private byte[] Entry()
    {
        byte[] entry = dice.Bytes(8);
        int magnitude = dice.Between(0, 31);
        int bias = dice.Between(-1 << magnitude, (int)((1L << magnitude) - 1));
        BinaryPrimitives.WriteInt32LittleEndian(entry, bias);
        if (dice.OneIn(3))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), dice.Of<ushort>(0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF));
        }

        if (!dice.OneIn(5))
        {
            entry[6] = (byte)dice.Between(0, 40);
            entry[7] = (byte)dice.Between(0, 40);
        }

        return entry;
    }
}
