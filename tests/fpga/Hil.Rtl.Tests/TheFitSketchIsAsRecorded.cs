using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// The sketch of the UP5K (<c>fpga/boards/icebreaker/fit/fit.sh</c>), placed with one seed (2) if it fits: every block is in the netlist, and the decision
/// record has the figures that come out, those that are not reached included.
/// </summary>
public sealed class TheFitSketchIsAsRecorded(ITestOutputHelper output) : IDisposable
{
    private const string Record = "docs/decisions/0017-icebreaker-machine-open.md";

    // Other versions place otherwise.
    private static readonly string[] RecordedTools = ["Yosys 0.23", "nextpnr-ice40 -- Next Generation Place and Route (Version 0.4"];

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-fit-").FullName;

    [SkippableFact]
    public void With_one_seed()
    {
        Run("yosys", "-V", RecordedTools[0]);
        Run("nextpnr-ice40", "--version", RecordedTools[1]);
        Run("python3", "--version", "Python 3");
        (int exit, string said) = Start("bash", [Path.Combine(Repository.Root, "fpga/boards/icebreaker/fit/fit.sh"), "-o", _folder, "2"]);
        output.WriteLine(said);
        Assert.True(exit is 0 or 1, said);

        using JsonDocument fit = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "fit.json")));
        foreach (JsonProperty sketch in fit.RootElement.GetProperty("sketches").EnumerateObject())
        {
            string[] missing = [.. sketch.Value.GetProperty("missing").EnumerateArray().Select(m => m.GetString()!)];
            Assert.True(missing.Length == 0, $"{sketch.Name}: nothing is left of {string.Join(", ", missing)}.");
        }

        string record = File.ReadAllText(Path.Combine(Repository.Root, Record));
        string[] figures = [.. File.ReadAllLines(Path.Combine(_folder, "fit.md")).Where(l => l.Length > 0)];
        Assert.Contains(figures, line => line.StartsWith("| together |", StringComparison.Ordinal));
        Assert.All(figures, line => Assert.Contains(line, record, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Run(string tool, string option, string expected)
    {
        (_, string said) = Start(tool, [option]);
        Skip.IfNot(said.Contains(expected, StringComparison.Ordinal), $"{tool} is not the version of the record: {said.Trim()}.");
    }

    private static (int Exit, string Said) Start(string tool, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, text + error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            throw new SkipException($"{tool} is not installed.");
        }
    }
}
