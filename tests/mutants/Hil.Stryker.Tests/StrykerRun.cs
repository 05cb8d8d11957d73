using Hil.Jobs;

namespace Hil.Stryker.Tests;

/// <summary>
/// Lets Stryker plant its faults in a copy of the sources (it puts changed assemblies in place of the built ones, which other suites run at the same time)
/// and gives them, with the folder of the judge that holds them.
/// </summary>
internal static class StrykerRun
{
    private const string Settings = "tests/mutants/stryker";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly string[] Copied = ["host", "sim", "tests", "fpga/machines", "docs"];
    private static readonly string[] NotCopied = ["bin", "obj", "__pycache__"];

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["CI"] = "",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    public static string DotNet => Environment.GetEnvironmentVariable("HIL_DOTNET") is { Length: > 0 } given ? given : "dotnet";

    /// <summary>Null where the tool is there, or could be had from the registry; otherwise what is missing.</summary>
    public static async Task<string?> MissingAsync()
    {
        string log = Path.Combine(Folder("tool"), "restore.log");
        int? code = await ChildProcess.RunAsync(
            DotNet, ["tool", "restore"], Path.Combine(Repository.Root, Settings), log, Variables, Limit, CancellationToken.None);
        return code == 0 ? null : $"needs dotnet-stryker, which could not be restored; see {log}";
    }

    private static readonly Dictionary<string, Task<(IReadOnlyDictionary<int, Fault> Faults, string Judge)>> Planted = [];

    /// <summary>Every fault of a subject by Stryker's number, and the folder of the judge. What subjects of one project share is done once.</summary>
    public static async Task<(IReadOnlyDictionary<int, Fault> Faults, string Judge)> PlantAsync(Subject subject)
    {
        if (!Planted.TryGetValue(subject.Planted, out Task<(IReadOnlyDictionary<int, Fault>, string)>? plant)) Planted.Add(subject.Planted, plant = PlantAllAsync(subject));
        (IReadOnlyDictionary<int, Fault> faults, string judge) = await plant;
        return (faults.Where(f => subject.Holds(f.Value.File)).ToDictionary(), judge);
    }

    private static async Task<(IReadOnlyDictionary<int, Fault> Faults, string Judge)> PlantAllAsync(Subject subject)
    {
        string work = Folder(subject.Planted);
        Directory.Delete(work, recursive: true);
        string copy = Path.Combine(work, "copy");
        foreach (string part in Copied) Copy(Path.Combine(Repository.Root, part), Path.Combine(copy, part));
        foreach (string file in Directory.EnumerateFiles(Repository.Root)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        string kept = Directory.CreateDirectory(Path.Combine(work, "kept")).FullName;
        string log = Path.Combine(work, "stryker.log");
        int? code = await ChildProcess.RunAsync(
            DotNet, ["stryker", "-f", $"{subject.Planted}.json", "-O", Path.Combine(work, "results"), "--skip-version-check"], Path.Combine(copy, Settings), log,
            new Dictionary<string, string>(Variables) { ["HIL_STRYKER_KEEP"] = kept }, Limit, CancellationToken.None);
        string report = Path.Combine(work, "results", "reports", "mutation-report.json");
        string changed = Path.Combine(kept, $"{subject.Assembly}.dll");
        Assert.True(code == 0 && File.Exists(report) && File.Exists(changed), $"Stryker ended with {code}; see {log}");

        string judge = Path.Combine(work, "judge");
        Copy(Path.Combine(copy, "tests", "mutants", "Hil.Stryker.Judge", "bin", "Release", "net10.0"), judge);
        File.Copy(changed, Path.Combine(judge, $"{subject.Assembly}.dll"), overwrite: true);
        return (Fault.Read(report, subject.Folder), judge);
    }

    private static string Folder(string name) => Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "stryker", name)).FullName;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from).Where(f => !NotCopied.Contains(Path.GetFileName(f))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
