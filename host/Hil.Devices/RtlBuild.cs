using System.Collections.Concurrent;
using System.Diagnostics;
using Hil.Contract;
using Hil.Contract.Emit;
using Hil.Contract.Machines;

namespace Hil.Devices;

/// <summary>What is built of the core; each combination is a library of its own.</summary>
[Flags]
public enum RtlModel
{
    Plain = 0,

    /// <summary>With the assertions of the RTL; slower.</summary>
    Assertions = 1,

    /// <summary>The netlist that Yosys makes for the iCE40 UP5K; without back doors to memories.</summary>
    Gates = 2,

    /// <summary>As Yosys reads it, with faults planted that <see cref="RtlSimulation.Mutate"/> selects; excludes <see cref="Gates"/>.</summary>
    Mutants = 4,

    /// <summary>Writes waveforms (<see cref="RtlSimulation.OpenWaves"/>); slower.</summary>
    Waves = 8,

    /// <summary>Counts how often each line of the sources runs (<see cref="RtlSimulation.Coverage"/>); slower.</summary>
    Lines = 16,

    /// <summary>Counts how often each bit of each signal changes (<see cref="RtlSimulation.Coverage"/>), memories left out; much slower.</summary>
    Toggles = 32,
}

/// <summary>
/// Builds the core for a machine with Verilator, from the sources of this repository, once for each machine and content of the sources.
/// </summary>
public static class RtlBuild
{
    private const string Script = "sim/verilator/build.sh";

    private static readonly (RtlModel Model, string Name)[] Options =
    [
        (RtlModel.Assertions, "assert"), (RtlModel.Gates, "gates"), (RtlModel.Mutants, "mutants"), (RtlModel.Waves, "waves"),
        (RtlModel.Lines, "lines"), (RtlModel.Toggles, "toggles"),
    ];

    // The script is run once for each of them in a process; it has its own cache, by content, across processes.
    private static readonly ConcurrentDictionary<(string Package, RtlModel Model), Lazy<string>> Built = new();

    private static readonly Lazy<string?> MissingHere = new(FindMissing);

    /// <summary>What is missing on this computer to build and run the core; null if nothing is.</summary>
    public static string? Missing => MissingHere.Value;

    /// <summary>Builds the shared library, if it is not there yet, and returns its path. Sources that change while this process runs are not seen.</summary>
    /// <exception cref="HilException">The tools are missing, the core does not support the machine, or the build failed.</exception>
    public static string Library(Machine machine, RtlModel model = RtlModel.Plain)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (Missing is { } missing)
        {
            throw new HilException(
                ExitKind.Device, $"The RTL cannot be simulated here: {missing}.", machine.Name, "Run hil doctor.");
        }

        (string Package, RtlModel Model) key = (SystemVerilogMachine.Emit(machine), model);
        try
        {
            return Built.GetOrAdd(key, static (k, name) => new Lazy<string>(() => Build(k.Package, k.Model, name)), machine.Name).Value;
        }
        catch
        {
            // What failed is tried again.
            Built.TryRemove(key, out _);
            throw;
        }
    }

    private static string Build(string packageText, RtlModel model, string machine)
    {
        string folder = Directory.CreateTempSubdirectory("hil-rtl-").FullName;
        try
        {
            string package = Path.Combine(folder, "hil_machine_pkg.sv");
            File.WriteAllText(package, packageText);
            string options = string.Join(',', Options.Where(o => model.HasFlag(o.Model)).Select(o => o.Name));
            (int exit, string output, string error) = Run(Path.Combine(Root()!, Script), [package, options]);
            return exit == 0
                ? output.Trim()
                : throw new HilException(
                    ExitKind.Device, $"Verilator could not build the core:\n{error}", machine, "Check the tools with hil doctor.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is missing to build the netlist; null if nothing is.</summary>
    public static string? MissingForGates => Missing ?? (IsInstalled("yosys") ? null : "yosys is not installed");

    /// <summary>The repository that this program was built in, or null.</summary>
    public static string? Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, Script))) folder = Path.GetDirectoryName(folder);
        return folder;
    }

    private static string? FindMissing()
    {
        if (OperatingSystem.IsWindows()) return "it is built by a shell script, which Windows does not have";
        if (Root() is null) return "it is built from the sources of the RTL, which an installed program does not have: use a clone of the repository";
        foreach (string tool in (string[])["verilator", "make", "g++"])
        {
            if (!IsInstalled(tool)) return $"{tool} is not installed";
        }

        return null;
    }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool)));

    private static (int Exit, string Output, string Error) Run(string command, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
