using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Predict.Tests;

/// <summary>Nests written by hand, with counts done by hand from docs/timing.md.</summary>
public sealed class WorkedExampleIsPredicted
{
    private static readonly Machine Example = new(
        "example", "", true, 24_000_000, new ArrayShape(4, 2), new ScratchpadShape(2, 4096, 4), 64, 8, 64, 2, 16, new VectorShape(1, 0, 0, 0, 8, 10, 10),
        new IssueShape(1, 4, 1, 1000), [new MemoryRegion("flash", 0, 1 << 20, false, 16, 0, 1, 2, 256, 0, 0, "")], CounterSet.Full,
        new EnergyModel(2, 0, 0, 0, 24, "a test"));

    private static readonly Step Weights = new(StepKind.LoadWeights, 0, 0, 2, 20, false, false, 0, 0, []) { Bursts = 1, FirstBurstBytes = 20 };
    private static readonly Step Strip = new(StepKind.Compute, 8, 2, 2, 0, false, false, 0, 0, []);

    [Fact]
    public void TheProgramOfSectionTenTakes209Cycles()
    {
        Prediction prediction = Predictor.Predict(Program(1, [Weights, Strip], [new SerialPair(0, 1, 0)]), Example);

        Assert.Equal(209, prediction.Cycles, 6);
        LayerPrediction layer = prediction.Layers[0];
        Assert.Equal([59, 32, 0, 0], layer.Busy);
        Assert.Equal(32, layer.Causes[Causes.Compute], 6);
        Assert.Equal(59, layer.Causes[Causes.Load], 6);
        Assert.Equal(116, layer.Causes[Causes.Fill], 6);
        Assert.Equal(1, layer.Causes["token load > compute"], 6);
        Assert.Equal(1, layer.Causes[Causes.Drain], 6);
        Assert.Equal(layer.Cycles, layer.Causes.Values.Sum(), 6);
        Assert.Equal("load", layer.Bound);
    }

    [Fact]
    public void ARegionThatTheMachineDoesNotHaveIsBadInput()
    {
        HilException error = Assert.Throws<HilException>(() =>
            Predictor.Predict(Program(1, [Weights with { Region = 1 }, Strip], [new SerialPair(0, 1, 0)]), Example));

        Assert.Equal(ExitKind.BadInput, error.Kind);
    }

    [Fact]
    public void EnergyIsStaticPowerOverTheTimeAndEventsByTheirFigures()
    {
        Prediction prediction = Predictor.Predict(Program(1, [Weights, Strip], [new SerialPair(0, 1, 0)], macs: 1_000_000), Example);

        // 24 mW at 24 MHz are 1 nJ a cycle; a million MACs of 2 pJ are 2 uJ.
        Assert.Equal(0.209 + 2, prediction.EnergyMicrojoules, 6);
        Assert.Equal("a test", prediction.EnergySource);
    }

    [Fact]
    public void ALongComputeBoundLoopTakesItsComputeTimeAndOneIssueCycleAnIteration()
    {
        Step strip = Strip with { Rows = 64, Tiles = 8 };
        double compute = 4 + (7 * 64) + 64 + 4 + 2 + 6;

        double fewer = Predictor.Predict(Program(1000, [strip], []), Example).Cycles;
        double more = Predictor.Predict(Program(3000, [strip], []), Example).Cycles;

        Assert.Equal(2000 * (compute + 1), more - fewer, 3);
    }

    [Fact]
    public void ALoopBoundByThePortPaysForItsInstructionsToo()
    {
        // Per iteration: one burst of 200 bytes, and a quarter of a fetch of 64 bytes; the tail of 2 and the start leave the port idle only if no fetch uses them.
        Step load = new(StepKind.Load, 0, 0, 0, 200, false, false, 0, 0, []) { Bursts = 1, FirstBurstBytes = 200 };
        double burst = 1 + 16 + 400;
        double fetch = (1 + 16 + 128) / 4.0;

        double period = (Predictor.Predict(Program(5000, [load], []), Example).Cycles - Predictor.Predict(Program(1000, [load], []), Example).Cycles) / 4000;

        Assert.InRange(period, burst + fetch, burst + fetch + 4);
    }

    private static ProgramImage Program(long count, Step[] steps, SerialPair[] serial, long macs = 0)
    {
        int instructions = (int)((count * steps.Length) + 1);
        return new ProgramImage(
            "example", Example.Name, "", "", 0, ReadOnlyMemory<byte>.Empty, 0, instructions, [], [], [],
            [new ProgramLayer("layer", "test", 0, instructions, macs, 0)], [new LoopNest(0, [new Stage(count, steps, serial)])],
            new Dictionary<string, string>());
    }
}
