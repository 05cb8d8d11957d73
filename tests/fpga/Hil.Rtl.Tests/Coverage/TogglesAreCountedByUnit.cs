using System.Globalization;
using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Devices.Coverage;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>What <see cref="RtlModel.Toggles"/> counts, against what is known of the signals otherwise.</summary>
public sealed class TogglesAreCountedByUnit
{
    private static readonly Machine Machine = TestMachines.SoonDeadlocked(CoverageRuns.Variants[0]);

    /// <summary>Bit b of the count of cycles since the start changes every 2^b cycles, the clock twice a cycle; and again after the counts are cleared.</summary>
    [SkippableFact]
    public void As_often_as_a_counter_of_cycles_says()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        using var rtl = new RtlSimulation(Machine, RtlModel.Toggles);
        for (int seed = 1; seed <= 2; seed++)
        {
            (IReadOnlyList<CoveragePoint> points, long cycles) = Run(rtl, ProgramGenerator.Make(Machine, seed, GeneratorOptions.Default));
            Dictionary<string, long> core = points.Where(p => p.Instance.Length == 0).ToDictionary(p => p.Name, p => p.Count);
            // One cycle for the start.
            Assert.Equal(2 * (cycles + 1), core["clk_i"]);
            for (int bit = 0; bit < 16; bit++) Assert.Equal((bit, cycles >> bit), (bit, core[string.Create(CultureInfo.InvariantCulture, $"now_o[{bit}]")]));
        }
    }

    /// <summary>Each unit that declares nets has toggles (what stores weights has ports only), and the sums are those of the nets: no port but the core's, not the clock.</summary>
    [SkippableFact]
    public void And_summed_by_unit()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        using var rtl = new RtlSimulation(Machine, RtlModel.Toggles);
        (IReadOnlyList<CoveragePoint> points, long cycles) = Run(rtl, ProgramGenerator.Make(Machine, 1, GeneratorOptions.Default));
        var counts = ToggleCounts.Of(cycles, points);

        Assert.Equal(
            ["compute", "control", "core", "counters", "dispatch", "fetch", "load", "port", "scratchpad", "store", "trace", "units", "vector"],
            counts.Units.Select(u => u.Unit));
        Assert.All(counts.Units, u => Assert.True(u.Toggles > 0, u.Unit));
        CoveragePoint[] nets =
        [
            .. points.Where(p => p.Name != "clk_i" && (p.Instance.Length == 0 || !(p.Name.Split('[')[0] is var name && (name.EndsWith("_i") || name.EndsWith("_o"))))),
        ];
        Assert.Equal((nets.Length, nets.Sum(p => p.Count)), (counts.Units.Sum(u => u.Bits), counts.Units.Sum(u => u.Toggles)));
    }

    [SkippableFact]
    public void A_unit_that_has_nothing_to_do_hardly_toggles()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        using var rtl = new RtlSimulation(Machine, RtlModel.Toggles);
        (IReadOnlyList<CoveragePoint> points, long cycles) = Run(rtl, ProgramGenerator.Make(Machine, 1, new GeneratorOptions(Length: 0)));
        UnitToggles compute = ToggleCounts.Of(cycles, points).Units.Single(u => u.Unit == "compute");
        Assert.True(compute.Toggles < compute.Bits, $"{compute}");
    }

    private static (IReadOnlyList<CoveragePoint> Points, long Cycles) Run(RtlSimulation rtl, GeneratedProgram program)
    {
        rtl.Reset();
        rtl.ClearMain();
        rtl.WriteMain(program.Program.ImageBase, program.Program.Image.Span);
        foreach (HostWrite write in program.HostWrites) rtl.WriteMain(write.Address, write.Bytes);
        rtl.ClearCoverage();
        rtl.Start(program.Program.Entry, program.Program.InstructionCount);
        Assert.True(rtl.Run(1_000_000));
        return (rtl.Coverage(), rtl.Now);
    }
}
