using Hil.Contract.Machines;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

public sealed class RandomProgramsArePredicted(ITestOutputHelper output)
{
    [Fact]
    public void OnRandomMachinesTheTotalAndEveryLayerAreClose()
    {
        var beyond = new List<string>();
        double worst = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            Machine machine = MachineGenerator.Make(seed % 100);
            GeneratedProgram program = ProgramGenerator.Make(machine, seed);
            Judge judge = Judge.Of(program.Program, machine);
            double share = Math.Abs(judge.TotalDifference) / Math.Max(1, judge.Truth.Counters.Cycles);
            worst = Math.Max(worst, share);
            if (!judge.TotalWithin(0.02))
            {
                beyond.Add($"{program}: {judge.Truth.Counters.Cycles} cycles, predicted {judge.Prediction.Cycles:F0}");
            }

            if (Math.Abs(judge.TotalDifference) > 0.5) output.WriteLine($"{program}: {judge.Truth.Counters.Cycles} cycles, predicted {judge.Prediction.Cycles:F1}");
            beyond.AddRange(judge.LayersBeyond(0.05));
        }

        output.WriteLine($"worst total {worst:P3}");
        Assert.Empty(beyond);
    }
}
