using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hil.Rtl.Tests;

/// <summary>Every tool that reads the RTL reads it without a complaint.</summary>
public sealed class TheSourcesAreClean
{
    private const string Rtl = "fpga/rtl";

    public static TheoryData<string> Machines() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, Rtl, "generated"), "hil_machine_*_pkg.sv").Order().Select(f => Path.GetFileName(f)!)];

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void Verilator_has_no_warning(string package)
    {
        (int exit, string said) = Run(
            "verilator",
            ["--lint-only", "-Wall", "--assert", "-DHIL_ASSERT", "--top-module", "hil_core", "-Icore", $"generated/{package}", .. Sources()]);
        Assert.True(exit == 0 && !said.Contains("%Warning", StringComparison.Ordinal), said);
    }

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void Verilator_has_no_warning_of_the_registers(string package)
    {
        foreach (string top in new[] { "hil_registers", "hil_registers_word" })
        {
            (int exit, string said) = Run(
                "verilator",
                ["--lint-only", "-Wall", "--top-module", top, "-Icore", $"generated/{package}", "generated/hil_contract_pkg.sv", $"registers/{top}.sv"]);
            Assert.True(exit == 0 && !said.Contains("%Warning", StringComparison.Ordinal), said);
        }
    }

    [SkippableFact]
    public void Yosys_finds_no_undriven_or_doubly_driven_net()
    {
        string files = string.Join(' ', Sources());
        (int exit, string said) = Run(
            "yosys",
            [
                "-q", "-p",
                $"read_verilog -sv -Icore generated/hil_machine_icebreaker_pkg.sv {files}; hierarchy -check -top hil_core; proc; check -assert",
            ]);
        Assert.True(exit == 0, said);
    }

    [Fact]
    public void Every_module_is_short_and_says_what_it_is()
    {
        foreach (string file in Sources().Concat(File.ReadAllLines(Path.Combine(Repository.Root, Rtl, "registers/files.f"))).Where(f => !f.StartsWith("generated/", StringComparison.Ordinal)))
        {
            string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, Rtl, file));
            Assert.True(lines[0].StartsWith("// ", StringComparison.Ordinal), $"{file} has no opening sentence.");
            // The core is wiring alone.
            Assert.True(lines.Length <= (file == "core/hil_core.sv" ? 500 : 270), $"{file} has {lines.Length} lines.");
        }
    }

    /// <summary>Yosys 0.23 takes ~W'(x) for (~W)'(x), without a word.</summary>
    [Fact]
    public void No_size_cast_stands_behind_an_unary_operator()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "fpga"), "*.sv", SearchOption.AllDirectories))
        {
            Match misread = UnaryBeforeCast.Match(File.ReadAllText(file));
            Assert.True(!misread.Success, $"{file}: give '{misread.Value}...' a localparam of its own.");
        }
    }

    [Theory]
    [InlineData("a & ~W'(b - 1)", true)]
    [InlineData("a ? -pkg::W'(b) : 0", true)]
    [InlineData("a - W'(b)", false)]
    [InlineData("a & W'(~b)", false)]
    public void A_size_cast_behind_an_unary_operator_is_noticed(string expression, bool misread) =>
        Assert.Equal(misread, UnaryBeforeCast.IsMatch(expression));

    private static readonly Regex UnaryBeforeCast = new(@"(?:[=(?:,&|^{<>]|\breturn)\s*[~!-]\s*[A-Za-z_0-9:]+'\(", RegexOptions.Multiline);

    private static string[] Sources() => File.ReadAllLines(Path.Combine(Repository.Root, Rtl, "files.f"));

    private static (int Exit, string Said) Run(string tool, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments)
            {
                WorkingDirectory = Path.Combine(Repository.Root, Rtl),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            throw new SkipException($"{tool} is not installed.");
        }
    }
}
