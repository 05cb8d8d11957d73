using System.Diagnostics;
using System.Globalization;
using Hil.Contract.Emit;
using Hil.Rtl.Tests;

namespace Hil.Formal.Tests;

internal enum Verdict
{
    Holds,
    Fails,

    /// <summary>A source could not be read, or the solver gave up.</summary>
    Unknown,
}

/// <summary>Runs fpga/formal/check.sh (Yosys, yosys-smtbmc, z3) in a folder of its own.</summary>
internal static class ModelChecker
{
    private const string Script = "fpga/formal/check.sh";

    private static readonly string[] Tools = ["yosys", "yosys-smtbmc", "z3"];

    /// <summary>Checks a property set on the sources, or on a copy of them with a fault planted.</summary>
    public static (Verdict Verdict, string Said) Check(PropertySet set, int depth, bool induction = false, SourceFault? fault = null)
    {
        foreach (string tool in Tools) Skip.If(!IsInstalled(tool), $"needs {tool}");
        string folder = Directory.CreateTempSubdirectory("hil-formal-").FullName;
        try
        {
            string package = Path.Combine(folder, "hil_machine_pkg.sv");
            File.WriteAllText(package, SystemVerilogMachine.Emit(set.Machine));
            string rtl = Path.Combine(Repository.Root, "fpga/rtl");
            if (fault is not null)
                rtl = PlantedSources.Copy(Path.Combine(folder, "rtl"), fault.File, fault.Text, fault.Replacement);
            return Run(
                Path.Combine(Repository.Root, Script),
                [package, rtl, set.Name, induction ? "induction" : "bmc", depth.ToString(CultureInfo.InvariantCulture)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool)));

    private static (Verdict Verdict, string Said) Run(string command, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Verdict verdict = process.ExitCode switch
        {
            0 => Verdict.Holds,
            1 => Verdict.Fails,
            _ => Verdict.Unknown,
        };
        return (verdict, $"{string.Join(' ', arguments)}\n{said}{error.GetAwaiter().GetResult()}");
    }
}
