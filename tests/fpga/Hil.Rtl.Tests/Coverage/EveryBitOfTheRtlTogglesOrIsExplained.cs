using Hil.Contract.Machines;
using Hil.Devices;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>
/// Verilator's toggle coverage on the machines of <see cref="EveryLineOfTheRtlRunsOrIsExplained"/>, printed by module. A bit that goes up and down on none of
/// them stands in toggles.tsv with its reason; one that is missing there, one that toggles after all and one that is gone fail. By default on the first of the
/// machines, where only what toggles can contradict the file; with HIL_TEST_FULL=1 on all.
/// </summary>
public sealed class EveryBitOfTheRtlTogglesOrIsExplained(ITestOutputHelper output)
{
    private static readonly string Reasons = Explanations.File("toggles.tsv");

    [SkippableFact]
    public void On_machines_with_every_variant_of_a_module()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        IEnumerable<Machine> machines = Share.IsFull ? CoverageRuns.Variants : CoverageRuns.Variants.Take(1);
        IReadOnlyList<Covered> bits = SignalBits.Of(machines.SelectMany(machine => CoverageRuns.Count(machine, RtlModel.Toggles)));
        output.WriteLine(Covered.Table("bits of signals that went up and down", bits));
        IReadOnlyDictionary<string, string> reasons = SignalBits.Expand(Explanations.Read(File.ReadLines(Reasons)));
        if (Explanations.Regenerate && Share.IsFull) Write(bits, reasons);
        string[] faults = [.. Explanations.Faults(bits, reasons, Share.IsFull)];
        Assert.True(faults.Length == 0, $"{string.Join('\n', faults)}\n{Explanations.HowToWrite}");
    }

    private static void Write(IEnumerable<Covered> bits, IReadOnlyDictionary<string, string> reasons)
    {
        string[] never = [.. bits.GroupBy(b => b.Key).Where(g => !g.Any(b => b.IsCovered)).Select(g => g.Key)];
        string Reason(string bit) => reasons.GetValueOrDefault(bit, "");
        IEnumerable<string> lines = never.GroupBy(Reason).SelectMany(g => SignalBits.Compress(g).Select(key => $"{key}\t{g.Key}")).Order(StringComparer.Ordinal);
        File.WriteAllLines(Reasons, [.. File.ReadLines(Reasons).TakeWhile(l => l.StartsWith('#')), .. lines]);
    }
}
