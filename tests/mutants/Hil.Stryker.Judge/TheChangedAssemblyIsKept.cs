using Hil.Compiler;
using Hil.Contract.Machines;
using Hil.Emulator;

namespace Hil.Stryker.Judge;

/// <summary>
/// The only test that Stryker itself runs: it covers next to nothing, so that Stryker plants and compiles all faults and judges next to none, and keeps
/// the assembly that holds them in the folder HIL_STRYKER_KEEP. Where it covered nothing, Stryker would take the coverage for broken.
/// </summary>
public sealed class TheChangedAssemblyIsKept
{
    [SkippableFact]
    public void For_the_judge()
    {
        string? folder = Environment.GetEnvironmentVariable("HIL_STRYKER_KEEP");
        Skip.If(string.IsNullOrEmpty(folder), "Only where Stryker runs it (tests/mutants/Hil.Stryker.Tests).");
        Assert.Equal(EmulatorMutation.None, new EmulatorOptions().Mutation);
        Assert.Equal(EmulatorMutation.AddTruncates, EmulatorMutations.Parse(nameof(EmulatorMutation.AddTruncates)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GemmCompiler.Compile(0, 1, 1, MachineFile.Bundled("icebreaker")));
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Hil.*.dll"))
            File.Copy(file, Path.Combine(folder!, Path.GetFileName(file)), overwrite: true);
    }
}
