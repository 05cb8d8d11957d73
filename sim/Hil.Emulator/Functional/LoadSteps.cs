using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Isa = Hil.Contract.Isa;

namespace Hil.Emulator.Functional;

/// <summary>The instructions of the Load and Store units (numerics, section 3).</summary>
internal static class LoadSteps
{
    public static void Load(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int bytes = (int)i[Isa.Load.RowWords] * word;
        long from = i[Isa.Load.Main];
        int to = (int)i[Isa.Load.Scratch];
        int stride = (int)i[Isa.Load.Stride] * word;
        for (int m = 0; m < (int)i[Isa.Load.Rows]; m++)
            state.Main.Read(from + ((long)m * bytes), state.Scratchpad.AsSpan(to + (m * stride), bytes));
    }

    public static void Store(DeviceState state, Instruction i)
    {
        int word = state.Machine.WordBytes;
        int bytes = (int)i[Isa.Store.RowWords] * word;
        int rows = (int)i[Isa.Store.Rows];
        if (state.Options.Mutation == EmulatorMutation.StoreDropsLastRow) rows--;
        int from = (int)i[Isa.Store.Scratch];
        int stride = (int)i[Isa.Store.Stride] * word;
        for (int m = 0; m < rows; m++)
        {
            state.Main.Write(
                i[Isa.Store.Main] + ((long)m * bytes), state.Scratchpad.AsSpan(from + (m * stride), bytes));
        }
    }

    public static void LoadWeights(DeviceState state, Instruction i)
    {
        int tiles = (int)i[Isa.LoadWeights.Tiles];
        var records = new byte[tiles * state.Machine.TileRecordBytes];
        state.Main.Read(i[Isa.LoadWeights.Main], records);
        WeightSlot slot = state.Slots[i[Isa.LoadWeights.Slot]];
        Unpack(state.Machine, records, tiles, slot.Indices, slot.Weights);
    }

    /// <summary>Splits tile records into indices and weights.</summary>
    public static void Unpack(
        Machine machine, ReadOnlySpan<byte> records, int tiles, Span<ushort> indices, Span<sbyte> weights)
    {
        int tileBytes = machine.Rows * machine.Columns;
        int header = machine.TileRecordBytes - tileBytes;
        ReadOnlySpan<sbyte> signed = MemoryMarshal.Cast<byte, sbyte>(records);
        for (int t = 0; t < tiles; t++)
        {
            int at = t * machine.TileRecordBytes;
            indices[t] = BinaryPrimitives.ReadUInt16LittleEndian(records[at..]);
            signed.Slice(at + header, tileBytes).CopyTo(weights[(t * tileBytes)..]);
        }
    }

    public static void LoadDynamic(DeviceState state, Instruction i)
    {
        Machine machine = state.Machine;
        (int r, int c) = (machine.Rows, machine.Columns);
        int length = (int)i[Isa.LoadDynamic.KLength];
        int columns = (int)i[Isa.LoadDynamic.Columns];
        int from = (int)i[Isa.LoadDynamic.Scratch];
        int stride = (int)i[Isa.LoadDynamic.Stride] * machine.WordBytes;
        bool byColumns = i.Flag(Isa.LoadDynamic.ByColumns);
        WeightSlot slot = state.Slots[i[Isa.LoadDynamic.Slot]];
        ReadOnlySpan<sbyte> source = MemoryMarshal.Cast<byte, sbyte>(state.Scratchpad.AsSpan());
        int tiles = (length + r - 1) / r;
        bool keepRows = state.Options.Mutation == EmulatorMutation.LoadDynamicKeepsGarbageRows;
        bool keepColumns = state.Options.Mutation == EmulatorMutation.LoadDynamicKeepsGarbageColumns;
        for (int t = 0; t < tiles; t++)
        {
            slot.Indices[t] = (ushort)t;
            for (int row = 0; row < r; row++)
            {
                Span<sbyte> weights = slot.Weights.AsSpan(((t * r) + row) * c, c);
                int k = (t * r) + row;
                for (int col = 0; col < c; col++)
                {
                    bool inside = k < length && col < columns;
                    if (!inside && ((keepRows && k >= length) || (keepColumns && col >= columns))) continue;
                    weights[col] = !inside ? (sbyte)0
                        : byColumns ? source[from + (col * stride) + k]
                        : source[from + (k * stride) + col];
                }
            }
        }
    }

    public static void LoadParameters(DeviceState state, Instruction i) =>
        state.Main.Read(
            i[Isa.LoadParameters.Main],
            state.Parameters.AsSpan(
                (int)i[Isa.LoadParameters.First] * ParameterEntry.Bytes,
                (int)i[Isa.LoadParameters.Count] * ParameterEntry.Bytes));

    public static void LoadTable(DeviceState state, Instruction i) =>
        state.Main.Read(
            i[Isa.LoadTable.Main],
            state.Tables.AsSpan((int)i[Isa.LoadTable.Slot] * DeviceState.TableBytes, DeviceState.TableBytes));
}
