using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// Random legal programs on a main memory that stalls at random within bursts: every byte as by the specification, in more cycles. The core takes
/// beats and ends of bursts when they come, and relies on no figure of the machine for it.
/// </summary>
public sealed class ASlowMemoryChangesNoByte
{
    private const int Programs = 60;

    [SkippableTheory]
    [InlineData("icebreaker")]
    [InlineData("ragged-2x4")]
    public void On_random_programs(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Named(name);
        using var rtl = new RtlSimulation(machine, RtlModel.Assertions, stallSeed: 7);
        int slower = 0;
        for (int seed = 1; seed <= Programs; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            var expected = new ExpectedRun(program);
            string differences = expected.DifferencesOfBytes(rtl, out long cycles);
            Assert.True(differences.Length == 0, $"{program}:\n{differences}");
            if (cycles > expected.Cycles) slower++;
        }

        // Each program fetches its instructions at least.
        Assert.Equal(Programs, slower);
    }
}
