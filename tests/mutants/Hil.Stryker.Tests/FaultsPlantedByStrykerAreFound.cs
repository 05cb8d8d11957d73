using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace Hil.Stryker.Tests;

/// <summary>
/// Stryker changes the sources one place at a time; the judge's tests find at least 95 % of these faults that are not explained as
/// equal, and the file of survivors says of every other one why it survives. By default a seeded choice of
/// faults of each subject is judged, about five minutes of all together (HIL_STRYKER_SEED, HIL_STRYKER_FAULTS for each); HIL_TEST_FULL=1: all.
/// </summary>
public sealed class FaultsPlantedByStrykerAreFound(ITestOutputHelper output)
{
    private const double LeastFound = 0.95;

    /// <summary>Of all subjects together.</summary>
    private const int Sample = 60;

    private const string HowToWrite =
        "HIL_REGENERATE=1 HIL_TEST_FULL=1 dotnet test tests/mutants/Hil.Stryker.Tests -c Release writes the file of survivors anew; what has no reason there wants one.";

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";
    private static readonly int Seed = Setting("HIL_STRYKER_SEED", 1);
    private static readonly int Tried = Setting("HIL_STRYKER_FAULTS", IsFull ? int.MaxValue : Sample / Subject.All.Count);

    public static TheoryData<string> Names => [.. Subject.All.Select(s => s.Name)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task By_the_judge_or_they_are_explained(string name)
    {
        string? missing = await StrykerRun.MissingAsync();
        Skip.If(missing is not null, missing);
        Subject subject = Subject.All.Single(s => s.Name == name);
        (IReadOnlyDictionary<int, Fault> planted, string judge) = await StrykerRun.PlantAsync(subject);
        int[] tried = [.. planted.Keys.OrderBy(f => Order(planted[f]), StringComparer.Ordinal).Take(Tried)];
        IReadOnlyDictionary<int, string?> verdicts = await new JudgeRun(subject, judge).OfAsync(tried);
        Assert.Equal(tried.Length, verdicts.Count);
        HashSet<Fault> found = [.. verdicts.Where(v => v.Value is not null).Select(v => planted[v.Key])];
        HashSet<Fault> survive = [.. verdicts.Where(v => v.Value is null).Select(v => planted[v.Key])];
        output.WriteLine($"{found.Count} of {tried.Length} are found. These survive:");
        foreach (Fault fault in survive) output.WriteLine($"{fault}");
        if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1") Survivors.Write(subject, [.. planted.Values], found, survive);

        Dictionary<Fault, Survivor> listed = Survivors.Read(subject).ToDictionary(s => s.Fault);
        AssertNone("These survive without a reason in the file of survivors:", survive.Where(f => !listed.TryGetValue(f, out Survivor? s) || !s.IsExplained));
        AssertNone("These are in the file of survivors, and are found:", listed.Where(s => s.Value.Kind != SurvivorKind.Processor && found.Contains(s.Key)).Select(s => s.Key));
        AssertNone("These are in the file of survivors, and no longer planted:", listed.Keys.Except(planted.Values));

        // Of the whole list, of which the file names all that survive; what changes nothing is no fault.
        int all = planted.Count - listed.Count;
        int faults = planted.Count - listed.Values.Count(s => s.Kind == SurvivorKind.Equal);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"By the file {all} of {planted.Count}: {(double)all / planted.Count:P1}; of {faults} that are not explained as equal: {(double)all / faults:P1}"));
        Assert.True(all >= LeastFound * faults, $"{all} of {faults} are found, fewer than {LeastFound:P0}.");
    }

    /// <summary>By the fault's text: a change of the sources changes little of the choice.</summary>
    private static string Order(Fault fault) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed} {fault}")));

    private static void AssertNone(string what, IEnumerable<Fault> faults)
    {
        string[] list = [.. faults.Select(f => $"{f}")];
        Assert.True(list.Length == 0, $"{what}\n{string.Join('\n', list)}\n{HowToWrite}");
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
