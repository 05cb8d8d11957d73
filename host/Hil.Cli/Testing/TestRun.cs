using System.Diagnostics;
using System.Text.Json;
using Hil.Contract;
using Hil.Jobs;

namespace Hil.Cli.Testing;

/// <summary>Builds the solution once, runs each test project in a process of its own, and sums the result files.</summary>
internal sealed class TestRun(TestOptions options, string root, Terminal terminal)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(30);
    // For a suite that hangs: the longest takes forty minutes on two slow processors where nothing is built yet.
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(75);
    private static readonly TimeSpan FullSuiteLimit = TimeSpan.FromHours(6);

    /// <summary>Test projects at a time; each of them uses several threads itself.</summary>
    private static readonly int ParallelSuites = Math.Clamp(Environment.ProcessorCount, 1, 2);

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    private readonly string _results = Path.Combine(root, "artifacts", "test");
    private readonly string _dotnet = Environment.GetEnvironmentVariable("HIL_DOTNET") ?? "dotnet";

    private TextWriter Human => options.Json ? terminal.Error : terminal.Out;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (Directory.Exists(_results))
        {
            Directory.Delete(_results, recursive: true);
        }

        Directory.CreateDirectory(_results);
        await PrepareToolsAsync(cancel);
        IReadOnlyList<SuiteOutcome> suites = await BuildAsync(cancel) is { } failure
            ? [failure]
            : [.. await RunSuitesAsync(cancel), .. await FuzzAsync(cancel)];
        return Summarise(suites);
    }

    private async Task PrepareToolsAsync(CancellationToken cancel)
    {
        IReadOnlyList<HardwareTool> missing = HardwareTools.Missing(options.Full);
        if (missing.Count == 0
            || await HardwareTools.InstallAsync(missing, _results, terminal, cancel))
        {
            return;
        }

        foreach (HardwareTool tool in HardwareTools.Missing(options.Full))
        {
            Human.WriteLine($"missing: {tool.Program} ({tool.For}); suites that need it are skipped");
        }

        Human.WriteLine($"to install: {HardwareTools.InstallCommand(missing)}");
    }

    private async Task<SuiteOutcome?> BuildAsync(CancellationToken cancel)
    {
        terminal.Progress("building the solution ...");
        string log = Path.Combine(_results, "build.log");
        var clock = Stopwatch.StartNew();
        int? code = await ChildProcess.RunAsync(_dotnet,
            ["build", RepositoryRoot.SolutionName, "-c", "Release", "--nologo", "-v", "minimal", "-tl:off"],
            root, log, ChildEnvironment(), BuildLimit, cancel);
        terminal.Progress($"built in {clock.Elapsed.TotalSeconds:F0} s");
        if (code == 0)
        {
            return null;
        }

        string[] errors = [.. File.ReadLines(log).Where(l => l.Contains(": error ", StringComparison.Ordinal))
            .Select(l => l.Trim()).Distinct().Take(20)];
        string message = code is null
            ? $"did not end within {BuildLimit.TotalMinutes} minutes; see {log}"
            : $"{string.Join('\n', errors)}\nsee {log}";
        return new SuiteOutcome("build", clock.Elapsed.TotalSeconds,
            [new TestOutcome(RepositoryRoot.SolutionName, Outcome.Failed, message)]);
    }

    private async Task<IReadOnlyList<SuiteOutcome>> RunSuitesAsync(CancellationToken cancel)
    {
        string[] projects = [.. Directory
            .EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Where(p => options.Suites.Count == 0 || options.Suites.Any(s =>
                Path.GetFileName(p).Contains(s, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)];
        if (projects.Length == 0)
        {
            throw new HilException(ExitKind.Usage, "no test project has such a name.",
                string.Join(", ", options.Suites), "Name a part of one, for example: --suite Emulator.");
        }

        var outcomes = new SuiteOutcome[projects.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, projects.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSuites, CancellationToken = cancel },
            async (i, token) =>
            {
                outcomes[i] = await RunSuiteAsync(projects[i], token);
                terminal.Progress(Line(outcomes[i]));
            });
        return IsFullRun ? [.. outcomes, ParserCoverage.Judge(_results, root)] : outcomes;
    }

    /// <summary>All of every suite runs: only then is it known what the tests leave out.</summary>
    private bool IsWhole => options.Suites.Count == 0 && options.Filter.Length == 0;

    private bool IsFullRun => options.Full && IsWhole;

    private async Task<IReadOnlyList<SuiteOutcome>> FuzzAsync(CancellationToken cancel)
    {
        if (!IsFullRun)
        {
            return [];
        }

        var fuzz = new FuzzRun(root, _results);
        Func<CancellationToken, Task<SuiteOutcome>>[] runs =
        [
            token => fuzz.ProveAsync(ChildEnvironment(), token),
            .. FuzzRun.Targets(root).Select(t => (Func<CancellationToken, Task<SuiteOutcome>>)(token => fuzz.RunAsync(t, ChildEnvironment(), token))),
        ];
        var outcomes = new SuiteOutcome[runs.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, runs.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSuites, CancellationToken = cancel },
            async (i, token) =>
            {
                SuiteOutcome outcome = await runs[i](token);
                outcomes[i] = outcome with { Tests = [.. outcome.Tests.Select(t => t.Under(options.Require))] };
                terminal.Progress(Line(outcomes[i]));
            });
        return outcomes;
    }

    private async Task<SuiteOutcome> RunSuiteAsync(string project, CancellationToken cancel)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        string assembly = Path.Combine(
            Path.GetDirectoryName(project)!, "bin", "Release", "net10.0", name + ".dll");
        string results = Path.Combine(_results, name + ".trx");
        string log = Path.Combine(_results, name + ".log");
        bool counted = IsFullRun && ParserCoverage.IsCountedIn(name);
        List<string> arguments =
        [
            // Only given the project does the runner find the collector.
            .. counted ? ["test", project, "-c", "Release", "--no-build", .. ParserCoverage.Arguments] : new[] { "test", assembly },
            "--nologo", "--logger", $"trx;LogFileName={name}.trx",
            "--results-directory", _results,
        ];
        if (options.Filter.Length > 0)
        {
            arguments.AddRange(["--filter", options.Filter]);
        }

        TimeSpan limit = options.Full ? FullSuiteLimit : SuiteLimit;
        var clock = Stopwatch.StartNew();
        int? code = await ChildProcess.RunAsync(
            _dotnet, arguments, Path.GetDirectoryName(project)!, log, ChildEnvironment(), limit, cancel);
        List<TestOutcome> tests = File.Exists(results)
            ? [.. TrxFile.Read(results).Select(t => t.Under(options.Require))]
            : [];
        if (code is null)
        {
            tests.Add(Broken(name, $"did not end within {limit.TotalMinutes} minutes", log));
        }
        else if (code != 0 && tests.All(t => t.Outcome != Outcome.Failed))
        {
            tests.Add(Broken(name, $"the runner ended with code {code} although no test failed", log));
        }
        else if (tests.Count == 0 && options.Filter.Length == 0)
        {
            tests.Add(new TestOutcome(name, Outcome.Skipped, "no test ran").Under(options.Require));
        }

        return new SuiteOutcome(name, clock.Elapsed.TotalSeconds, tests);
    }

    private Dictionary<string, string> ChildEnvironment() => new()
    {
        ["HIL_ROOT"] = root,
        ["HIL_TEST_FULL"] = options.Full ? "1" : "",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    private int Summarise(IReadOnlyList<SuiteOutcome> suites)
    {
        int passed = suites.Sum(s => s.Count(Outcome.Passed));
        int failed = suites.Sum(s => s.Count(Outcome.Failed));
        int skipped = suites.Sum(s => s.Count(Outcome.Skipped));
        if (options.Json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(new
            {
                Schema = "hil.test/1",
                Passed = passed,
                Failed = failed,
                Skipped = skipped,
                Suites = suites.Select(s => new
                {
                    s.Name,
                    Seconds = Math.Round(s.Seconds, 1),
                    Passed = s.Count(Outcome.Passed),
                    Failures = Named(s, Outcome.Failed),
                    Skips = Named(s, Outcome.Skipped),
                }),
            }, JsonOptions));
        }

        PrintByReason(suites);
        foreach (SuiteOutcome suite in suites)
        {
            foreach (TestOutcome test in suite.Tests.Where(t => t.Outcome == Outcome.Failed))
            {
                Human.WriteLine($"failed: {suite.Name}: {test.Name}");
                Human.WriteLine("    " + test.Message.ReplaceLineEndings("\n    "));
            }
        }

        Human.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 && passed > 0 ? (int)ExitKind.Done : (int)ExitKind.GateFailed;
    }

    private void PrintByReason(IReadOnlyList<SuiteOutcome> suites)
    {
        var skips = suites.SelectMany(s => s.Tests).Where(t => t.Outcome == Outcome.Skipped);
        foreach (var reason in skips.GroupBy(t => t.Message))
        {
            Human.WriteLine($"skipped: {reason.Key}");
            foreach (TestOutcome test in reason)
            {
                Human.WriteLine($"    {test.Name}");
            }
        }
    }

    private static TestOutcome Broken(string suite, string what, string log) =>
        new(suite, Outcome.Failed, $"{what}; see {log}");

    private static object[] Named(SuiteOutcome suite, Outcome outcome) =>
        [.. suite.Tests.Where(t => t.Outcome == outcome).Select(t => new { t.Name, t.Message })];

    private static string Line(SuiteOutcome suite) =>
        $"{suite.Name}: {suite.Count(Outcome.Passed)} passed, {suite.Count(Outcome.Failed)} failed, "
        + $"{suite.Count(Outcome.Skipped)} skipped ({suite.Seconds:F1} s)";
}
