using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace Hil.Stryker.Tests;

/// <summary>
/// Stryker changes the sources one place at a time; the judge's tests find at least 95 % of these faults that are not explained as
/// equal, and the file of survivors says of every other one why it survives. By default a seeded choice of
/// faults of each subject is judged, about five minutes of all together, but for subjects that take long to plant (HIL_STRYKER_SEED, HIL_STRYKER_FAULTS for each); HIL_TEST_FULL=1: all, or of a large
/// subject the sample that its file of survivors is of.
/// </summary>
public sealed class FaultsPlantedByStrykerAreFound(ITestOutputHelper output)
{
    private const double LeastFound = 0.95;

    /// <summary>Of all subjects together.</summary>
    private const int Tries = 60;

    /// <summary>Of a subject that is judged by a sample.</summary>
    private const int SampleSeed = 1;

    /// <summary>Standard deviations of a one-sided 95 %.</summary>
    private const double OneSided = 1.645;

    private const string HowToWrite =
        "HIL_REGENERATE=1 HIL_TEST_FULL=1 dotnet test tests/mutants/Hil.Stryker.Tests -c Release writes the file of survivors anew; what has no reason there wants one.";

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";
    private static readonly int Seed = Setting("HIL_STRYKER_SEED", 1);
    private static readonly IReadOnlyList<Subject> Tested = [.. Subject.All.Where(s => IsFull || !s.IsLong)];
    private static readonly int Tried = Setting("HIL_STRYKER_FAULTS", IsFull ? int.MaxValue : Tries / Tested.Count);

    public static TheoryData<string> Names => [.. Tested.Select(s => s.Name)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task By_the_judge_or_they_are_explained(string name)
    {
        string? missing = await StrykerRun.MissingAsync();
        Skip.If(missing is not null, missing);
        Subject subject = Subject.All.Single(s => s.Name == name);
        (IReadOnlyDictionary<int, Fault> planted, string judge) = await StrykerRun.PlantAsync(subject);
        int[] judged = [.. planted.Keys.OrderBy(f => Order(planted[f], SampleSeed), StringComparer.Ordinal).Take(subject.Judged)];
        int[] tried = [.. judged.OrderBy(f => Order(planted[f], Seed), StringComparer.Ordinal).Take(Tried)];
        IReadOnlyDictionary<int, string?> verdicts = await new JudgeRun(subject, judge).OfAsync(tried);
        Assert.Equal(tried.Length, verdicts.Count);
        HashSet<Fault> found = [.. verdicts.Where(v => v.Value is not null).Select(v => planted[v.Key])];
        HashSet<Fault> survive = [.. verdicts.Where(v => v.Value is null).Select(v => planted[v.Key])];
        output.WriteLine($"{found.Count} of {tried.Length} are found. These survive:");
        foreach (Fault fault in survive) output.WriteLine($"{fault}");
        if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1") Survivors.Write(subject, [.. judged.Order().Select(f => planted[f])], found, survive);

        Dictionary<Fault, Survivor> listed = Survivors.Read(subject).ToDictionary(s => s.Fault);
        AssertNone("These survive without a reason in the file of survivors:", survive.Where(f => !listed.TryGetValue(f, out Survivor? s) || !s.IsExplained));
        AssertNone("These are in the file of survivors, and are found:", listed.Where(s => s.Value.Kind != SurvivorKind.Processor && found.Contains(s.Key)).Select(s => s.Key));
        AssertNone("These are in the file of survivors, and no longer planted, or not in the sample:", listed.Keys.Except(judged.Select(f => planted[f])));

        // Of all that are judged, of which the file names those that survive; what changes nothing is no fault.
        int all = judged.Length - listed.Count;
        int faults = judged.Length - listed.Values.Count(s => s.Kind == SurvivorKind.Equal);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"By the file {all} of {judged.Length}: {(double)all / judged.Length:P1}; of {faults} that are not explained as equal: {(double)all / faults:P1}"));
        if (judged.Length < planted.Count)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A sample of {planted.Count}: with 95 % confidence at least {AtLeast(all, faults):P1} of them all"));
        Assert.True(all >= LeastFound * faults, $"{all} of {faults} are found, fewer than {LeastFound:P0}.");
    }

    /// <summary>By the fault's text: a change of the sources changes little of the choice.</summary>
    private static string Order(Fault fault, int seed) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {fault}")));

    /// <summary>The lower end of Wilson's interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927) for the share that a sample stands for.</summary>
    private static double AtLeast(int found, int of)
    {
        (double share, double z2) = ((double)found / of, OneSided * OneSided);
        return (share + (z2 / (2 * of)) - (OneSided * Math.Sqrt((share * (1 - share) / of) + (z2 / (4.0 * of * of))))) / (1 + (z2 / of));
    }

    private static void AssertNone(string what, IEnumerable<Fault> faults)
    {
        string[] list = [.. faults.Select(f => $"{f}")];
        Assert.True(list.Length == 0, $"{what}\n{string.Join('\n', list)}\n{HowToWrite}");
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
