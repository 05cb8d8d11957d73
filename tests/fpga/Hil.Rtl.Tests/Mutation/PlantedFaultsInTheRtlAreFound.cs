using System.Collections.Concurrent;
using Hil.Contract.Machines;
using Hil.Devices;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests.Mutation;

/// <summary>
/// Faults that Yosys plants in the core ("mutate": a stuck bit, an inverted one, one that another bit inverts), one a place of the sources: the programs of
/// <see cref="FaultHunt"/> find at least 95 % of those that are not proved equal, and survivors.json says of every other one why it survives. HIL_RTL_MUTANTS sets how many are tried
/// of 320; HIL_TEST_FULL=1 tries all. What Yosys reads, without a fault, does what the specification says: it has been seen to misread sources without a word.
/// </summary>
public sealed class PlantedFaultsInTheRtlAreFound(ITestOutputHelper output)
{
    private const double LeastFound = 0.95;
    private const int Threads = 2;

    private const string HowToWrite =
        "HIL_REGENERATE=1 HIL_TEST_FULL=1 dotnet test tests/fpga/Hil.Rtl.Tests -c Release --filter PlantedFaultsInTheRtlAreFound writes "
        + "Mutation/survivors.json anew; what has no reason there wants one.";

    private static readonly int Tried = Share.Setting("HIL_RTL_MUTANTS", Share.Of(60, int.MaxValue));

    private static readonly bool Regenerate = Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1";

    internal static Machine Subject => TestMachines.SoonDeadlocked(TestMachines.Thin);

    [SkippableFact]
    public void By_programs_of_every_kind()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        string[] list = List();
        var hunt = new FaultHunt(Subject);
        Assert.Null(hunt.FirstWrong(0));

        int tried = Math.Min(Tried, list.Length);
        var found = new ConcurrentDictionary<string, string>();
        Parallel.For(0, tried, new ParallelOptions { MaxDegreeOfParallelism = Threads }, n =>
        {
            if (hunt.FirstWrong(n + 1) is { } wrong) found.TryAdd(list[n], wrong);
        });
        string[] survive = [.. list.Take(tried).Where(f => !found.ContainsKey(f))];
        output.WriteLine($"{found.Count} of {tried} are found. These survive:");
        foreach (string fault in survive) output.WriteLine(fault);
        if (Regenerate) Survivors.Write(list, (IReadOnlyCollection<string>)found.Keys, survive);

        Dictionary<string, Survivor> explained = Survivors.Read().ToDictionary(s => s.Fault);
        string[] unexplained = [.. survive.Where(f => !explained.TryGetValue(f, out Survivor? s) || s.Kind == SurvivorKind.Unexplained || s.Reason.Length == 0)];
        Assert.True(unexplained.Length == 0, $"These survive without a reason in survivors.json:\n{string.Join('\n', unexplained)}\n{HowToWrite}");
        string[] outdated = [.. explained.Keys.Where(found.ContainsKey)];
        Assert.True(outdated.Length == 0, $"These are in survivors.json and are found:\n{string.Join('\n', outdated)}\n{HowToWrite}");
        // Of the whole list, of which the file names all that survive; what is proved to change nothing is no fault.
        int faults = list.Length - explained.Values.Count(s => s.Kind == SurvivorKind.Equal);
        int all = list.Length - explained.Count;
        output.WriteLine($"By the file {all} of {faults} that are not proved equal: {(double)all / faults:P1}");
        Assert.True(all >= LeastFound * faults, $"{all} of {faults} are found, fewer than {LeastFound:P0}.");
    }

    [SkippableFact]
    public void And_the_explained_survivors_are_of_the_list_that_is_planted()
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        string[] list = List();
        Assert.Equal(list.Length, list.Distinct().Count());
        string[] unknown = [.. Survivors.Read().Select(s => s.Fault).Where(f => !list.Contains(f))];
        Assert.True(unknown.Length == 0, $"These are in survivors.json, and the sources have no such fault any more:\n{string.Join('\n', unknown)}\n{HowToWrite}");
    }

    internal static string[] List() =>
        [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(RtlBuild.Library(Subject, RtlModel.Mutants))!, "mutants.tsv")).Select(Survivors.Key)];
}
