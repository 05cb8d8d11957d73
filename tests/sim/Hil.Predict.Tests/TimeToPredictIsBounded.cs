using System.Diagnostics;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>
/// The time to predict depends on how many loops a program has, not on how often they run or how many tiles or bursts a step has: as a ratio of few
/// to many, for loops of all kinds.
/// </summary>
public sealed class TimeToPredictIsBounded(ITestOutputHelper output)
{
    private const int Rounds = 9;

    /// <summary>Far below the ratio of the iterations, far above that of what is evaluated.</summary>
    private const double MostRatio = 10;

    /// <summary>What a busy machine may add.</summary>
    private const double FreeMilliseconds = 5;

    private static readonly Machine Small = new(
        "small", "", true, 24_000_000, new ArrayShape(4, 2), new ScratchpadShape(2, 4096, 4), 64, 8, 64, 2, 16, new VectorShape(1, 0, 0, 0, 8, 10, 10),
        new IssueShape(4, 4, 1, 1000), [new MemoryRegion("memory", 0, 1 << 30, true, 16, 4, 4, 2, 256, 1024, 2, "")], CounterSet.Full,
        new EnergyModel(2, 0, 0, 0, 24, "a test"));

    private static readonly Step Weights = new(StepKind.LoadWeights, 0, 0, 4, 40, false, false, 0, 0, []) { Bursts = 1.2, FirstBurstBytes = 33 };
    private static readonly Step Strip = new(StepKind.Compute, 8, 2, 4, 0, false, false, 0, 0, []);
    private static readonly SerialPair[] Pipeline = [new(0, 1, 0), new(1, 0, 2)];

    [Fact]
    public void ForEvenLoops() => Compare("iterations", 100, 100_000_000, n => Program(new Stage(n, [Weights, Strip], Pipeline)));

    [Fact]
    public void ForUnevenLoops() => Compare("uneven iterations", 100, 100_000_000, n => Program(new Stage(n, [Uneven(Weights, n), Uneven(Strip, n)], Pipeline)));

    [Fact]
    public void ForTilesOfAStep() => Compare("tiles", 4, 4_000_000, n => Program(
        new Stage(100, [Weights with { Tiles = n, Bursts = Math.Ceiling(n * 10 / 256.0), FirstBurstBytes = Math.Min(10 * n, 256) }, Strip with { Tiles = n }], Pipeline)));

    [Fact]
    public void ForStoresAndLoadsThatShareThePort() => Compare("bursts side by side", 4, 40_000_000, n => Program(
        new Stage(100, [LongPort(StepKind.Load, n), LongPort(StepKind.Store, n), Strip], [])));

    [Fact]
    public void ForIterationsWithStoresAndLoadsSideBySide() => Compare("iterations side by side", 100, 100_000_000, n => Program(
        new Stage(n, [LongPort(StepKind.Load, 5), LongPort(StepKind.Store, 3), Strip], [])));

    private static Step LongPort(StepKind kind, long bursts) =>
        new(kind, 0, 0, 0, (256 * (bursts - 1)) + 100, false, false, 0, 0, []) { Bursts = bursts, FirstBurstBytes = 60, PagesCrossed = bursts / 4 };

    private static Step Uneven(Step step, long count) => step with
    {
        Sizes = [.. Enumerable.Range(0, (int)Math.Min(count, Stage.MostListed)).Select(i => new StepSize(1 + (i * 5 % 7), 1, 10 * (1 + (i * 5 % 7)), 0))],
    };

    private void Compare(string what, long less, long more, Func<long, ProgramImage> program)
    {
        (double few, Prediction small) = Milliseconds(program(less));
        (double many, Prediction large) = Milliseconds(program(more));
        output.WriteLine($"{less} {what}: {small.Cycles:F0} cycles in {few:F3} ms; {more}: {large.Cycles:F0} in {many:F3} ms");

        Assert.True(large.Cycles > 1000 * small.Cycles, $"{small.Cycles} cycles became only {large.Cycles}");
        Assert.True(many < (MostRatio * few) + FreeMilliseconds, $"{few} ms became {many} ms");
    }

    /// <summary>Processor time would be better than the clock, but is too coarse; the best of several rounds is near it.</summary>
    private static (double Milliseconds, Prediction Prediction) Milliseconds(ProgramImage program)
    {
        Prediction prediction = Predictor.Predict(program, Small);
        double best = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 10; i++)
            {
                Predictor.Predict(program, Small);
            }

            best = Math.Min(best, watch.Elapsed.TotalMilliseconds / 10);
        }

        return (best, prediction);
    }

    private static ProgramImage Program(Stage stage)
    {
        int instructions = (int)Math.Min(1 << 20, (stage.Count * stage.Steps.Count) + 1);
        return new ProgramImage(
            "example", Small.Name, "", "", 0, ReadOnlyMemory<byte>.Empty, 0, instructions, [], [], [],
            [new ProgramLayer("layer", "test", 0, instructions, 0, 0)], [new LoopNest(0, [stage])], new Dictionary<string, string>());
    }
}
