using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Predict.Costs;

/// <summary>
/// Cycles that one step works, by docs/timing.md sections 5 and 6, for steps that may be means and so have fractional sizes.
/// </summary>
internal sealed class StepCost(Machine machine, WrongRule wrong)
{
    /// <summary>Cycles after a port step's last burst (docs/timing.md section 5).</summary>
    public double PortTail => wrong == WrongRule.NoPortTail ? 0 : 2;

    public static Unit UnitOf(StepKind kind) => kind switch
    {
        StepKind.Compute => Unit.Compute,
        StepKind.Store => Unit.Store,
        StepKind.Load or StepKind.LoadWeights or StepKind.LoadDynamicRows or StepKind.LoadDynamicColumns
            or StepKind.LoadParameters or StepKind.LoadTable => Unit.Load,
        _ => Unit.Vector,
    };

    public static bool UsesPort(StepKind kind) => kind is StepKind.Load or StepKind.LoadWeights or StepKind.LoadParameters
        or StepKind.LoadTable or StepKind.Store;

    public double BytesOf(Step step) =>
        step is { Kind: StepKind.LoadWeights, Tiles: > 0 } ? step.Tiles * machine.TileRecordBytes : step.Bytes;

    /// <summary>Bursts of a port step; at least one.</summary>
    private static double BurstsOf(Step step) => Math.Max(1, step.Bursts);

    public Cost Of(Step step)
    {
        if (!UsesPort(step.Kind))
        {
            return new Cost(false, FixedCycles(step), default);
        }

        BurstPattern bursts = Pattern(step);
        return new Cost(true, bursts.All, bursts);
    }

    /// <summary>The cost of one iteration of an uneven step.</summary>
    public Cost Of(Step step, StepSize size) => Of(step with
    {
        Tiles = size.Tiles,
        Bytes = step.Kind == StepKind.LoadWeights ? size.Tiles * machine.TileRecordBytes : step.Bytes,
        Bursts = size.Bursts,
        FirstBurstBytes = size.FirstBurstBytes,
        PagesCrossed = size.PagesCrossed,
    });

    /// <summary>
    /// Cycles of the first burst, of a whole one, of all, each with its grant, latency and beats; between two of them another one may go first.
    /// Where the first is not known, all are alike.
    /// </summary>
    private BurstPattern Pattern(Step step)
    {
        MemoryRegion region = machine.Regions[step.Region];
        double bursts = BurstsOf(step);
        double bytes = BytesOf(step);
        double first = Math.Clamp(step.FirstBurstBytes, 0, bytes);
        double whole = Math.Min(bytes, region.MaxBurstBytes);
        double before = 1 + (step.Kind == StepKind.Store ? region.WriteLatencyCycles : region.ReadLatencyCycles);
        double pages = step.PagesCrossed * region.PageCycles;
        double last = bytes - first - (Math.Max(0, bursts - 2) * whole);
        double beats = bursts >= 2 && first > 0 && bursts == Math.Floor(bursts)
            ? Beats(first, region) + ((bursts - 2) * Beats(whole, region)) + Beats(last, region)
            : Beats(bytes, region);
        double all = ((wrong == WrongRule.LatencyOncePerStep ? 1 : bursts) * before) + (beats * region.CyclesPerBeat) + pages;
        if (first <= 0)
        {
            double alike = all / bursts;
            return new BurstPattern(alike, alike, all);
        }

        // Pages crossed are shared out among the bursts: where they lie is not known.
        double Cycles(double size) => Math.Min(all, before + (Beats(size, region) * region.CyclesPerBeat) + (pages / bursts));
        return new BurstPattern(Cycles(first), Cycles(whole), all);
    }

    /// <summary>Beats of so many bytes; a mean of bytes has a mean of beats.</summary>
    private static double Beats(double bytes, MemoryRegion region) =>
        bytes == Math.Floor(bytes) ? Math.Ceiling(bytes / region.BeatBytes) : bytes / region.BeatBytes;

    /// <summary>Cycles of a step that does not use the port.</summary>
    private double FixedCycles(Step step)
    {
        double rows = step.Rows;
        double groups = Math.Ceiling((double)step.Columns / machine.Lanes);
        VectorShape vector = machine.Vector;
        switch (step.Kind)
        {
            case StepKind.Compute:
                return ComputeCycles(rows, step.Tiles);
            case StepKind.LoadDynamicRows:
                return (TilesIn(step.Rows) * machine.Rows) + 3;
            case StepKind.LoadDynamicColumns:
                int perTile = wrong == WrongRule.TransposeIsFree ? machine.Rows : machine.Rows + machine.Columns;
                return (TilesIn(step.Rows) * perTile) + 3;
            case StepKind.RequantizeColumns:
                double parameters = wrong == WrongRule.NoParameterCycles ? 0 : step.Columns;
                return parameters + (groups * LineCycles(step, rows)) + vector.StartCycles;
            case StepKind.RequantizeRows:
                return (groups * LineCycles(step, rows)) + vector.StartCycles;
            case StepKind.LayerNorm:
                double normed = Math.Max(Roundings(step) * vector.RoundCycles, SharedBanks(step.Banks, 2, 1, 2));
                return (rows * (FirstPass(groups) + vector.NormCycles + (groups * normed))) + vector.LineCycles + vector.StartCycles;
            case StepKind.Softmax:
                double weighted = Math.Max(vector.RoundCycles, SharedBanks(step.Banks, 2, 1));
                return (rows * (FirstPass(groups) + vector.DivideCycles + (groups * weighted))) + vector.StartCycles;
            case StepKind.Map:
                double mapped = Math.Max(vector.RoundCycles, SharedBanks(step.Banks, step.WidthIn, step.WidthOut));
                return (rows * ((groups * mapped) + vector.LineCycles)) + vector.StartCycles;
            case StepKind.Add:
                double added = Math.Max(3 * vector.RoundCycles, SharedBanks(step.Banks, 2, 2, 2));
                return (rows * ((groups * added) + vector.LineCycles)) + vector.StartCycles;
            default:
                throw new ArgumentException($"{step.Kind} has no fixed duration.");
        }
    }

    /// <summary>Cycles in which a bank moves one lane group of elements of so many bytes.</summary>
    private double GroupCycles(int elementBytes) => Math.Max(1, machine.Lanes * elementBytes / machine.WordBytes);

    private double FirstPass(double groups) =>
        wrong == WrongRule.OnePassPerRow ? 0 : groups * Math.Max(machine.Vector.StatisticsCycles, GroupCycles(2));

    /// <summary>LAYER_NORM's roundings: x over its deviation, and each output, of which the nest says the banks.</summary>
    private static int Roundings(Step step) => step.Banks.Count == 0 ? 4 : 1 + step.Banks.Count(b => b >= 0);

    private double LineCycles(Step step, double rows) =>
        (machine.Vector.LineCycles + (rows * Math.Max(machine.Vector.RoundCycles, GroupCycles(step.Wide ? 2 : 1))))
        * (step.Accumulate && wrong != WrongRule.AccumulateIsFree ? 2 : 1);

    private int TilesIn(int length) => (length + machine.Rows - 1) / machine.Rows;

    private double ComputeCycles(double rows, double tiles)
    {
        if (tiles <= 0)
        {
            return rows + 6;
        }

        double shortest = wrong == WrongRule.NoShortestTile ? 0 : machine.Rows + machine.Columns + 2;
        double around = (2 * machine.Rows) + machine.Columns + 6;
        return ((Math.Max(1, tiles) - 1) * Math.Max(rows, shortest)) + rows + (wrong == WrongRule.NoArrayFill ? 0 : around);
    }

    /// <summary>Operands of one bank take turns; different banks work side by side.</summary>
    private double SharedBanks(IReadOnlyList<int> banks, params ReadOnlySpan<int> elementBytes)
    {
        double longest = 0;
        for (int i = 0; i < elementBytes.Length; i++)
        {
            double turn = 0;
            for (int j = 0; j < elementBytes.Length; j++)
            {
                bool same = i == j || (wrong != WrongRule.NoBankConflicts && BankOf(banks, i) == BankOf(banks, j));
                turn += same && BankOf(banks, i) >= 0 ? GroupCycles(elementBytes[j]) : 0;
            }

            longest = Math.Max(longest, turn);
        }

        return longest;
    }

    /// <summary>Where the nest does not say, operands are taken to lie in different banks.</summary>
    private static int BankOf(IReadOnlyList<int> banks, int operand) =>
        banks.Count == 0 ? operand + 1000 : operand < banks.Count ? banks[operand] : -1;
}
