using Hil.Jobs;

namespace Hil.Stryker.Tests;

/// <summary>
/// Runs Stryker on a copy of the sources: it puts changed assemblies in place of the built ones, and other suites run those at the same time.
/// </summary>
internal static class StrykerRun
{
    private const string Settings = "tests/mutants/stryker";

    /// <summary>A changed loop can ask for all memory; then it is to fail, and the machine to go on. Hexadecimal bytes.</summary>
    private const string MemoryLimit = "0xC0000000";

    private static readonly TimeSpan Limit = TimeSpan.FromHours(5);
    private static readonly string[] Copied = ["host", "sim", "tests", "fpga/machines", "docs"];
    private static readonly string[] NotCopied = ["bin", "obj", "__pycache__"];

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["DOTNET_GCHeapHardLimit"] = MemoryLimit,
        // The judges are the quick versions.
        ["HIL_TEST_FULL"] = "",
        ["CI"] = "",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    private static string DotNet => Environment.GetEnvironmentVariable("HIL_DOTNET") is { Length: > 0 } given ? given : "dotnet";

    /// <summary>Null where the tool is there, or could be had from the registry; otherwise what is missing.</summary>
    public static async Task<string?> MissingAsync()
    {
        string log = Path.Combine(Folder("tool"), "restore.log");
        int? code = await ChildProcess.RunAsync(
            DotNet, ["tool", "restore"], Path.Combine(Subject.Root, Settings), log, Variables, TimeSpan.FromMinutes(10), CancellationToken.None);
        return code == 0 ? null : $"needs dotnet-stryker, which could not be restored; see {log}";
    }

    /// <summary>The faults of some files of a subject, and what became of them.</summary>
    public static async Task<MutationReport> OfAsync(Subject subject, IReadOnlyList<string> files)
    {
        string copy = Folder(subject.Name);
        Directory.Delete(copy, recursive: true);
        foreach (string part in Copied) Copy(Path.Combine(Subject.Root, part), Path.Combine(copy, part));
        foreach (string file in Directory.EnumerateFiles(Subject.Root).Where(f => !Path.GetFileName(f).StartsWith("hil", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        string log = Path.Combine(copy, "stryker.log");
        string[] arguments =
        [
            "stryker", "-f", $"{subject.Name}.json", "-O", Path.Combine(copy, "results"), "--skip-version-check",
            .. files.SelectMany(f => new[] { "-m", $"**/{f}" }),
        ];
        int? code = await ChildProcess.RunAsync(DotNet, arguments, Path.Combine(copy, Settings), log, Variables, Limit, CancellationToken.None);
        string report = Path.Combine(copy, "results", "reports", "mutation-report.json");
        Assert.True(code == 0 && File.Exists(report), $"Stryker ended with {code} and {(File.Exists(report) ? "a" : "no")} report; see {log}");
        return MutationReport.Read(report, subject.Folder);
    }

    private static string Folder(string name) => Directory.CreateDirectory(Path.Combine(Subject.Root, "artifacts", "stryker", name)).FullName;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from).Where(f => !NotCopied.Contains(Path.GetFileName(f))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
