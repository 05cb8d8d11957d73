using Hil.Compiler;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Predict.Tests;

/// <summary>Products as the compiler makes them, against the emulator's timing pass.</summary>
public sealed class ProductSweep(ITestOutputHelper output)
{
    private const int Products = 200;
    private const int RandomMachines = 100;
    private static readonly int[] Sizes = [1, 2, 3, 4, 7, 8, 12, 16, 20, 31, 32, 48, 64, 80, 98, 128, 160, 200, 256];

    [Theory]
    [InlineData("icebreaker")]
    [InlineData("ulx3s-85f")]
    [InlineData("arty-a7-100t")]
    [InlineData("lab-32x32")]
    public void TwoHundredProductsOnABundledMachineAreWithinOneAndThreePercent(string name) =>
        Sweep(name, _ => MachineFile.Bundled(name), Products);

    [Fact]
    public void ProductsOnAHundredRandomMachinesAreWithinOneAndThreePercent() =>
        Sweep("random", seed => MachineGenerator.Make(seed + 1), RandomMachines);

    private void Sweep(string name, Func<int, Machine> machineOf, int count)
    {
        var beyond = new List<string>();
        var errors = new List<double>();
        int exact = 0;
        for (int seed = 0; seed < count * 4 && errors.Count < count; seed++)
        {
            Machine machine = machineOf(name == "random" ? seed % RandomMachines : seed);
            var dice = new Dice(1000 + seed);
            (int m, int k, int n) = (dice.Of<int>(Sizes), dice.Of<int>(Sizes), dice.Of<int>(Sizes));
            double sparsity = dice.Between(0, 3) == 0 ? 0.5 : 0;
            CompiledProgram compiled;
            try
            {
                compiled = GemmCompiler.Compile(m, k, n, machine, sparsity, (ulong)seed);
            }
            catch (HilException e) when (e.Kind == ExitKind.Unsupported)
            {
                continue;
            }

            Judge judge = Judge.ByEmulator(compiled.Program, machine);
            double error = judge.TotalDifference / judge.Cycles;
            errors.Add(Math.Abs(error));
            exact += Math.Abs(judge.TotalDifference) < 0.5 ? 1 : 0;
            if (!judge.TotalWithin(0.01))
            {
                beyond.Add($"{compiled.Program.Name} sparsity {sparsity} on {machine.Name}: {judge.Cycles} cycles, predicted {judge.Prediction.Cycles:F0} ({error:P2})");
            }

            beyond.AddRange(judge.LayersBeyond(0.03));
        }

        output.WriteLine(
            $"{name}: {errors.Count} products, {exact} exact, mean {errors.DefaultIfEmpty().Average():P3}, worst {errors.DefaultIfEmpty().Max():P3}");
        foreach (string line in beyond)
        {
            output.WriteLine(line);
        }

        Assert.True(errors.Count >= count * 3 / 4, $"only {errors.Count} products fit");
        Assert.Empty(beyond);
    }
}
