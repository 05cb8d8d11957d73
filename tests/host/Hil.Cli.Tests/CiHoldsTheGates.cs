using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hil.Contract;

namespace Hil.Cli.Tests;

public sealed class CiHoldsTheGates : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Project(string gates, string machine = "icebreaker") => _folder.Write("hil.json",
        $$"""{ "schema": "hil.project/1", "model": "spoken-digits", "machine": "{{machine}}", "samples": 2, "gates": { {{gates}} } }""");

    [Fact]
    public async Task Gates_that_hold_give_zero_and_a_file_for_each_page()
    {
        CommandRun run = await CommandRun.Of("ci", "--project", Project("\"maxCycleErrorPercent\": 2, \"minAgreement\": 0.5"),
            "--junit", _folder["j.xml"], "--summary", _folder["s.md"], "--report", _folder["r.html"]);
        Assert.Equal(0, run.Exit);
        XElement suite = XDocument.Load(_folder["j.xml"]).Root!.Element("testsuite")!;
        int cases = suite.Elements("testcase").Count();
        Assert.Equal(((int)suite.Attribute("tests")!, 0, 0), (cases, (int)suite.Attribute("failures")!, (int)suite.Attribute("errors")!));
        Assert.Contains(suite.Elements("testcase"), c => (string)c.Attribute("name")! == "agreement with float");
        Assert.Contains(suite.Elements("testcase"), c => ((string)c.Attribute("name")!).StartsWith("memory", StringComparison.Ordinal));
        Assert.Contains("| agreement with float | 100.0 % | at least 50.0 % | ✅ held |", _folder.Read("s.md"), StringComparison.Ordinal);
        Assert.Contains("not gated", run.Out, StringComparison.Ordinal);
        Assert.Contains($"{cases} gates held", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["r.html"]));
    }

    [Fact]
    public async Task Gates_that_fail_give_one_and_are_the_only_failures()
    {
        (string Gate, double Limit, string Name)[] failing =
        [
            ("minSqnrDb", 90, "output SQNR"), ("maxCycles", 1, "cycles, emulated"), ("maxMilliseconds", 0.01, "milliseconds, emulated"),
            ("maxEnergyMicrojoules", 0.5, "energy, predicted"),
        ];
        string gates = string.Join(", ", failing.Select(f => FormattableString.Invariant($"\"{f.Gate}\": {f.Limit}")));
        CommandRun run = await CommandRun.Of("ci", "--project", Project(gates), "--samples", "1", "--junit", _folder["j.xml"], "--json");
        Assert.Equal((int)ExitKind.GateFailed, run.Exit);
        Assert.Equal(
            failing.Select(f => (f.Name, f.Limit)),
            run.Json["gates"]!.AsArray().Where(g => (bool?)g!["passed"] == false).Select(g => ((string)g!["name"]!, (double)g["limit"]!)));
        XElement suite = XDocument.Load(_folder["j.xml"]).Root!.Element("testsuite")!;
        Assert.Equal(failing.Length, (int)suite.Attribute("failures")!);
        Assert.Equal(
            failing.Select(f => f.Name),
            suite.Elements("testcase").Where(c => c.Element("failure") is not null).Select(c => (string)c.Attribute("name")!));
    }

    [Fact]
    public async Task A_run_without_a_result_keeps_its_own_exit_code_and_is_an_error_of_the_suite()
    {
        string machine = _folder.Write("small.json", (await CommandRun.Of("machines", "icebreaker")).Out
            .Replace("\"rows\"", "\"rowz\"", StringComparison.Ordinal));
        CommandRun run = await CommandRun.Of("ci", "--project", Project("", Path.GetFileName(machine)),
            "--junit", _folder["j.xml"], "--summary", _folder["s.md"]);
        Assert.Equal((int)ExitKind.BadInput, run.Exit);
        Assert.Contains("small.json", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (int)XDocument.Load(_folder["j.xml"]).Root!.Element("testsuite")!.Attribute("errors")!);
        Assert.Contains("no result", _folder.Read("s.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_project_it_says_how_to_write_one()
    {
        CommandRun run = await CommandRun.Of("ci", "--project", _folder["hil.json"]);
        Assert.Equal((int)ExitKind.Usage, run.Exit);
        Assert.Contains("hil init", run.Error, StringComparison.Ordinal);
    }
}
