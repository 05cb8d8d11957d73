using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Emulator.Timing;
using Hil.Predict;
using Hil.Predict.Tests;
using Hil.Reconcile;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Mutants.Tests;

/// <summary>One timing rule altered in the emulator: the reconciliation with an unaltered prediction names its cause as the largest.</summary>
public sealed class ReconcileNamesTheAlteredRule(WrongRulesAreFound.Cases cases, ITestOutputHelper output)
    : IClassFixture<WrongRulesAreFound.Cases>
{
    [Theory]
    [InlineData(EmulatorMutation.LayerNormOneReadPass, "layer-norm", "icebreaker", Causes.Vector)]
    [InlineData(EmulatorMutation.SoftmaxDivideFree, "softmax", "arty-a7-100t", Causes.Vector)]
    [InlineData(EmulatorMutation.CombineTakesLargest, "add", PipelinedMachine.Name, Causes.Vector)]
    [InlineData(EmulatorMutation.RequantizeAccumulateFree, "requantize-onto", "icebreaker", Causes.Vector)]
    [InlineData(EmulatorMutation.LoadDynamicColumnsAsRows, "load-transposed", "arty-a7-100t", Causes.Load)]
    [InlineData(EmulatorMutation.PortTailOneCycle, "short-loads", "icebreaker", Causes.Load)]
    [InlineData(EmulatorMutation.ComputeTilesOverlapFully, "gemm-1x256x64", "arty-a7-100t", Causes.Compute)]
    [InlineData(EmulatorMutation.DispatchOneCycleMore, "requantize-onto", PipelinedMachine.Name, Causes.Fill)]
    public void As_the_largest_cause(EmulatorMutation altered, string program, string machine, string cause)
    {
        Reconciliation unaltered = Reconcile(program, machine, EmulatorMutation.None);
        Assert.InRange(unaltered.Cycles.ErrorPercent, -0.5, 0.5);

        Reconciliation r = Reconcile(program, machine, altered);
        output.WriteLine($"{altered}: {r.Cycles}; {string.Join(", ", r.Causes.Select(c => $"{c.Cause} {c.Difference:F0}"))}; remainder {r.RemainderCycles:F0}");
        Assert.Equal(cause, r.LargestCause);
        Assert.True(Math.Abs(r.Cycles.ErrorPercent) > Math.Abs(unaltered.Cycles.ErrorPercent), "the altered rule changes nothing");
    }

    private Reconciliation Reconcile(string name, string machineName, EmulatorMutation mutation)
    {
        (ProgramImage program, Machine machine, _) = cases.All.Single(c => c.Program.Name == name && c.Machine.Name == machineName);
        TimingResult timing = TimingPass.Run(machine, program, new EmulatorOptions { Mutation = mutation });
        var measurement = new Measurement(
            Measurement.CurrentSchema, program.Name, "", machine.Name, program.MachineHash, program.ContractHash, "emulator", Provenance.Emulated,
            timing.Trap, timing.Counters, timing.Layers, timing.Trace, null);
        return Reconciler.Reconcile(Predictor.Predict(program, machine), measurement);
    }
}
