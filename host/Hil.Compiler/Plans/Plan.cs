using Hil.Compiler.Scheduling;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Compiler.Plans;

/// <summary>A layer of the graph while it is compiled.</summary>
internal sealed class PlanLayer(string name, string kind)
{
    public string Name { get; } = name;

    public string Kind { get; } = kind;

    public long SkippedMacs { get; set; }
}

/// <summary>The operations of a program in lowering order, and the regions that they use.</summary>
/// <param name="pieces">Pieces of vector work that are known from a schedule, or null.</param>
internal sealed class Plan(Machine machine, IReadOnlyList<IReadOnlyList<Piece>>? pieces = null)
{
    private int _layer = -1;

    public Machine Machine { get; } = machine;

    public Durations Durations { get; } = new(machine);

    public List<Operation> Operations { get; } = [];

    public List<Region> Regions { get; } = [];

    public List<PlanLayer> Layers { get; } = [];

    public PieceList Pieces { get; } = new(pieces);

    public EntryRing Parameters { get; } = new("parameter memory", machine.ParameterEntries, Math.Max(2, machine.Lanes));

    public EntryRing RowScales { get; } = new("row scales", machine.RowScaleEntries, 1);

    public EntryRing Tables { get; } = new("table slots", machine.TableSlots, 1);

    /// <summary>What the host writes to main memory for each sample, by name: masks, before the image.</summary>
    public Dictionary<string, Constant> Given { get; } = [];

    public PlanLayer Layer => Layers[_layer];

    public void BeginLayer(string name, string kind)
    {
        Layers.Add(new(name, kind));
        _layer = Layers.Count - 1;
    }

    /// <summary>Later operations belong to an earlier layer again, where the work of layers is interleaved.</summary>
    public void Resume(int layer) => _layer = layer;

    public int LayerIndex => _layer;

    public int WordBytes => Machine.WordBytes;

    /// <summary>Bytes from row to row of a dense tensor.</summary>
    public int Stride(int columns, int elementBytes) => ((columns * elementBytes) + WordBytes - 1) / WordBytes * WordBytes;

    public Region NewRegion(string name, RegionRole role, int rows, int strideBytes, int bank = -1, bool hostWrites = false)
    {
        var region = new Region(name, role, rows, strideBytes) { WantedBank = bank, HostWrites = hostWrites };
        Regions.Add(region);
        return region;
    }

    public TensorView NewTensor(string name, RegionRole role, int rows, int columns, int elementBytes, int bank = -1, bool hostWrites = false)
    {
        int stride = Stride(columns, elementBytes);
        Region region = NewRegion(name, role, rows, stride, bank, hostWrites);
        return new([new(0, rows, region, 0)], columns, elementBytes, stride);
    }

    public Operation Append(Operation operation)
    {
        operation.Index = Operations.Count;
        Operations.Add(operation);
        foreach (Operand operand in operation.Operands)
        {
            operand.Region.FirstUse = Math.Min(operand.Region.FirstUse, operation.Index);
            operand.Region.FirstLayer = Math.Min(operand.Region.FirstLayer, operation.Layer);
            operand.Region.LastLayer = Math.Max(operand.Region.LastLayer, operation.Layer);
            operand.Region.LastUse = Math.Max(operand.Region.LastUse, operation.Index);
        }

        return operation;
    }

    public Operation New(StepKind kind, Unit unit, Instruction word, Constant? constant = null, SlotContent? slot = null, Sum? sum = null,
        long macs = 0, bool background = false, Piece? piece = null) =>
        new(kind, unit, word, _layer) { Constant = constant, Slot = slot, Sum = sum, Macs = macs, Background = background || piece is not null, Piece = piece };

    /// <summary>Fills parameter entries: 8 bytes each.</summary>
    /// <param name="entries">What to fill them with.</param>
    /// <param name="reserved">Takes those that were set aside.</param>
    public (int First, object Content) LoadParameters(Constant entries, bool reserved = false)
    {
        int count = entries.Bytes.Length / 8;
        count += count & 1;
        int first = reserved ? Parameters.TakeReserved() : Parameters.Take(count);
        Operation op = New(
            StepKind.LoadParameters, Unit.Load,
            Instruction.Of(Contract.Isa.LoadParameters.Definition, (Contract.Isa.LoadParameters.First, (uint)first), (Contract.Isa.LoadParameters.Count, (uint)count)),
            entries);
        op.Entries.Add(new(EntryKind.Parameters, first, count, true, entries));
        Append(op);
        return (first, entries);
    }

    /// <summary>Fills parameter entries and, right after them, entries that the host gives.</summary>
    public (int First, object Content) LoadParameters(Constant entries, Constant given)
    {
        int count = entries.Bytes.Length / 8;
        int first = Parameters.Take(count + (given.Bytes.Length / 8));
        foreach ((Constant constant, int at) in new[] { (entries, first), (given, first + count) })
        {
            uint length = (uint)constant.Bytes.Length / 8;
            Operation op = New(
                StepKind.LoadParameters, Unit.Load,
                Instruction.Of(Contract.Isa.LoadParameters.Definition, (Contract.Isa.LoadParameters.First, (uint)at), (Contract.Isa.LoadParameters.Count, length)),
                constant);
            op.Entries.Add(new(EntryKind.Parameters, at, (int)length, true, constant));
            Append(op);
        }

        return (first, entries);
    }

    public int LoadTable(Constant table)
    {
        int slot = Tables.Take(1);
        Operation op = New(
            StepKind.LoadTable, Unit.Load,
            Instruction.Of(Contract.Isa.LoadTable.Definition, (Contract.Isa.LoadTable.Slot, (uint)slot)), table);
        op.Entries.Add(new(EntryKind.Table, slot, 1, true, table));
        Append(op);
        return slot;
    }
}
