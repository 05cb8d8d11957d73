using Hil.Jobs;

namespace Hil.Cli.Testing;

/// <summary>A program that some suites need, its Debian package, and what it is for.</summary>
internal sealed record HardwareTool(string Program, string Package, string For);

/// <summary>The hardware tools: which are missing, and how to get them on Debian and Ubuntu.</summary>
internal static class HardwareTools
{
    public static readonly IReadOnlyList<HardwareTool> All =
    [
        new("verilator", "verilator", "RTL simulation and lint"),
        new("g++", "g++", "RTL simulation (Verilator's models are C++)"),
        new("make", "make", "RTL simulation (Verilator's models are C++)"),
        new("yosys", "yosys", "synthesis"),
        new("nextpnr-ice40", "nextpnr-ice40", "placing and routing the iCE40"),
        new("z3", "z3", "bounded model checking of the RTL"),
        new("icepack", "fpga-icestorm", "bitstreams and timing of the iCE40"),
        new("tclsh", "tcl", "the Arty A7's build script, run without Vivado"),
    ];

    /// <summary>Only the long version fuzzes.</summary>
    public static readonly HardwareTool Fuzzer = new("afl-fuzz", "afl++", "coverage-guided fuzzing");

    /// <summary>Data of the iCE40 chips, a package without a program of its own.</summary>
    private const string ChipDatabase = "fpga-icestorm-chipdb";

    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(20);

    public static IReadOnlyList<HardwareTool> Missing(bool full = false) =>
        [.. All.Concat(full ? [Fuzzer] : []).Where(tool => ChildProcess.Find(tool.Program) is null)];

    /// <summary>The command that a person would type.</summary>
    public static string InstallCommand(IEnumerable<HardwareTool> tools) =>
        $"sudo apt-get update && sudo apt-get install -y --no-install-recommends {string.Join(' ', Packages(tools))}";

    /// <summary>
    /// Installs the tools where that needs nobody: as root or with passwordless sudo, and in CI or with the
    /// user's consent. True when all are there afterwards.
    /// </summary>
    public static async Task<bool> InstallAsync(
        IReadOnlyList<HardwareTool> tools, string logFolder, Terminal terminal, CancellationToken cancel)
    {
        if (ChildProcess.Find("apt-get") is not { } apt)
        {
            return false;
        }

        string[] prefix;
        if (Environment.IsPrivilegedProcess)
        {
            prefix = [apt];
        }
        else if (ChildProcess.Find("sudo") is { } sudo
            && await RunAsync([sudo, "-n", "true"], null, cancel) == 0)
        {
            prefix = [sudo, "-n", apt];
        }
        else
        {
            return false;
        }

        string packages = string.Join(' ', Packages(tools));
        bool agreed = IsContinuousIntegration || terminal.Confirm($"hil: install {packages}?");
        if (!agreed)
        {
            return false;
        }

        terminal.Progress($"installing {packages} ...");
        string[] options = ["-o", "DPkg::Lock::Timeout=300", "-y", "--no-install-recommends"];
        string log = Path.Combine(logFolder, "apt.log");
        // A stale index is no reason to stop: the installation itself decides.
        await RunAsync([.. prefix, "update"], log, cancel);
        int? installed = await RunAsync([.. prefix, "install", .. options, .. Packages(tools)], log, cancel);
        if (installed != 0)
        {
            terminal.Progress($"the installation failed; see {log}");
        }

        return tools.All(tool => ChildProcess.Find(tool.Program) is not null);
    }

    public static bool IsContinuousIntegration =>
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci
        && !ci.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Packages(IEnumerable<HardwareTool> tools) =>
        tools.Select(t => t.Package)
            .SelectMany(p => p == "fpga-icestorm" ? [p, ChipDatabase] : new[] { p })
            .Distinct();

    private static Task<int?> RunAsync(string[] command, string? log, CancellationToken cancel) =>
        ChildProcess.RunAsync(command[0], command[1..], Path.GetTempPath(), log,
            new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" }, InstallLimit, cancel);
}
