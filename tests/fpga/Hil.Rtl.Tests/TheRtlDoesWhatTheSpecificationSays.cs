using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// Random legal programs, on machines of unlike shapes: every byte, counter and timestamp.
/// HIL_RTL_PROGRAMS sets the number of programs a machine, HIL_RTL_SEED the first seed; with HIL_TEST_FULL=1 they are more than 2 000 together.
/// </summary>
public sealed class TheRtlDoesWhatTheSpecificationSays
{
    private const int HostPortPrograms = 12;

    private static readonly int Programs = Share.Setting("HIL_RTL_PROGRAMS", Share.Of(150, 300));
    internal static int FirstSeed { get; } = Share.Setting("HIL_RTL_SEED", 1);

    /// <summary>One past the last seed.</summary>
    internal static int EndSeed => FirstSeed + Programs;

    public static TheoryData<string> Machines() => [.. TestMachines.OfRandomPrograms];

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void On_random_programs(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Named(name);
        using var late = new RtlSimulation(machine, RtlModel.Assertions);
        using var early = new RtlSimulation(machine, RtlModel.Assertions, earlyBeats: true);
        for (int seed = FirstSeed; seed < EndSeed; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            string differences = new ExpectedRun(program).Differences(seed % 2 == 0 ? early : late);
            Assert.True(differences.Length == 0, $"{program}:\n{differences}");
        }
    }

    /// <summary>What the host port's inputs hold afterwards changes nothing that the program writes.</summary>
    [SkippableTheory]
    [InlineData("icebreaker")]
    [InlineData("ragged-2x4")]
    [InlineData("large-16x16")]
    public void On_a_scratchpad_written_through_the_host_port(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        using var rtl = new RtlSimulation(TestMachines.Named(name), RtlModel.Assertions);
        for (int seed = FirstSeed; seed < FirstSeed + HostPortPrograms; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(rtl.Machine, seed, GeneratorOptions.Default);
            string differences = new ExpectedRun(program).Differences(rtl, byHostPort: true);
            Assert.True(differences.Length == 0, $"{program}:\n{differences}");
        }
    }
}
