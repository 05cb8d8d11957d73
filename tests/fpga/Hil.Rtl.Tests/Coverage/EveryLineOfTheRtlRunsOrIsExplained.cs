using Hil.Devices;
using Hil.Devices.Coverage;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>
/// Verilator's line coverage on machines that together have the variants of each module, printed by module. A part of a line that no run reaches stands in
/// lines.tsv with its reason; one that is missing there, one that runs after all and one that is gone fail. More programs with HIL_TEST_FULL=1.
/// </summary>
public sealed class EveryLineOfTheRtlRunsOrIsExplained(ITestOutputHelper output)
{
    private static readonly string Reasons = Explanations.File("lines.tsv");

    private static readonly string Package = $"package={Path.Combine(Repository.Root, "fpga/rtl/generated/hil_machine_icebreaker_pkg.sv")}";

    /// <summary>The benches of what lies around the core: the back ends, built as <see cref="BackEndsOfTheMemoryPortKeepItsContract"/> builds them, and the registers.</summary>
    private static readonly (string Bench, string Parameters)[] Around =
    [
        .. BackEndsOfTheMemoryPortKeepItsContract.OfSources, (BackEndsOfTheMemoryPortKeepItsContract.Flash, "-GQeStuck=1"),
        (ModulesOfTheCoreKeepTheirContract.Registers, Package), (ModulesOfTheCoreKeepTheirContract.Registers, $"{Package} -GWord=1"),
    ];

    [SkippableFact]
    public void On_machines_with_every_variant_of_a_module()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        IReadOnlyList<Covered> parts = LineParts.Of(
            [.. CoverageRuns.Variants.SelectMany(machine => CoverageRuns.Count(machine, RtlModel.Lines)), .. Around.SelectMany(CountOfBench)]);
        output.WriteLine(Covered.Table("parts of lines that ran", parts));
        IReadOnlyDictionary<string, string> reasons = Explanations.Read(File.ReadLines(Reasons));
        if (Explanations.Regenerate) Explanations.Write(Reasons, parts, reasons);
        IReadOnlyList<string> faults = Explanations.Faults(parts, reasons);
        Assert.True(faults.Count == 0, $"{string.Join('\n', faults)}\n{Explanations.HowToWrite}");
    }

    private static IReadOnlyList<CoveragePoint> CountOfBench((string Bench, string Parameters) run)
    {
        string file = Path.GetTempFileName();
        try
        {
            (int exit, string said) = Bench.Run(run.Bench, [.. Bench.Words(run.Parameters), "+seed=1", $"+coverage={file}"]);
            Assert.True(exit == 0, said);
            return CoveragePoint.Parse(File.ReadLines(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
