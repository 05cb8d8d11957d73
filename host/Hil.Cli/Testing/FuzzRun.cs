using Hil.Jobs;
using System.Diagnostics;

namespace Hil.Cli.Testing;

/// <summary>Coverage-guided fuzzing of every parser by the scripts in tests/fuzz: the long version's.</summary>
internal sealed class FuzzRun(string root, string results)
{
    private const int SecondsATarget = 600;

    /// <summary>Building the instrumented program is part of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(SecondsATarget) + TimeSpan.FromMinutes(30);

    /// <summary>A target for each folder of the corpus.</summary>
    public static IReadOnlyList<string> Targets(string root) =>
        [.. Directory.EnumerateDirectories(Path.Combine(root, "tests", "fuzz", "corpus")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>One target for ten minutes.</summary>
    public Task<SuiteOutcome> RunAsync(string target, Dictionary<string, string> environment, CancellationToken cancel) =>
        ScriptAsync(target, ["run.sh", target, $"{SecondsATarget}"], "found something", environment, cancel);

    /// <summary>A planted defect must be found: without that, a run that finds nothing says nothing.</summary>
    public Task<SuiteOutcome> ProveAsync(Dictionary<string, string> environment, CancellationToken cancel) =>
        ScriptAsync("planted defect", ["self_test.sh", $"{SecondsATarget}"], "the planted defect was not found", environment, cancel);

    private async Task<SuiteOutcome> ScriptAsync(
        string what, string[] script, string failure, Dictionary<string, string> environment, CancellationToken cancel)
    {
        string name = $"fuzz {what}";
        if (ChildProcess.Find(HardwareTools.Fuzzer.Program) is null || ChildProcess.Find("bash") is not { } bash)
        {
            return new SuiteOutcome(name, 0, [new TestOutcome(what, Outcome.Skipped, $"needs {HardwareTools.Fuzzer.Program}")]);
        }

        string log = Path.Combine(results, $"fuzz-{what.Replace(' ', '-')}.log");
        var clock = Stopwatch.StartNew();
        int? code = await ChildProcess.RunAsync(
            bash, [Path.Combine(root, "tests", "fuzz", script[0]), .. script[1..]], root, log, environment, Limit, cancel);
        TestOutcome outcome = code == 0
            ? new TestOutcome(what, Outcome.Passed, "")
            : new TestOutcome(what, Outcome.Failed, code == 1 ? $"{failure}; see {log}" : $"did not run (code {code}); see {log}");
        return new SuiteOutcome(name, clock.Elapsed.TotalSeconds, [outcome]);
    }
}
