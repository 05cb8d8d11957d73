using System.Globalization;
using Xunit.Abstractions;

namespace Hil.Stryker.Tests;

/// <summary>
/// Stryker changes the sources one place at a time; the judges of its configuration find at least 95 % of the changes, and the file of survivors says of
/// every other one why it survives. By default a seeded choice of files, for about five minutes (HIL_STRYKER_SEED, HIL_STRYKER_LINES); HIL_TEST_FULL=1: all.
/// HIL_STRYKER_FILES, a part of their paths, names files instead.
/// </summary>
public sealed class FaultsPlantedByStrykerAreFound(ITestOutputHelper output)
{
    private const double LeastFound = 0.95;
    private const int SampleLines = 120;

    private const string HowToWrite =
        "HIL_REGENERATE=1 HIL_TEST_FULL=1 dotnet test tests/mutants/Hil.Stryker.Tests -c Release writes the file of survivors anew; what has no reason there wants one.";

    public static TheoryData<string> Names => [.. Subject.All.Select(s => s.Name)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task By_the_judges_or_they_are_explained(string name)
    {
        string? missing = await StrykerRun.MissingAsync();
        Skip.If(missing is not null, missing);
        Subject subject = Subject.All.Single(s => s.Name == name);
        var recorded = Survivors.Of(subject);
        IReadOnlyList<string> files = Chosen(subject, recorded);
        MutationReport report = await StrykerRun.OfAsync(subject, files);
        Print(files, report);
        Assert.NotEmpty(report.Detected);
        if (Variable("HIL_REGENERATE") == "1") recorded.Write(files, report);

        Dictionary<Fault, Survivor> entries = recorded.All().ToDictionary(s => s.Fault, s => s.Entry);
        HashSet<Fault> survived = [.. report.Survived];
        AssertNone("These survive without a reason:", survived.Where(f => !entries.TryGetValue(f, out Survivor? s) || s.Kind == SurvivorKind.Unexplained || s.Reason.Length == 0));
        AssertNone("These are recorded as survivors, and are found or no longer planted:", entries.Keys.Where(f => files.Contains(f.File) && !survived.Contains(f)));
        if (Share.IsFull && Share.Files.Length == 0)
        {
            int planted = report.Detected.Count + report.Survived.Count;
            Assert.True(report.Detected.Count >= LeastFound * planted, $"{report.Detected.Count} of {planted} are found, fewer than {LeastFound:P0}.");
        }
    }

    /// <summary>Without running anything: a line that is no longer in its file has no survivors.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void And_the_explained_survivors_stand_in_the_sources(string name)
    {
        Subject subject = Subject.All.Single(s => s.Name == name);
        var recorded = Survivors.Of(subject);
        AssertNone("No such file any more:", recorded.Files.Keys.Except(subject.Files));
        Dictionary<string, HashSet<string>> lines = recorded.Files.Keys
            .ToDictionary(f => f, f => subject.Read(f).ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).ToHashSet());
        AssertNone("No such line any more:", recorded.All().Select(s => s.Fault).Where(f => !lines[f.File].Contains(f.Line)));
        Assert.All(recorded.All(), s => Assert.True(s.Entry.Kind != SurvivorKind.Unexplained && s.Entry.Reason.Length > 0, $"no reason: {s.Fault}"));
    }

    /// <summary>Files in a seeded order, until they have enough lines. Only those of which it is recorded what survives.</summary>
    private static IReadOnlyList<string> Chosen(Subject subject, Survivors recorded)
    {
        if (Share.Files.Length > 0) return [.. subject.Files.Where(f => f.Contains(Share.Files, StringComparison.Ordinal))];
        if (Share.IsFull) return subject.Files;
        string[] order = [.. recorded.Files.Where(f => f.Value.Planted > 0).Select(f => f.Key)];
        new Random(Share.Seed).Shuffle(order);
        int lines = 0;
        return [.. order.TakeWhile(f =>
        {
            bool room = lines < Share.Lines;
            lines += subject.Read(f).Count(c => c == '\n');
            return room;
        })];
    }

    private void Print(IReadOnlyList<string> files, MutationReport report)
    {
        foreach (string file in files)
        {
            int detected = report.Detected.Count(f => f.File == file);
            output.WriteLine($"{file}: {detected} of {detected + report.Survived.Count(f => f.File == file)} are found");
        }

        int planted = report.Detected.Count + report.Survived.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Together {report.Detected.Count} of {planted}: {100.0 * report.Detected.Count / planted:F1} %"));
    }

    private static void AssertNone(string what, IEnumerable<object> them)
    {
        string[] list = [.. them.Select(t => $"{t}")];
        Assert.True(list.Length == 0, $"{what}\n{string.Join('\n', list)}\n{HowToWrite}");
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    /// <summary>How much is tried.</summary>
    private static class Share
    {
        public static bool IsFull => Variable("HIL_TEST_FULL") == "1";

        public static string Files => Variable("HIL_STRYKER_FILES");

        public static int Seed => Setting("HIL_STRYKER_SEED", 1);

        public static int Lines => Setting("HIL_STRYKER_LINES", SampleLines);

        private static int Setting(string name, int fallback) => Variable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
    }
}
