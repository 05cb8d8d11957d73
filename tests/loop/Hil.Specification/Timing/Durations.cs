using Hil.Contract.Isa;
using Hil.Contract.Machines;
using static Hil.Specification.Numerics.Rounding;

namespace Hil.Specification.Timing;

/// <summary>docs/timing.md sections 5 and 6: how long an instruction executes.</summary>
public sealed class Durations(Machine machine)
{
    private int R => machine.Rows;

    private int C => machine.Columns;

    private int L => machine.Lanes;

    /// <summary>Bytes over the memory port, or null for an instruction of fixed duration.</summary>
    public long? PortBytes(Instruction i) => i.Opcode switch
    {
        Opcode.Load => (long)i[Load.Rows] * i[Load.RowWords] * machine.WordBytes,
        Opcode.Store => (long)i[Store.Rows] * i[Store.RowWords] * machine.WordBytes,
        Opcode.LoadWeights => (long)i[LoadWeights.Tiles] * (Math.Max(2, C) + (R * C)),
        Opcode.LoadParameters => (long)i[LoadParameters.Count] * 8,
        Opcode.LoadTable => 256,
        _ => null,
    };

    public long PortAddress(Instruction i) => i.Opcode switch
    {
        Opcode.Load => i[Load.Main],
        Opcode.Store => i[Store.Main],
        Opcode.LoadWeights => i[LoadWeights.Main],
        Opcode.LoadParameters => i[LoadParameters.Main],
        Opcode.LoadTable => i[LoadTable.Main],
        _ => throw new ArgumentException($"{i.Opcode} does not use the port.", nameof(i)),
    };

    /// <summary>D of section 6.</summary>
    public long Fixed(Instruction i) => i.Opcode switch
    {
        Opcode.LoadDynamic => Dynamic(i),
        Opcode.Compute => Multiply((int)i[Compute.Rows], (int)i[Compute.Tiles]),
        Opcode.Requantize => Scale(i),
        Opcode.LayerNorm => Norm(i),
        Opcode.Softmax => Exponentials(i),
        Opcode.Map => MapElements(i),
        Opcode.Add => AddElements(i),
        _ => throw new ArgumentException($"{i.Opcode} has no fixed duration.", nameof(i)),
    };

    public MemoryRegion RegionAt(long address) =>
        machine.Regions.Single(r => address >= r.Base && address < r.Base + r.Bytes);

    private long Dynamic(Instruction i)
    {
        long tiles = CeilingDivide((int)i[LoadDynamic.KLength], R);
        return i.Flag(LoadDynamic.ByColumns) ? (tiles * (C + R)) + 3 : (tiles * R) + 3;
    }

    private long Multiply(int rows, int tiles) =>
        tiles == 0 ? rows + 6 : R + ((tiles - 1L) * Math.Max(rows, R + C + 2)) + rows + R + C + 6;

    private long Scale(Instruction i)
    {
        long columns = i[Requantize.Columns];
        long group = Math.Max(Access(i.Flag(Requantize.Wide) ? 2 : 1), Keys.RoundCycles);
        long body = Groups(columns) * (Keys.LineCycles + (i[Requantize.Rows] * group)) * (i.Flag(Requantize.Accumulate) ? 2 : 1);
        return (i.Flag(Requantize.PerRow) ? body : columns + body) + Keys.StartCycles;
    }

    private long Norm(Instruction i)
    {
        long groups = Groups(i[LayerNorm.Columns]);
        var write = new List<(long, int)> { (i[LayerNorm.Source], 2) };
        if (i.Flag(LayerNorm.Write8))
        {
            write.Add((i[LayerNorm.Output8], 1));
        }

        if (i.Flag(LayerNorm.Write16))
        {
            write.Add((i[LayerNorm.Output16], 2));
        }

        long slot = Math.Max((write.Count + 1L) * Keys.RoundCycles, Combine(write));
        return (i[LayerNorm.Rows] * ((groups * First) + Keys.NormCycles + (groups * slot))) + Keys.LineCycles + Keys.StartCycles;
    }

    private long Exponentials(Instruction i)
    {
        long groups = Groups(i[Softmax.Columns]);
        long slot = Math.Max(Keys.RoundCycles, Combine([(i[Softmax.Source], 2), (i[Softmax.Output], 1)]));
        return (i[Softmax.Rows] * ((groups * First) + (groups * slot) + Keys.DivideCycles)) + Keys.StartCycles;
    }

    private long MapElements(Instruction i)
    {
        long combined = Combine(
            [(i[Map.Source], i.Flag(Map.WideSource) ? 2 : 1), (i[Map.Output], i.Flag(Map.WideOutput) ? 2 : 1)]);
        return (i[Map.Rows] * ((Groups(i[Map.Columns]) * Math.Max(Keys.RoundCycles, combined)) + Keys.LineCycles)) + Keys.StartCycles;
    }

    private long AddElements(Instruction i)
    {
        long combined = Combine([(i[Add.A], 2), (i[Add.B], 2), (i[Add.Output], 2)]);
        return (i[Add.Rows] * ((Groups(i[Add.Columns]) * Math.Max(3 * Keys.RoundCycles, combined)) + Keys.LineCycles)) + Keys.StartCycles;
    }

    private VectorShape Keys => machine.Vector;

    /// <summary>Cycles of a group in a first pass.</summary>
    private int First => Math.Max(Access(2), Keys.StatisticsCycles);

    /// <summary>G = ceil(N / L).</summary>
    private long Groups(long columns) => (columns + L - 1) / L;

    /// <summary>b(e).</summary>
    private int Access(int elementBytes) => Math.Max(1, L * elementBytes / machine.WordBytes);

    private long Combine(IEnumerable<(long Address, int ElementBytes)> accesses) =>
        accesses.GroupBy(a => a.Address / machine.Scratchpad.BankBytes).Max(bank => bank.Sum(a => (long)Access(a.ElementBytes)));
}
