using Hil.Jobs;

namespace Hil.Cli.Tests;

/// <summary>Packs the tool, installs it from the package alone, and starts it where no repository is.</summary>
public sealed class PackagedToolRunsOutsideTheRepository : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> Succeeds(int expected, string program, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["HIL_ROOT"] = "", ["HIL_STORE"] = _folder["store"], ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1",
        };
        string log = _folder["log"];
        int? exit = await ChildProcess.RunAsync(
            program, arguments, Path.GetDirectoryName(log)!, log, environment, Patience, CancellationToken.None);
        Assert.True(exit == expected, $"{program} {string.Join(' ', arguments)} ended with {exit}:\n{File.ReadAllText(log)}");
        return File.ReadAllText(log);
    }

    [SkippableFact]
    public async Task It_runs_the_bundled_model_and_says_what_only_a_clone_has()
    {
        string dotnet = ChildProcess.Find("dotnet")!;
        Skip.If(dotnet is null, "needs dotnet on the search path");
        await Succeeds(0, dotnet, "pack", Path.Combine(RepositoryRoot.Find(), "host", "Hil.Cli", "Hil.Cli.csproj"),
            "-c", "Release", "--nologo", "-o", _folder["packages"], "--artifacts-path", _folder["artifacts"]);
        await Succeeds(0, dotnet, "tool", "install", "HilFramework.Tool", "--tool-path", _folder["tool"], "--source", _folder["packages"]);
        string hil = Path.Combine(_folder["tool"], OperatingSystem.IsWindows() ? "hil.exe" : "hil");
        Assert.Contains("wer", await Succeeds(0, hil, "run", "spoken-digits", "--samples", "2"), StringComparison.Ordinal);
        Assert.Contains("fits icebreaker", await Succeeds(0, hil, "inspect", "spoken-digits"), StringComparison.Ordinal);
        Assert.Contains("clone", await Succeeds(4, hil, "gemm", "8", "8", "8", "--device", "rtl"), StringComparison.Ordinal);
        Assert.Contains("clone", await Succeeds(2, hil, "test"), StringComparison.Ordinal);
    }
}
