using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Emulator.Timing;

/// <summary>How long each instruction takes and how its bytes are cut into bursts (docs/timing.md sections 5 and 6).</summary>
public sealed class TimingRules(Machine machine, EmulatorMutation mutation)
{
    // Cycles from the start of work to the first result, and from the last operand to the end, of each unit (docs/timing.md section 6).
    private const int DynamicFill = 3;
    private const int ArrayFill = 6;

    private readonly long _r = machine.Rows;
    private readonly long _c = machine.Columns;

    /// <summary>Cycles after the last burst of a port instruction.</summary>
    public int PortTail { get; } = mutation == EmulatorMutation.PortTailOneCycle ? 1 : 2;

    /// <summary>Bytes that a port instruction moves, or 0 for one of fixed duration.</summary>
    public long PortBytes(Instruction i) => i.Opcode switch
    {
        Opcode.Load => (long)i[Load.Rows] * i[Load.RowWords] * machine.WordBytes,
        Opcode.Store => (long)i[Store.Rows] * i[Store.RowWords] * machine.WordBytes,
        Opcode.LoadWeights => (long)i[LoadWeights.Tiles] * machine.TileRecordBytes,
        Opcode.LoadParameters => i[LoadParameters.Count] * 8L,
        Opcode.LoadTable => 256,
        _ => 0,
    };

    /// <summary>The address in main memory of a port instruction; all have it in the same bits.</summary>
    public static long PortAddress(Instruction i) => i[Load.Main];

    /// <summary>Bytes of the next burst of a transfer that has <paramref name="left"/> bytes to go.</summary>
    public long BurstBytes(MemoryRegion region, long address, long left) =>
        mutation == EmulatorMutation.BurstIgnoresBoundaries
            ? Math.Min(left, region.MaxBurstBytes)
            : Math.Min(left, region.MaxBurstBytes - (address % region.MaxBurstBytes));

    /// <summary>Cycles of one burst, without the one in which it is granted.</summary>
    public long BurstCycles(MemoryRegion region, long address, long bytes, bool write)
    {
        long crossed = region.PageBytes == 0
            ? 0
            : ((address + bytes - 1) / region.PageBytes) - (address / region.PageBytes);
        if (mutation == EmulatorMutation.BurstPageCrossingFree) crossed = 0;
        long beats = mutation == EmulatorMutation.BurstBeatsRoundedDown
            ? Math.Max(1, bytes / region.BeatBytes)
            : CeilDiv(bytes, region.BeatBytes);
        bool asRead = !write || mutation == EmulatorMutation.StoreUsesReadLatency;
        return (asRead ? region.ReadLatencyCycles : region.WriteLatencyCycles)
            + (beats * region.CyclesPerBeat)
            + (region.PageCycles * crossed);
    }

    /// <summary>Cycles of an instruction that does not use the port.</summary>
    public long Duration(Instruction i) => i.Opcode switch
    {
        Opcode.LoadDynamic => DynamicCycles(i),
        Opcode.Compute => ComputeCycles(i[Compute.Rows], i[Compute.Tiles]),
        Opcode.Requantize => RequantizeCycles(i),
        Opcode.LayerNorm => LayerNormCycles(i),
        Opcode.Softmax => SoftmaxCycles(i),
        Opcode.Map => MapCycles(i),
        Opcode.Add => AddCycles(i),
        _ => throw new ArgumentException($"{i.Opcode} has no fixed duration.", nameof(i)),
    };

    private long DynamicCycles(Instruction i)
    {
        bool byColumns = i.Flag(LoadDynamic.ByColumns) && mutation != EmulatorMutation.LoadDynamicColumnsAsRows;
        return (CeilDiv(i[LoadDynamic.KLength], _r) * (byColumns ? _c + _r : _r)) + DynamicFill;
    }

    private long ComputeCycles(long rows, long tiles)
    {
        if (tiles == 0) return rows + ArrayFill;
        long perTile = mutation == EmulatorMutation.ComputeTilesOverlapFully ? rows : Math.Max(rows, _r + _c + 2);
        long fill = mutation == EmulatorMutation.ComputeFillOneShort ? ArrayFill - 1 : ArrayFill;
        return _r + ((tiles - 1) * perTile) + rows + _r + _c + fill;
    }

    private long RequantizeCycles(Instruction i)
    {
        bool twice = i.Flag(Requantize.Accumulate) && mutation != EmulatorMutation.RequantizeAccumulateFree;
        long group = Math.Max(BankCycles(i.Flag(Requantize.Wide) ? 2 : 1), machine.Vector.RoundCycles);
        long line = (machine.Vector.LineCycles + (i[Requantize.Rows] * group)) * (twice ? 2 : 1);
        long columns = i[Requantize.Columns];
        long parameters = i.Flag(Requantize.PerRow) || mutation == EmulatorMutation.RequantizeParametersFree ? 0 : columns;
        return parameters + (Groups(columns) * line) + machine.Vector.StartCycles;
    }

    private long LayerNormCycles(Instruction i)
    {
        long groups = Groups(i[LayerNorm.Columns]);
        var second = new BankSums(machine, mutation);
        second.Add(i[LayerNorm.Source], BankCycles(2));
        if (i.Flag(LayerNorm.Write8)) second.Add(i[LayerNorm.Output8], BankCycles(1));
        if (i.Flag(LayerNorm.Write16)) second.Add(i[LayerNorm.Output16], BankCycles(2));
        int roundings = 2 + (i.Flag(LayerNorm.Write8) ? 1 : 0) + (i.Flag(LayerNorm.Write16) ? 1 : 0);
        long first = mutation == EmulatorMutation.LayerNormOneReadPass ? 0 : groups * FirstPassCycles;
        return (i[LayerNorm.Rows] * (first + machine.Vector.NormCycles + (groups * Slot(roundings, second)))) + machine.Vector.LineCycles + machine.Vector.StartCycles;
    }

    private long SoftmaxCycles(Instruction i)
    {
        long groups = Groups(i[Softmax.Columns]);
        var second = new BankSums(machine, mutation);
        second.Add(i[Softmax.Source], BankCycles(2));
        second.Add(i[Softmax.Output], BankCycles(1));
        long divide = mutation == EmulatorMutation.SoftmaxDivideFree ? 0 : machine.Vector.DivideCycles;
        return (i[Softmax.Rows] * ((groups * FirstPassCycles) + (groups * Slot(1, second)) + divide)) + machine.Vector.StartCycles;
    }

    private long MapCycles(Instruction i)
    {
        var sums = new BankSums(machine, mutation);
        sums.Add(i[Map.Source], BankCycles(i.Flag(Map.WideSource) ? 2 : 1));
        sums.Add(i[Map.Output], BankCycles(i.Flag(Map.WideOutput) ? 2 : 1));
        return RowsOf(i[Map.Rows], i[Map.Columns], Slot(1, sums));
    }

    private long AddCycles(Instruction i)
    {
        var sums = new BankSums(machine, mutation);
        sums.Add(i[Add.A], BankCycles(2));
        sums.Add(i[Add.B], BankCycles(2));
        sums.Add(i[Add.Output], BankCycles(2));
        return RowsOf(i[Add.Rows], i[Add.Columns], Slot(3, sums));
    }

    private long RowsOf(long rows, long columns, long slot) =>
        (rows * ((Groups(columns) * slot) + machine.Vector.LineCycles)) + machine.Vector.StartCycles;

    private long Slot(int roundings, BankSums accesses) => Math.Max(roundings * machine.Vector.RoundCycles, accesses.Largest);

    private long FirstPassCycles => Math.Max(BankCycles(2), machine.Vector.StatisticsCycles);

    private long Groups(long columns) => CeilDiv(columns, machine.Lanes);

    private long BankCycles(int elementBytes) => Math.Max(1, machine.Lanes * elementBytes / machine.WordBytes);

    private static long CeilDiv(long a, long b) => (a + b - 1) / b;

    /// <summary>The sum of the accesses of one group per bank (combine of docs/timing.md section 6), for at most three accesses.</summary>
    private struct BankSums(Machine machine, EmulatorMutation mutation)
    {
        private (long Bank, long Cycles) _a = (-1, 0);
        private (long Bank, long Cycles) _b = (-1, 0);
        private (long Bank, long Cycles) _c = (-1, 0);

        public readonly long Largest => Math.Max(_a.Cycles, Math.Max(_b.Cycles, _c.Cycles));

        public void Add(long address, long cycles)
        {
            long bank = address / machine.Scratchpad.BankBytes;
            if (mutation == EmulatorMutation.CombineTakesLargest)
            {
                _a = (bank, Math.Max(_a.Cycles, cycles));
                return;
            }

            if (_a.Bank == -1 || _a.Bank == bank) _a = (bank, _a.Cycles + cycles);
            else if (_b.Bank == -1 || _b.Bank == bank) _b = (bank, _b.Cycles + cycles);
            else _c = (bank, _c.Cycles + cycles);
        }
    }
}
