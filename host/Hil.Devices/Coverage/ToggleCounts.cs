namespace Hil.Devices.Coverage;

/// <summary>How often the nets of one unit changed.</summary>
/// <param name="Unit">The instance in the core without its <c>u_</c>: <c>load</c>, <c>compute</c>, <c>scratchpad</c>; <c>core</c> for the nets between them.</param>
/// <param name="Bits">Nets, each bit one.</param>
/// <param name="Toggles">Changes of all of them together, both 0 to 1 and 1 to 0.</param>
public sealed record UnitToggles(string Unit, int Bits, long Toggles);

/// <summary>
/// How often nets changed while a program ran, by unit, for estimates of power from activity. A net counts once, where it is declared: of ports only the
/// core's own count, the others are a net of the module around them. Not counted: the clock, and what lies in the memories; their ports are nets.
/// </summary>
/// <param name="Cycles">Of the program.</param>
public sealed record ToggleCounts(long Cycles, IReadOnlyList<UnitToggles> Units)
{
    public const string CurrentSchema = "hil.toggles/1";

    private const string Core = "core";
    private const string Clock = "clk_i";

    /// <summary>Sums the toggles among the counts by unit, in the order of the units' names.</summary>
    public static ToggleCounts Of(long cycles, IEnumerable<CoveragePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new ToggleCounts(
            cycles,
            [
                .. points.Where(p => p.Kind == CoverageKind.Toggle && IsNet(p))
                    .GroupBy(UnitOf)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new UnitToggles(g.Key, g.Count(), g.Sum(p => p.Count))),
            ]);
    }

    private static bool IsNet(CoveragePoint p)
    {
        string signal = p.Name.Split('[', 2)[0];
        bool isPort = signal.EndsWith("_i", StringComparison.Ordinal) || signal.EndsWith("_o", StringComparison.Ordinal);
        return p.Instance.Length == 0 ? signal != Clock : !isPort;
    }

    // Generate blocks may lie before the instance: gen_store.u_store.
    private static string UnitOf(CoveragePoint p) =>
        p.Instance.Split('.').FirstOrDefault(part => part.StartsWith("u_", StringComparison.Ordinal))?[2..] ?? Core;
}
