using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// Faults that Yosys plants in the core ("mutate": a stuck bit, an inverted one, one that depends on another), one after the other: random programs, legal
/// and broken, show most. What Yosys reads, without a fault, does what the specification says: it has been seen to misread sources without a word.
/// HIL_RTL_MUTANTS sets how many are tried, of 320; HIL_TEST_FULL=1 tries all.
/// </summary>
public sealed class PlantedFaultsInTheRtlAreFound(ITestOutputHelper output)
{
    private const int LegalPrograms = 160;
    private const int BrokenProgramsTried = 120;

    // Of the first 60 it is 48; the aim is 0.95. Survivors are not explained yet: many are in bits that no short program reaches
    // (counters, lengths, addresses) or change nothing.
    private const double LeastFound = 0.8;

    private static readonly int Tried = Share.Setting("HIL_RTL_MUTANTS", Share.Of(60, int.MaxValue));

    [SkippableTheory]
    [InlineData("thin-4x2")]
    public void By_random_programs(string name)
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = TestMachines.SoonDeadlocked(TestMachines.Named(name));
        ExpectedRun[] runs = [.. Runs(machine)];
        using (var rtl = new RtlSimulation(machine, RtlModel.Mutants))
        {
            // Without a fault, what Yosys reads does what the specification says.
            string wrong = string.Join('\n', runs.Select(run => run.Differences(rtl)).Where(d => d.Length > 0));
            Assert.True(wrong.Length == 0, wrong);
        }

        string[] faults = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(RtlBuild.Library(machine, RtlModel.Mutants))!, "mutants.txt"));
        int tried = Math.Min(Tried, faults.Length);
        var survivors = new List<string>();
        for (int fault = 1; fault <= tried; fault++)
        {
            if (FirstUnmet(machine, fault, runs) is null) survivors.Add(faults[fault - 1]);
        }

        output.WriteLine($"{survivors.Count} of {tried} survive:");
        foreach (string survivor in survivors) output.WriteLine(survivor);
        Assert.True(tried - survivors.Count >= LeastFound * tried, $"{survivors.Count} of {tried} survive");
    }

    private static IEnumerable<ExpectedRun> Runs(Machine machine)
    {
        for (int seed = 1; seed <= LegalPrograms; seed++)
        {
            yield return new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default));
            if (seed <= BrokenProgramsTried) yield return new ExpectedRun(BrokenPrograms.Make(machine, seed), legal: false);
        }
    }

    private static int? FirstUnmet(Machine machine, int fault, ExpectedRun[] runs)
    {
        using var rtl = new RtlSimulation(machine, RtlModel.Mutants);
        rtl.Mutate(fault);
        for (int i = 0; i < runs.Length; i++)
        {
            try
            {
                if (!runs[i].IsMetBy(rtl)) return i;
            }
            catch (InvalidOperationException)
            {
                // The port's protocol was broken.
                return i;
            }
        }

        return null;
    }
}
