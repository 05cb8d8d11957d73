using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hil.Contract;

namespace Hil.Jobs.Bitstreams;

/// <summary>Reads what nextpnr says: the log of packing, and the report of a placed and routed design.</summary>
internal static partial class PlacementReport
{
    /// <summary>Used and available of each kind, from the log of a run that packed.</summary>
    /// <exception cref="HilException">The log has no such table: packing failed.</exception>
    public static IReadOnlyList<Utilization> Packed(Board board, string log)
    {
        string[] keys = ["ICESTORM_LC", "ICESTORM_RAM", "ICESTORM_DSP", "ICESTORM_SPRAM"];
        var found = UtilizationLine().Matches(File.ReadAllText(log))
            .GroupBy(m => m.Groups["kind"].Value)
            .ToDictionary(g => g.Key, g => g.Last().Groups);
        if (!keys.All(found.ContainsKey))
        {
            throw new HilException(ExitKind.Device, $"nextpnr could not pack the design; see {log}.", board.Name, "Check board file and sources.");
        }

        return [.. ChipResources.Of(board.Family).Zip(keys, (r, k) => new Utilization(
            r.Name, int.Parse(found[k]["used"].Value, CultureInfo.InvariantCulture), int.Parse(found[k]["available"].Value, CultureInfo.InvariantCulture)))];
    }

    /// <summary>The slowest clock's frequency, MHz, and the path that limits it.</summary>
    public static (double Megahertz, SlowestPath? Slowest) Placed(string report)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report));
        double megahertz = json.RootElement.GetProperty("fmax").EnumerateObject().Min(c => c.Value.GetProperty("achieved").GetDouble());
        SlowestPath? slowest = json.RootElement.GetProperty("critical_paths").EnumerateArray()
            .Where(p => IsClocked(p, "from") && IsClocked(p, "to"))
            .Select(Path).MaxBy(p => p.Nanoseconds);
        return (Math.Round(megahertz, 2), slowest);
    }

    private static bool IsClocked(JsonElement path, string end) =>
        path.GetProperty(end).GetString()!.StartsWith("posedge ", StringComparison.Ordinal)
        || path.GetProperty(end).GetString()!.StartsWith("negedge ", StringComparison.Ordinal);

    private static SlowestPath Path(JsonElement path)
    {
        JsonElement[] steps = [.. path.GetProperty("path").EnumerateArray()];
        double total = steps.Sum(s => s.GetProperty("delay").GetDouble());
        double routing = steps.Where(s => s.GetProperty("type").GetString() == "routing").Sum(s => s.GetProperty("delay").GetDouble());
        string[] nets = [.. steps.Where(s => s.TryGetProperty("net", out _)).Select(s => Readable(s.GetProperty("net").GetString()!))
            .Where(n => n.Length > 0).Distinct()];
        return new SlowestPath(
            Cell(steps[0], "from"), Cell(steps[^1], "to"), Math.Round(total, 2), Math.Round(total - routing, 2), nets);
    }

    private static string Cell(JsonElement step, string end) => step.GetProperty(end).GetProperty("cell").GetString()!;

    /// <summary>The part of a net's name that comes from the source; empty where it has none.</summary>
    private static string Readable(string net)
    {
        int cut = net.IndexOf("_SB_", StringComparison.Ordinal);
        string name = cut < 0 ? net : net[..cut];
        return name.StartsWith('$') ? "" : name;
    }

    [GeneratedRegex(@"(?<kind>ICESTORM_\w+):\s*(?<used>\d+)/\s*(?<available>\d+)")]
    private static partial Regex UtilizationLine();
}
