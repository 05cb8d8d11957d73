using System.Diagnostics;
using Hil.Contract;
using Hil.Contract.Emit;
using Hil.Contract.Machines;

namespace Hil.Devices;

/// <summary>What is built of the core.</summary>
public enum RtlModel
{
    Plain,

    /// <summary>With the assertions of the RTL; slower.</summary>
    Assertions,

    /// <summary>The netlist that Yosys makes for the iCE40 UP5K; without back doors to memories.</summary>
    Gates,

    /// <summary>As Yosys reads it, with faults planted that <see cref="RtlSimulation.Mutate"/> selects.</summary>
    Mutants,
}

/// <summary>
/// Builds the core for a machine with Verilator, from the sources of this repository, once for each machine and content of the sources.
/// </summary>
public static class RtlBuild
{
    private const string Script = "sim/verilator/build.sh";

    private static readonly Lazy<string?> MissingHere = new(FindMissing);

    /// <summary>What is missing on this computer to build and run the core; null if nothing is.</summary>
    public static string? Missing => MissingHere.Value;

    /// <summary>Builds the shared library, if it is not there yet, and returns its path.</summary>
    /// <exception cref="HilException">The tools are missing, the core does not support the machine, or the build failed.</exception>
    public static string Library(Machine machine, RtlModel model = RtlModel.Plain)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (Missing is { } missing)
        {
            throw new HilException(
                ExitKind.Device, $"The RTL cannot be simulated here: {missing}.", machine.Name, "Run hil doctor.");
        }

        if (machine.Rows < 2 || machine.Columns < 2)
        {
            throw new HilException(
                ExitKind.Unsupported, $"The RTL needs at least two rows and two columns, not {machine.Rows} x {machine.Columns}.",
                machine.Name, "Use the emulator.");
        }

        string folder = Directory.CreateTempSubdirectory("hil-rtl-").FullName;
        try
        {
            string package = Path.Combine(folder, "hil_machine_pkg.sv");
            File.WriteAllText(package, SystemVerilogMachine.Emit(machine));
            string[] arguments = model switch
            {
                RtlModel.Assertions => [package, "assert"],
                RtlModel.Gates => [package, "gates"],
                RtlModel.Mutants => [package, "mutants"],
                _ => [package],
            };
            (int exit, string output, string error) = Run(Path.Combine(Root()!, Script), arguments);
            return exit == 0
                ? output.Trim()
                : throw new HilException(
                    ExitKind.Device, $"Verilator could not build the core:\n{error}", machine.Name, "Check the tools with hil doctor.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What is missing to build the netlist; null if nothing is.</summary>
    public static string? MissingForGates => Missing ?? (IsInstalled("yosys") ? null : "yosys is not installed");

    /// <summary>The repository that this program was built in, or null.</summary>
    internal static string? Root()
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
