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
            {
                rtl = Copied(rtl, Path.Combine(folder, "rtl"));
                Plant(fault, rtl);
            }

            return Run(
                Path.Combine(Repository.Root, Script),
                [package, rtl, set.Name, induction ? "induction" : "bmc", depth.ToString(CultureInfo.InvariantCulture)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Copied(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }

    private static void Plant(SourceFault fault, string rtl)
    {
        string path = Path.Combine(rtl, fault.File);
        string text = File.ReadAllText(path);
        int at = text.IndexOf(fault.Text, StringComparison.Ordinal);
        Assert.True(at >= 0 && text.IndexOf(fault.Text, at + 1, StringComparison.Ordinal) < 0, $"{fault.File}: '{fault.Text}' is not there once.");
        File.WriteAllText(path, text.Replace(fault.Text, fault.Replacement, StringComparison.Ordinal));
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
