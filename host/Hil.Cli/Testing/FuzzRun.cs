using System.Diagnostics;

namespace Hil.Cli.Testing;

/// <summary>Coverage-guided fuzzing of every parser by tests/fuzz/run.sh: the long version's.</summary>
internal sealed class FuzzRun(string root, string results)
{
    private const int SecondsATarget = 600;

    /// <summary>Building the instrumented program is part of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(SecondsATarget) + TimeSpan.FromMinutes(30);

    /// <summary>A target for each folder of the corpus.</summary>
    public static IReadOnlyList<string> Targets(string root) =>
        [.. Directory.EnumerateDirectories(Path.Combine(root, "tests", "fuzz", "corpus")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public async Task<SuiteOutcome> RunAsync(string target, Dictionary<string, string> environment, CancellationToken cancel)
    {
        string name = $"fuzz {target}";
        if (ChildProcess.Find(HardwareTools.Fuzzer.Program) is null || ChildProcess.Find("bash") is not { } bash)
        {
            return new SuiteOutcome(name, 0, [new TestOutcome(target, Outcome.Skipped, $"needs {HardwareTools.Fuzzer.Program}")]);
        }

        string log = Path.Combine(results, $"fuzz-{target}.log");
        var clock = Stopwatch.StartNew();
        int? code = await ChildProcess.RunAsync(
            bash, [Path.Combine(root, "tests", "fuzz", "run.sh"), target, $"{SecondsATarget}"], root, log, environment, Limit, cancel);
        TestOutcome outcome = code == 0
            ? new TestOutcome(target, Outcome.Passed, "")
            : new TestOutcome(target, Outcome.Failed, code == 1 ? $"found something; see {log}" : $"did not run (code {code}); see {log}");
        return new SuiteOutcome(name, clock.Elapsed.TotalSeconds, [outcome]);
    }
}
