using System.Runtime.InteropServices;
using Hil.Jobs;

namespace Hil.Cli.Tests;

/// <summary>Makes the self-contained archive of this system, unpacks it, and starts it where neither a repository nor .NET is found.</summary>
public sealed class ArchiveRunsWithoutDotnet : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> Succeeds(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        string log = _folder["log"];
        int? exit = await ChildProcess.RunAsync(
            program, arguments, Path.GetDirectoryName(log)!, log, environment.ToDictionary(e => e.Name, e => e.Value), Patience, CancellationToken.None);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)} ended with {exit}:\n{File.ReadAllText(log)}");
        return File.ReadAllText(log);
    }

    [SkippableFact]
    public async Task It_runs_the_bundled_model()
    {
        string system = RuntimeInformation.RuntimeIdentifier;
        Skip.IfNot(system is "linux-x64" or "linux-arm64", $"The packing script makes no archive for {system} that starts here.");
        string bash = ChildProcess.Find("bash")!;
        await Succeeds(bash, [Path.Combine(RepositoryRoot.Find(), "host", "package"), system], ("HIL_PACKAGES", _folder["packages"]));
        Assert.Equal(["SHA256SUMS", $"hil-{system}.tar.gz"], Directory.GetFiles(_folder["packages"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        await Succeeds(ChildProcess.Find("tar")!, ["-xzf", Path.Combine(_folder["packages"], $"hil-{system}.tar.gz"), "-C", Directory.CreateDirectory(_folder["unpacked"]).FullName]);
        string folder = Path.Combine(_folder["unpacked"], $"hil-{system}");
        Assert.All((string[])["LICENSE", "README.md"], f => Assert.True(File.Exists(Path.Combine(folder, f)), f));
        string printed = await Succeeds(
            Path.Combine(folder, "hil"), ["run", "spoken-digits", "--samples", "2"],
            ("HIL_ROOT", ""), ("HIL_STORE", _folder["store"]), ("PATH", folder), ("DOTNET_ROOT", ""));
        Assert.Contains("wer", printed, StringComparison.Ordinal);
    }
}
