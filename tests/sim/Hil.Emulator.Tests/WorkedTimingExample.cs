using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator.Timing;

namespace Hil.Emulator.Tests;

/// <summary>docs/timing.md section 10, to the cycle.</summary>
public sealed class WorkedTimingExample
{
    private static readonly ProgramImage Program = TestMachines.Program(
    [
        Code.Of(LoadWeights.Definition, (LoadWeights.Main, 65536), (LoadWeights.Tiles, 2))
            .WithTokens(UnitSet.None, UnitSet.Compute),
        Code.Of(Compute.Definition, (Compute.Stride, 2), (Compute.Rows, 8), (Compute.Tiles, 2))
            .WithTokens(UnitSet.Load, UnitSet.None),
        Code.Of(End.Definition),
    ]);

    private static readonly TimingResult Result = TimingPass.Run(TestMachines.WorkedExample, Program);

    [Fact]
    public void Every_counter_is_as_the_document_says()
    {
        Dictionary<string, long> counters = Result.Counters.Named().ToDictionary(c => c.Name, c => c.Value);
        var expected = new Dictionary<string, long>
        {
            ["cycles"] = 209,
            ["busy.Load"] = 59, ["issue.Load"] = 1, ["idle.Load"] = 149,
            ["busy.Compute"] = 32, ["issue.Compute"] = 1, ["stall.Compute.Load"] = 59, ["idle.Compute"] = 117,
            ["idle.Vector"] = 209, ["idle.Store"] = 209,
            ["dispatchBusy"] = 2, ["dispatchStarved"] = 114, ["dispatchDraining"] = 93,
            ["retired.Load"] = 1, ["retired.Compute"] = 1,
            ["fetchBytes"] = 48, ["loadBytes"] = 20, ["tiles"] = 2, ["streamedRows"] = 16,
        };
        Assert.Equal(expected.OrderBy(c => c.Key), counters.Where(c => c.Value != 0).OrderBy(c => c.Key));
    }

    [Fact]
    public void The_trace_has_the_documents_retirements() =>
        Assert.Equal(
            [new Retirement(0, Unit.Load, 115, 174), new Retirement(1, Unit.Compute, 175, 207)], Result.Trace);

    [Fact]
    public void The_layers_add_up_to_all_cycles() => Assert.Equal(209, Result.Layers.Sum(l => l.Cycles));
}
