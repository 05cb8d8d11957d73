using Hil.Contract.Machines;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>Programs without loops, on machines of all kinds: every rule of docs/timing.md by itself.</summary>
public sealed class RandomProgramsArePredicted(ITestOutputHelper output)
{
    /// <summary>
    /// Open faults of Predict, one line each in docs/predict.md: a store and a load that share the port for long are predicted as blocks, not burst by
    /// burst. Every other program must be within the limits.
    /// </summary>
    private static readonly HashSet<int> KnownMisses = [34, 42, 133, 134, 161, 183, 221, 264, 280, 322, 347, 380, 391];

    [Fact]
    public void OnRandomMachinesAllButTheKnownMissesAreCloseAndMostAreExact()
    {
        var beyond = new List<string>();
        double worst = 0;
        int exact = 0;
        const int programs = 400;
        for (int seed = 1; seed <= programs; seed++)
        {
            Machine machine = MachineGenerator.Make((seed % 100) + 1);
            GeneratedProgram program = ProgramGenerator.Make(machine, seed);
            Judge judge = Judge.ByInterpreter(program.Program, machine);
            worst = Math.Max(worst, Math.Abs(judge.TotalDifference) / Math.Max(1, judge.Cycles));
            exact += Math.Abs(judge.TotalDifference) < 0.5 ? 1 : 0;
            if (KnownMisses.Contains(seed))
            {
                output.WriteLine($"known miss: {program}: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0}");
                Assert.True(!judge.TotalWithin(0.02) || judge.LayersBeyond(0.05).Any(), $"seed {seed} is no miss any more: take it from the list");
                continue;
            }

            if (!judge.TotalWithin(0.02))
            {
                beyond.Add($"{program}: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0}");
            }

            beyond.AddRange(judge.LayersBeyond(0.05));
        }

        foreach (string line in beyond)
        {
            output.WriteLine(line);
        }

        output.WriteLine($"{exact} of {programs} exact, worst total {worst:P3}");
        Assert.Empty(beyond);
        Assert.True(exact >= programs * 3 / 4, $"only {exact} are exact");
    }
}
