using Hil.Contract.Machines;
using Hil.Models.Onnx;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>What all suites of small models do with each of theirs.</summary>
internal static class Suite
{
    /// <summary>Every model on a small machine and on a larger one.</summary>
    public static TheoryData<string, string> Cases(IEnumerable<string> models)
    {
        var cases = new TheoryData<string, string>();
        foreach (var model in models)
        {
            cases.Add(model, "icebreaker");
            cases.Add(model, "arty-a7-100t");
        }

        return cases;
    }

    /// <summary>Runs three samples on the emulator: within a share of what ONNX Runtime gives, in the cycles that Predict says.</summary>
    public static void Run(OnnxModel model, int count, string machineName, double tolerance) =>
        Run(model, [.. Enumerable.Range(1, 3).Select(seed => Samples(seed, count))], machineName, tolerance);

    /// <summary>The same with given samples.</summary>
    public static void Run(OnnxModel model, float[][] samples, string machineName, double tolerance)
    {
        var run = new OperatorRun(model, samples);
        var machine = MachineFile.Bundled(machineName);

        Assert.InRange(run.Error(machine), 0, tolerance);
        Assert.Empty(run.Mispredicted(machine));
    }
}
