using System.Globalization;

namespace Hil.Devices;

/// <summary>One counted point of the RTL: a line or branch that was executed, or a bit that changed.</summary>
/// <param name="Kind"><c>line</c>, <c>branch</c> or <c>toggle</c>.</param>
/// <param name="Module">The module that it stands in.</param>
/// <param name="File">The name of the source file.</param>
/// <param name="Comment">What Verilator says of it: the branch, or the bit.</param>
/// <param name="Instance">The place in the hierarchy below the core; empty for the core itself.</param>
public sealed record CoveragePoint(string Kind, string Module, string File, int Line, string Comment, string Instance, long Count);

/// <summary>Reads what <see cref="RtlSimulation.Coverage"/> wrote.</summary>
public static class RtlCoverage
{
    private const string Core = "hil_core";
    private const string CoreName = "core";

    /// <exception cref="InvalidDataException">It is no coverage file of Verilator.</exception>
    public static IReadOnlyList<CoveragePoint> Read(string path)
    {
        var points = new List<CoveragePoint>();
        foreach (string line in File.ReadLines(path))
        {
            if (!line.StartsWith("C '", StringComparison.Ordinal)) continue;
            int end = line.LastIndexOf('\'');
            var keys = line[3..end].Split('\u0001', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('\u0002')).ToDictionary(pair => pair[0], pair => pair[1]);
            if (!keys.TryGetValue("page", out string? page) || page.Split('/') is not [string kind, string module])
                throw new InvalidDataException($"{path}: no coverage of Verilator: {line}");
            points.Add(new CoveragePoint(
                kind.Replace("v_", "", StringComparison.Ordinal), Plain(module), Path.GetFileName(keys["f"]),
                int.Parse(keys["l"], CultureInfo.InvariantCulture), keys["o"], InstanceOf(keys["h"]),
                long.Parse(line.AsSpan(end + 1), CultureInfo.InvariantCulture)));
        }

        return points;
    }

    /// <summary>Changes of nets by instance of the core; clocks excluded, and what memories hold. A net that crosses ports counts on each side.</summary>
    public static IReadOnlyList<UnitActivity> Activity(IEnumerable<CoveragePoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return
        [
            .. points.Where(p => p.Kind == "toggle" && p.Comment != "clk_i")
                .GroupBy(p => UnitOf(p.Instance))
                .Select(g => new UnitActivity(g.Key, g.Count(), g.Sum(p => p.Count)))
                .OrderBy(u => u.Unit, StringComparer.Ordinal),
        ];
    }

    // "gen_store.u_store.u_x" belongs to u_store.
    private static string UnitOf(string instance) =>
        instance.Split('.').FirstOrDefault(part => part.StartsWith("u_", StringComparison.Ordinal)) ?? CoreName;

    // Verilator numbers the variants of a module with other parameters.
    private static string Plain(string module) => module.Split("__", 2)[0];

    private static string InstanceOf(string hierarchy)
    {
        int at = hierarchy.IndexOf(Core, StringComparison.Ordinal);
        return at < 0 ? hierarchy : hierarchy[(at + Core.Length)..].TrimStart('.');
    }
}
