using System.Buffers.Binary;
using Hil.Contract.Machines;

namespace Hil.Devices;

/// <summary>
/// The contract's memories (docs/numerics.md section 2) in the memories of the simulated core. Only while no segment runs.
/// </summary>
public sealed class RtlMemories(RtlSimulation simulation)
{
    private const int EntryBytes = 8;
    private const int TableBytes = 256;

    // Row scales of the serial vector unit: two words each.
    private const string SerialFields = "u_vector.gen_engine.u_engine.u_store.u_fields";

    private bool Serial => Machine.Vector.RoundCycles != 0;

    private Machine Machine => simulation.Machine;

    private int PortBytes => Machine.Regions.Max(r => r.BeatBytes);

    public void WriteScratchpad(long address, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            (int bank, int offset, int count) = Part(address + done, bytes.Length - done);
            bytes.Slice(done, count).CopyTo(Bank(bank)[offset..]);
            done += count;
        }
    }

    public void ReadScratchpad(long address, Span<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            (int bank, int offset, int count) = Part(address + done, bytes.Length - done);
            Bank(bank).Slice(offset, count).CopyTo(bytes[done..]);
            done += count;
        }
    }

    /// <summary>A half: rows of C values.</summary>
    public void WriteAccumulators(int half, ReadOnlySpan<int> values)
    {
        for (int c = 0; c < Machine.Columns; c++)
        {
            Span<byte> column = Column(half, c);
            for (int row = 0; row < Machine.AccumulatorRows; row++)
                BinaryPrimitives.WriteInt32LittleEndian(column[(row * sizeof(int))..], values[(row * Machine.Columns) + c]);
        }
    }

    public int[] ReadAccumulators(int half)
    {
        var values = new int[Machine.AccumulatorRows * Machine.Columns];
        for (int c = 0; c < Machine.Columns; c++)
        {
            Span<byte> column = Column(half, c);
            for (int row = 0; row < Machine.AccumulatorRows; row++)
                values[(row * Machine.Columns) + c] = BinaryPrimitives.ReadInt32LittleEndian(column[(row * sizeof(int))..]);
        }

        return values;
    }

    /// <summary>All entries, 8 bytes each.</summary>
    public void WriteParameters(ReadOnlySpan<byte> bytes)
    {
        for (int e = 0; e < Machine.ParameterEntries; e++) bytes.Slice(e * EntryBytes, EntryBytes).CopyTo(Entry(e));
    }

    public byte[] ReadParameters()
    {
        var bytes = new byte[Machine.ParameterEntries * EntryBytes];
        for (int e = 0; e < Machine.ParameterEntries; e++) Entry(e).CopyTo(bytes.AsSpan(e * EntryBytes));
        return bytes;
    }

    /// <summary>All tables, 256 bytes each; every lane has its copy.</summary>
    public void WriteTables(ReadOnlySpan<byte> bytes)
    {
        for (int lane = 0; lane < Machine.Lanes; lane++)
        {
            Span<byte> copy = simulation.Memory($"u_vector.gen_engine.u_engine.u_tables.gen_lane[{lane}].u_ram", out int elementBytes);
            for (int i = 0; i < Machine.TableSlots * TableBytes; i++) copy[(i / PortBytes * elementBytes) + (i % PortBytes)] = bytes[i];
        }
    }

    public byte[] ReadTables(int lane)
    {
        var bytes = new byte[Machine.TableSlots * TableBytes];
        Span<byte> copy = simulation.Memory($"u_vector.gen_engine.u_engine.u_tables.gen_lane[{lane}].u_ram", out int elementBytes);
        for (int i = 0; i < bytes.Length; i++) bytes[i] = copy[(i / PortBytes * elementBytes) + (i % PortBytes)];
        return bytes;
    }

    public void WriteRowScale(int entry, ushort multiplier, byte shift)
    {
        if (Serial)
        {
            Span<byte> fields = simulation.Memory(SerialFields, out _)[(entry * 4)..];
            BinaryPrimitives.WriteUInt16LittleEndian(fields, multiplier);
            BinaryPrimitives.WriteUInt16LittleEndian(fields[2..], shift);
            return;
        }

        Span<byte> memory = simulation.Memory("u_vector.gen_engine.u_engine.u_row_scales", out int elementBytes);
        BinaryPrimitives.WriteInt32LittleEndian(memory[(entry * elementBytes)..], multiplier | (shift << 16));
    }

    public (int Multiplier, int Shift) ReadRowScale(int entry)
    {
        if (Serial)
        {
            Span<byte> fields = simulation.Memory(SerialFields, out _)[(entry * 4)..];
            return (BinaryPrimitives.ReadUInt16LittleEndian(fields), BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]));
        }

        Span<byte> memory = simulation.Memory("u_vector.gen_engine.u_engine.u_row_scales", out int elementBytes);
        int scale = BinaryPrimitives.ReadInt32LittleEndian(memory[(entry * elementBytes)..]);
        return (scale & 0xFFFF, (scale >> 16) & 0xFF);
    }

    /// <summary>The index of a tile in a weight slot, and its weights row by row.</summary>
    public (int Index, sbyte[] Weights) ReadTile(int slot, int tile)
    {
        Span<byte> indices = simulation.Memory("u_weights.u_indices", out int indexBytes);
        Span<byte> rows = simulation.Memory("u_weights.u_rows", out int rowBytes);
        int at = (slot * Machine.WeightTiles) + tile;
        var weights = new sbyte[Machine.Rows * Machine.Columns];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = unchecked((sbyte)rows[(((at * Machine.Rows) + (i / Machine.Columns)) * rowBytes) + (i % Machine.Columns)]);
        return (BinaryPrimitives.ReadUInt16LittleEndian(indices[(at * indexBytes)..]), weights);
    }

    private (int Bank, int Offset, int Count) Part(long address, int left)
    {
        int offset = (int)(address % Machine.Scratchpad.BankBytes);
        return ((int)(address / Machine.Scratchpad.BankBytes), offset, Math.Min(left, Machine.Scratchpad.BankBytes - offset));
    }

    // A word is a power of two of at least four bytes, so words lie together as in the contract.
    private Span<byte> Bank(int bank) => simulation.Memory($"u_scratchpad.gen_bank[{bank}].u_ram", out _);

    private Span<byte> Column(int half, int column) =>
        simulation.Memory($"u_compute.u_accumulators.gen_column[{column}].gen_half[{half}].u_ram", out _);

    private Span<byte> Entry(int entry) => Serial
        ? simulation.Memory("u_vector.gen_engine.u_engine.u_store.u_parameters", out _).Slice(entry * EntryBytes, EntryBytes)
        : simulation.Memory($"u_vector.gen_engine.u_engine.u_parameters.gen_lane[{entry % Machine.Lanes}].u_ram", out _)
            .Slice(entry / Machine.Lanes * EntryBytes, EntryBytes);
}
