using Hil.Contract;
using Hil.Contract.Records;
using Hil.Emulator;

namespace Hil.Reconcile.Tests;

public sealed class DifferencesAddUp
{
    [Theory]
    [InlineData("icebreaker", EmulatorMutation.None)]
    [InlineData("icebreaker", EmulatorMutation.DispatchOneCycleMore)]
    [InlineData("arty-a7-100t", EmulatorMutation.PortPrefersLoad)]
    [InlineData("ulx3s-85f", EmulatorMutation.QueueHoldsOneMore)]
    public void CausesAndRemainderAreTheDifferenceOfTheTotals(string machine, EmulatorMutation mutation)
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(50, 96, 48, machine, mutation, 0.3);

        Reconciliation r = Reconciler.Reconcile(prediction, measurement);

        double difference = measurement.Counters.Cycles - prediction.Cycles;
        Assert.Equal(difference, r.Causes.Sum(c => c.Difference) + r.RemainderCycles, 6);
        Assert.Equal(0, r.RemainderCycles, 3);
        Assert.All(r.Layers, l => Assert.Equal(l.Measured - l.Predicted, l.Causes.Sum(c => c.Difference) + l.RemainderCycles, 6));
        Assert.Equal(measurement.Counters.Cycles, r.Causes.Sum(c => c.Measured), 3);
    }

    [Fact]
    public void WithoutATraceAllOfTheDifferenceIsRemainder()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product();
        Measurement longer = measurement with
        {
            Trace = [],
            Counters = measurement.Counters with { Cycles = measurement.Counters.Cycles + 1000 },
            Layers = [measurement.Layers[0] with { Cycles = measurement.Layers[0].Cycles + 1000 }],
        };

        Reconciliation r = Reconciler.Reconcile(prediction, longer);

        Assert.Empty(r.Causes);
        Assert.Equal(longer.Counters.Cycles - prediction.Cycles, r.RemainderCycles, 6);
        Assert.Equal("remainder", r.LargestCause);
    }

    [Theory]
    [InlineData("program")]
    [InlineData("machine")]
    [InlineData("contract")]
    public void RecordsOfDifferentThingsAreRefusedByTheFieldThatDiffers(string field)
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(4, 8, 8);
        Measurement other = field switch
        {
            "program" => measurement with { ProgramHash = "1234" },
            "machine" => measurement with { MachineHash = "1234" },
            _ => measurement with { ContractHash = "1234" },
        };

        HilException e = Assert.Throws<HilException>(() => Reconciler.Reconcile(prediction, other));

        Assert.Equal(ExitKind.IdentityMismatch, e.Kind);
        Assert.Contains(field, e.Message, StringComparison.Ordinal);
        Assert.Contains("1234", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GatesPassAtTheirLimitAndFailBeyond()
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(4, 8, 8);
        Prediction off = prediction with { Cycles = measurement.Counters.Cycles * 1.01 };
        var quality = new RunQuality("wer", 0.02, 0.03, 0.99, 33, 10);

        bool Passes(double? cycles, double? loss, RunQuality? q) => Reconciler.Reconcile(
            off, measurement, new ReconcileExtras { Quality = q, Gates = new ReconcileGates(cycles, loss) }).Passed;

        Assert.True(Passes(1.0001, null, null));
        Assert.False(Passes(0.99, null, null));
        Assert.True(Passes(null, 0.0101, quality));
        Assert.False(Passes(null, 0.009, quality));
        Assert.False(Passes(null, 0.5, null), "a quality gate without a quality must not pass");
        Assert.True(Passes(null, 0, quality with { Metric = "accuracy" }), "more accuracy is no loss");
    }

    [Theory]
    [InlineData("minAgreement", 0.99, true)]
    [InlineData("minAgreement", 0.991, false)]
    [InlineData("minSqnrDb", 33, true)]
    [InlineData("minSqnrDb", 33.1, false)]
    [InlineData("maxCycles", 0, false)]
    [InlineData("maxCycles", 1e9, true)]
    [InlineData("maxMilliseconds", 0, false)]
    [InlineData("maxMilliseconds", 1e9, true)]
    [InlineData("maxEnergyMicrojoules", 0, false)]
    [InlineData("maxEnergyMicrojoules", 1e9, true)]
    public void EachLimitIsHeldAgainstItsOwnFigure(string gate, double limit, bool passes)
    {
        (Prediction prediction, Measurement measurement) = Runs.Product(4, 8, 8);
        double? If(string name) => gate == name ? limit : null;
        Reconciliation joined = Reconciler.Reconcile(prediction, measurement, new ReconcileExtras
        {
            Machine = Runs.Machine(measurement.Machine),
            Quality = new RunQuality("wer", 0.02, 0.03, 0.99, 33, 10),
            Gates = new ReconcileGates(
                MinAgreement: If("minAgreement"), MinSqnrDb: If("minSqnrDb"), MaxCycles: If("maxCycles"),
                MaxMilliseconds: If("maxMilliseconds"), MaxEnergyMicrojoules: If("maxEnergyMicrojoules")),
        });

        GateResult result = Assert.Single(joined.Gates);
        Assert.Equal((gate, limit, passes), (result.Gate, result.Limit, result.Passed));
        Assert.Equal(passes, joined.Passed);
    }
}
