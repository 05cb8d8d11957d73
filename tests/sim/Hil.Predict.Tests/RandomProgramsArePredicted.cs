using Hil.Contract.Machines;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>Programs without loops, on machines of all kinds: every rule of docs/timing.md by itself.</summary>
public sealed class RandomProgramsArePredicted(ITestOutputHelper output)
{
    [Fact]
    public void OnRandomMachinesAllAreCloseAndMostAreExact()
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
            if (!judge.TotalWithin(0.01))
            {
                beyond.Add($"{program}: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0}");
            }

            beyond.AddRange(judge.LayersBeyond(0.03));
        }

        foreach (string line in beyond)
        {
            output.WriteLine(line);
        }

        output.WriteLine($"{exact} of {programs} exact, worst total {worst:P3}");
        Assert.Empty(beyond);
        Assert.True(exact >= programs * 9 / 10, $"only {exact} are exact");
    }
}
