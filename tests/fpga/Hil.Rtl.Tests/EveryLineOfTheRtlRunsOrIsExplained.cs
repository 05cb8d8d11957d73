using System.Diagnostics;
using System.Globalization;
using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// Verilator's line and toggle coverage of random programs, legal and broken, on machines that together have every variant of each module, merged by
/// verilator_coverage and printed by module. A line that no program runs stands in uncovered-lines.tsv with its reason; one that is missing there, or stands
/// there and runs, fails. Toggles are only printed.
/// </summary>
public sealed class EveryLineOfTheRtlRunsOrIsExplained(ITestOutputHelper output)
{
    private const int LegalPrograms = 60;
    private const int Broken = 60;
    private const int EveryForm = 3;
    private static readonly string Explanations = Path.Combine(Repository.Root, "tests", "fpga", "Hil.Rtl.Tests", "uncovered-lines.tsv");

    /// <summary>A line of a source file, by its text: line numbers move. Branch: what Verilator calls the part of it.</summary>
    private sealed record Line(string File, string Branch, string Text);

    [Fact]
    public void Each_explained_line_is_in_the_sources()
    {
        HashSet<(string, string)> lines =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "fpga", "rtl"), "*.sv", SearchOption.AllDirectories)
                .SelectMany(file => File.ReadLines(file).Select(text => (Path.GetFileName(file), text.Trim()))),
        ];
        Assert.All(Explained(), e => Assert.Contains((e.Key.File, e.Key.Text), lines));
    }

    [SkippableFact]
    public void In_the_long_version()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        // Cores that count each line and bit take minutes to build.
        if (!Share.IsFull) return;

        string folder = Directory.CreateTempSubdirectory("hil-coverage-").FullName;
        try
        {
            List<string> files = [];
            foreach (Machine machine in Variants()) files.Add(Run(machine, Path.Combine(folder, $"{files.Count}.dat")));
            string merged = Path.Combine(folder, "merged.dat");
            Merge(files, merged);
            Judge(RtlCoverage.Read(merged));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A wide fetch and a narrow one, three banks and one, a slow root and a quick one, every counter and the basic ones, with and without stores.</summary>
    private static IEnumerable<Machine> Variants()
    {
        Machine one = TestMachines.OneBank;
        yield return TestMachines.Thin;
        yield return one with
        {
            Vector = one.Vector with { NormCycles = 24, DivideCycles = 12 },
            Issue = new IssueShape(1, 2, 8, 5000),
            Regions = [.. one.Regions.Select(r => r with { Writable = false, WriteLatencyCycles = 0 })],
            Counters = CounterSet.Basic,
        };
    }

    private static string Run(Machine machine, string file)
    {
        machine = TestMachines.SoonDeadlocked(machine);
        using var rtl = new RtlSimulation(machine, RtlModel.Coverage);
        for (int seed = 1; seed <= LegalPrograms; seed++)
        {
            var legal = new ExpectedRun(ProgramGenerator.Make(machine, seed, GeneratorOptions.Default));
            legal.IsMetBy(rtl);
            if (seed <= Broken) new ExpectedRun(BrokenPrograms.Make(machine, seed), legal: false).IsMetBy(rtl);
        }

        IReadOnlyList<IllegalForm> forms = IllegalForms.On(machine);
        for (int n = 0; n < forms.Count; n += EveryForm)
        {
            GeneratedProgram program = ProgramGenerator.Make(machine, n, new GeneratorOptions(Length: 0));
            new ExpectedRun(Rewritten.With(program, [forms[n].Instruction, .. program.Instructions]), legal: false).IsMetBy(rtl);
        }

        var words = new byte[machine.WordBytes * 4];
        rtl.WriteByHostPort(0, 0, words);
        rtl.ReadByHostPort(0, 0, words);
        rtl.Coverage(file);
        return file;
    }

    private static void Merge(IEnumerable<string> files, string merged)
    {
        using var process = Process.Start(new ProcessStartInfo("verilator_coverage", ["--write", merged, .. files]) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    private void Judge(IReadOnlyList<CoveragePoint> points)
    {
        output.WriteLine("module                     lines            toggled bits");
        foreach (IGrouping<string, CoveragePoint> module in points.GroupBy(p => p.Module).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{module.Key,-26} {Shares(module.Where(p => p.Kind != "toggle"))} {Shares(module.Where(p => p.Kind == "toggle"))}");
        }

        Dictionary<string, string[]> sources = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "fpga", "rtl"), "*.sv", SearchOption.AllDirectories)
            .Where(f => !f.Contains("generated", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetFileName(f), File.ReadAllLines);
        HashSet<Line> never =
        [
            .. points.Where(p => p.Kind != "toggle" && sources.ContainsKey(p.File))
                .GroupBy(p => (p.File, p.Line, p.Comment))
                .Where(g => g.All(p => p.Count == 0))
                .Select(g => new Line(g.Key.File, g.Key.Comment, sources[g.Key.File][g.Key.Line - 1].Trim())),
        ];
        Dictionary<Line, string> explained = Explained();
        string[] faults =
        [
            .. never.Except(explained.Keys).Select(l => $"never runs: {l.File}\t{l.Branch}\t{l.Text}"),
            .. explained.Keys.Except(never).Select(l => $"runs, or is gone, and is explained: {l.File}\t{l.Branch}\t{l.Text}"),
        ];
        foreach (string fault in faults) output.WriteLine(fault);
        Assert.Empty(faults);
    }

    private static string Shares(IEnumerable<CoveragePoint> points)
    {
        // A point of several instances, or of several machines, is one.
        bool[] hit = [.. points.GroupBy(p => (p.File, p.Line, p.Kind, p.Comment)).Select(g => g.Any(p => p.Count > 0))];
        return string.Create(CultureInfo.InvariantCulture, $"{hit.Count(h => h),6} of {hit.Length,-6}");
    }

    private static Dictionary<Line, string> Explained() => File.ReadLines(Explanations)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(
            part => part.Length == 4 && part[3].Length > 0 ? new Line(part[0], part[1], part[2])
                : throw new InvalidDataException($"{Explanations}: not file, branch, line and reason: {string.Join('|', part)}"),
            part => part[3]);
}
