using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Devices.Coverage;
using Hil.Rtl.Tests.Mutation;
using Hil.Specification.Forms;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>
/// What coverage is counted of: random programs, legal, broken and left half-way; illegal forms, rare programs, the host's port. One after the other on one core, each
/// compared with the specification, as in the tests that exist for that.
/// </summary>
internal static class CoverageRuns
{
    private const int LeftEvery = 10;

    /// <summary>Random programs of each kind.</summary>
    private static readonly int Programs = Share.Of(10, 60);

    /// <summary>
    /// Machines that together have every block of the sources: whole instructions and chunks, both vector units, a quick and a slow root and division, groups of one
    /// word and of two, one region and several, every counter and those of the board.
    /// </summary>
    public static IReadOnlyList<Machine> Variants { get; } =
    [
        TestMachines.Thin,
        TestMachines.Icebreaker with { Counters = TestMachines.CountersOfTheBoard },
        TestMachines.Ragged with { ParameterEntries = 16, Vector = TestMachines.Ragged.Vector with { NormCycles = 24, DivideCycles = 12 } },
    ];

    /// <summary>The counts of one machine. Fails where a program does anything else than the specification says.</summary>
    public static IReadOnlyList<CoveragePoint> Count(Machine machine, RtlModel model)
    {
        machine = TestMachines.SoonDeadlocked(machine);
        using var rtl = new RtlSimulation(machine, model);
        for (int seed = 1; seed <= Programs; seed++)
        {
            var legal = new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default));
            Check(rtl, $"program {seed}", legal);
            Check(rtl, $"broken program {seed}", new ExpectedRun(BrokenPrograms.Make(machine, seed), legal: false));
            if (seed % LeftEvery != 0) continue;
            legal.Abandon(rtl, legal.Cycles / 2);
            rtl.Reset();
        }

        foreach (IllegalForm form in IllegalForms.On(machine))
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, 1, new GeneratorOptions(Length: 0));
            Check(rtl, form.Rule, new ExpectedRun(Rewritten.With(program, [form.Instruction, .. program.Instructions]), legal: false));
        }

        // Those are made for banks of its size.
        if (machine.Scratchpad == TestMachines.Thin.Scratchpad)
        {
            foreach ((string name, GeneratedProgram program, bool isLegal) in RarePrograms.On(machine)) Check(rtl, name, new ExpectedRun(program, isLegal));
        }

        foreach (GeneratedProgram ties in TiesRoundToEven.Programs(machine)) Check(rtl, ties.Program.Name, new ExpectedRun(ties));
        Assert.Empty(new ExpectedRun(ProgramGenerator.Make(machine, Programs + 1, GeneratorOptions.Default)).Differences(rtl, byHostPort: true));
        Assert.True(ExpectedRun.HostReadsWhatIsThere(rtl), $"{machine.Name}: the host's port");
        return rtl.Coverage();
    }

    private static void Check(RtlSimulation rtl, string name, ExpectedRun run) => Assert.True(run.IsMetBy(rtl), $"{rtl.Machine.Name}, {name}");
}
