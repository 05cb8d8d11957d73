using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Programs;

namespace Hil.Reconcile.Tests;

/// <summary>One rule of the emulator's timing is altered; the largest cause must be that rule's.</summary>
public sealed class AlteredRulesAreNamed
{
    [Theory]
    [InlineData(EmulatorMutation.ComputeTilesOverlapFully, 3, 128, 64, "arty-a7-100t", Causes.Load, Causes.Compute)]
    [InlineData(EmulatorMutation.ComputeFillOneShort, 96, 64, 64, "icebreaker", Causes.Compute, Causes.Compute)]
    [InlineData(EmulatorMutation.PortTailOneCycle, 1, 256, 64, "icebreaker", Causes.Load, Causes.Load)]
    [InlineData(EmulatorMutation.RequantizeParametersFree, 1, 16, 128, "arty-a7-100t", Causes.Vector, Causes.Vector)]
    public void TheCauseOfAnAlteredRuleIsTheLargest(EmulatorMutation mutation, int m, int k, int n, string machine, string either, string or)
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(m, k, n, machine, mutation);

        Reconciliation r = Reconciler.Reconcile(prediction, measurement);

        Assert.True(r.LargestCause == either || r.LargestCause == or, Explain(r));
    }

    [Fact]
    public void AnUnalteredEmulatorHasNoCauseWorthNaming()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product();

        Reconciliation r = Reconciler.Reconcile(prediction, measurement);

        Assert.True(Math.Abs(r.Cycles.ErrorPercent) < 0.5, Explain(r));
    }

    [Fact]
    public void ASlowerArrayIsCompute() => NamedFor(machine => machine, Later(Hil.Contract.Isa.Unit.Compute, 20, executing: true), Causes.Compute);

    [Fact]
    public void ASlowerFlashIsLoad() =>
        NamedFor(m => m with { Regions = [m.Regions[0] with { ReadLatencyCycles = m.Regions[0].ReadLatencyCycles * 3 }] }, null, Causes.Load);

    [Theory]
    [InlineData(300)]
    [InlineData(480)]
    [InlineData(600)]
    [InlineData(2000)]
    public void ASlowerDispatcherIsFetch(int cycles) =>
        NamedFor(m => m with { Issue = m.Issue with { DispatchCycles = cycles } }, null, Causes.Fetch);

    /// <summary>Up to about 240 cycles an instruction of the serial vector unit hides it.</summary>
    [Theory]
    [InlineData(240)]
    [InlineData(300)]
    [InlineData(480)]
    [InlineData(600)]
    [InlineData(2000)]
    public void ASlowerDispatcherIsFetchWhereTheVectorUnitIsPipelined(int cycles) =>
        NamedFor(m => m with { Issue = m.Issue with { DispatchCycles = cycles } }, null, Causes.Fetch, PipelinedMachine.Of(Runs.Machine()));

    [Fact]
    public void ASlowerTokenIsAToken() =>
        NamedFor(m => m, Later(Hil.Contract.Isa.Unit.Load, 6, executing: false), Causes.Token(Hil.Contract.Isa.Unit.Load, Hil.Contract.Isa.Unit.Compute));

    private static void NamedFor(Func<Machine, Machine> alter, Func<Measurement, Measurement>? then, string cause, Machine? on = null)
    {
        // The vector has one row: nothing hides anything.
        Machine believed = on ?? Runs.Machine();
        Machine real = alter(believed);
        (Prediction prediction, Measurement measurement) = Runs.Product(1, 64, 64, believed, real);
        (_, Measurement unaltered) = Runs.Product(1, 64, 64, believed, believed);
        Measurement run = (then ?? (x => x))(then is null ? measurement : unaltered) with { MachineHash = prediction.MachineHash, ProgramHash = prediction.ProgramHash };

        Reconciliation r = Reconciler.Reconcile(prediction, run);

        Assert.True(r.LargestCause == cause, Explain(r));
    }

    /// <summary>All that follows an instruction of a unit is later: because it takes longer, or because the others hear of its end later.</summary>
    private static Func<Measurement, Measurement> Later(Hil.Contract.Isa.Unit unit, long more, bool executing) => m =>
    {
        long[] retires = [.. m.Trace.Where(t => t.Unit == unit).Select(t => t.Retire).Order()];
        long Then(long time) => time + (more * retires.Count(r => r < time));
        long added = more * retires.Length;
        long[] busy = [.. m.Counters.Busy.Select((b, u) => executing && u == (int)unit ? b + added : b)];
        return m with
        {
            Trace = [.. m.Trace.Select(t => t with { Start = Then(t.Start), Retire = Then(t.Retire) + (executing && t.Unit == unit ? more : 0) })],
            Counters = m.Counters with { Cycles = m.Counters.Cycles + added, Busy = busy },
            Layers = [m.Layers[0] with { Cycles = m.Layers[0].Cycles + added }],
        };
    };

    private static string Explain(Reconciliation r) =>
        $"named '{r.LargestCause}': {string.Join(", ", r.Causes.Select(c => $"{c.Cause} {c.Difference:F1}"))}; {r.Cycles}";
}
