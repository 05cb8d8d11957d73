using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Verification;

/// <summary>The resources that an instruction touches while it executes, from its word and the machine; needs a legal form.</summary>
public static class Accesses
{
    /// <summary>No instruction has more accesses.</summary>
    public const int Most = 6;

    /// <summary>The accesses of an instruction, in an array of its own.</summary>
    public static Access[] Of(Instruction instruction, Machine machine, int highestTile = -1)
    {
        Span<Access> buffer = new Access[Most];
        return buffer[..Write(instruction, machine, buffer, highestTile)].ToArray();
    }

    /// <summary>Writes the accesses of an instruction and returns how many there are.</summary>
    /// <param name="destination">At least <see cref="Most"/> long.</param>
    /// <param name="highestTile">
    /// For COMPUTE: the highest tile index in its weight slot, which says how far its rows reach; −1 where it is not known,
    /// then rows are taken as <c>tiles</c> tiles long.
    /// </param>
    public static int Write(Instruction instruction, Machine machine, Span<Access> destination, int highestTile = -1)
    {
        Instruction i = instruction;
        var list = new AccessWriter(destination);
        long w = machine.WordBytes;
        switch (i.Opcode)
        {
            case Opcode.End:
                break;
            case Opcode.Load:
                list.Read(Resource.Main, "main", i[Load.Main], (long)i[Load.Rows] * i[Load.RowWords] * w);
                list.Add(new(Resource.Scratchpad, "scratch", i[Load.Scratch], i[Load.RowWords] * w, i[Load.Rows], i[Load.Stride] * w, false, true));
                break;
            case Opcode.Store:
                list.Write(Resource.Main, "main", i[Store.Main], (long)i[Store.Rows] * i[Store.RowWords] * w);
                list.Add(new(Resource.Scratchpad, "scratch", i[Store.Scratch], i[Store.RowWords] * w, i[Store.Rows], i[Store.Stride] * w, true, false));
                break;
            case Opcode.LoadWeights:
                list.Read(Resource.Main, "main", i[LoadWeights.Main], (long)i[LoadWeights.Tiles] * machine.TileRecordBytes);
                list.Write(Resource.WeightSlot, "slot", i[LoadWeights.Slot], 1);
                break;
            case Opcode.LoadDynamic:
                list.Add(LoadDynamicSource(i, machine));
                list.Write(Resource.WeightSlot, "slot", i[LoadDynamic.Slot], 1);
                break;
            case Opcode.LoadParameters:
                list.Read(Resource.Main, "main", i[LoadParameters.Main], i[LoadParameters.Count] * 8L);
                list.Write(Resource.Parameters, "first", i[LoadParameters.First], i[LoadParameters.Count]);
                break;
            case Opcode.LoadTable:
                list.Read(Resource.Main, "main", i[LoadTable.Main], 256);
                list.Write(Resource.Table, "slot", i[LoadTable.Slot], 1);
                break;
            case Opcode.Compute:
                AddCompute(i, machine, highestTile, ref list);
                break;
            case Opcode.Requantize:
                AddRequantize(i, machine, ref list);
                break;
            case Opcode.LayerNorm:
                list.Add(Dense("source", i[LayerNorm.Source], i[LayerNorm.Rows], i[LayerNorm.Columns], 2, w, writes: false));
                if (i.Flag(LayerNorm.Write8))
                    list.Add(Dense("output8", i[LayerNorm.Output8], i[LayerNorm.Rows], i[LayerNorm.Columns], 1, w, writes: true));
                if (i.Flag(LayerNorm.Write16))
                    list.Add(Dense("output16", i[LayerNorm.Output16], i[LayerNorm.Rows], i[LayerNorm.Columns], 2, w, writes: true));
                list.Read(Resource.Parameters, "index", i[LayerNorm.Index], FormRules.ParameterEntriesRead(i, machine));
                break;
            case Opcode.Softmax:
                list.Add(Dense("source", i[Softmax.Source], i[Softmax.Rows], i[Softmax.Columns], 2, w, writes: false));
                list.Add(Dense("output", i[Softmax.Output], i[Softmax.Rows], i[Softmax.Columns], 1, w, writes: true));
                list.Read(Resource.Parameters, "index", i[Softmax.Index], FormRules.ParameterEntriesRead(i, machine));
                list.Write(Resource.RowScales, "rowScale", i[Softmax.RowScale], i[Softmax.Rows]);
                break;
            case Opcode.Map:
                long bytesIn = i.Flag(Map.WideSource) ? 2 : 1;
                long bytesOut = i.Flag(Map.WideOutput) ? 2 : 1;
                list.Add(new(Resource.Scratchpad, "source", i[Map.Source], i[Map.Columns] * bytesIn, i[Map.Rows], i[Map.SourceStride] * w, true, false));
                list.Add(new(Resource.Scratchpad, "output", i[Map.Output], i[Map.Columns] * bytesOut, i[Map.Rows], i[Map.OutputStride] * w, false, true));
                list.Read(Resource.Parameters, "index", i[Map.Index], FormRules.ParameterEntriesRead(i, machine));
                if (i.Flag(Map.UseTable)) list.Read(Resource.Table, "tableSlot", i[Map.TableSlot], 1);
                break;
            case Opcode.Add:
                list.Add(Dense("a", i[Add.A], i[Add.Rows], i[Add.Columns], 2, w, writes: false));
                list.Add(Dense("b", i[Add.B], i[Add.Rows], i[Add.Columns], 2, w, writes: false));
                list.Add(Dense("output", i[Add.Output], i[Add.Rows], i[Add.Columns], 2, w, writes: true));
                list.Read(Resource.Parameters, "index", i[Add.Index], FormRules.ParameterEntriesRead(i, machine));
                break;
            default:
                throw new ArgumentException($"opcode 0x{(int)i.Opcode:X2} is not an instruction", nameof(instruction));
        }

        return list.Count;
    }

    private static void AddCompute(Instruction i, Machine machine, int highestTile, ref AccessWriter list)
    {
        long tiles = i[Compute.Tiles];
        if (tiles > 0)
        {
            long rowTiles = highestTile < 0 ? tiles : highestTile + 1L;
            list.Add(new(
                Resource.Scratchpad, "source", i[Compute.Source], rowTiles * machine.Rows, i[Compute.Rows],
                (long)i[Compute.Stride] * machine.WordBytes, true, false));
            list.Read(Resource.WeightSlot, "slot", i[Compute.Slot], 1);
        }

        list.Add(new(Resource.AccumulatorHalf, "half", i[Compute.Half], 1, 1, 0, i.Flag(Compute.Accumulate), true));
    }

    private static void AddRequantize(Instruction i, Machine machine, ref AccessWriter list)
    {
        long bytes = i.Flag(Requantize.Wide) ? 2 : 1;
        list.Read(Resource.AccumulatorHalf, "half", i[Requantize.Half], 1);
        list.Add(new(
            Resource.Scratchpad, "output", i[Requantize.Output], i[Requantize.Columns] * bytes, i[Requantize.Rows],
            (long)i[Requantize.Stride] * machine.WordBytes, i.Flag(Requantize.Accumulate), true));
        if (i.Flag(Requantize.PerRow))
            list.Read(Resource.RowScales, "index", i[Requantize.Index], i[Requantize.Rows]);
        else
            list.Read(Resource.Parameters, "index", i[Requantize.Index], i[Requantize.Columns]);
        if (i.Flag(Requantize.UseTable)) list.Read(Resource.Table, "tableSlot", i[Requantize.TableSlot], 1);
    }

    // Whole groups of C or R bytes are fetched; they never leave the word they begin in.
    private static Access LoadDynamicSource(Instruction i, Machine machine)
    {
        long stride = (long)i[LoadDynamic.Stride] * machine.WordBytes;
        long k = i[LoadDynamic.KLength];
        return i.Flag(LoadDynamic.ByColumns)
            ? new(Resource.Scratchpad, "scratch", i[LoadDynamic.Scratch],
                (k + machine.Rows - 1) / machine.Rows * machine.Rows, i[LoadDynamic.Columns], stride, true, false)
            : new(Resource.Scratchpad, "scratch", i[LoadDynamic.Scratch], machine.Columns, k, stride, true, false);
    }

    private static Access Dense(string operand, long address, long rows, long columns, long elementBytes, long word, bool writes)
    {
        long bytes = columns * elementBytes;
        return new(Resource.Scratchpad, operand, address, bytes, rows, (bytes + word - 1) / word * word, !writes, writes);
    }

    private ref struct AccessWriter(Span<Access> destination)
    {
        private readonly Span<Access> _destination = destination;

        public int Count { get; private set; }

        public void Add(Access access) => _destination[Count++] = access;

        public void Read(Resource resource, string operand, long first, long length) =>
            Add(new(resource, operand, first, length, 1, 0, true, false));

        public void Write(Resource resource, string operand, long first, long length) =>
            Add(new(resource, operand, first, length, 1, 0, false, true));
    }
}
