using System.Globalization;
using System.Text.Json;
using Hil.Jobs.Bitstreams;
using Hil.Rtl.Tests.PlacedNetlist;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// The sketch of the UP5K, as <c>hil build icebreaker</c> builds it: every block and every unit is in the netlist, it fits and makes its clock, and the
/// decision record has the figures that come out.
/// </summary>
[Collection(PlacedSketch.Collection)]
public sealed class TheFitSketchIsAsRecorded(PlacedSketch sketch, ITestOutputHelper output)
{
    private const string Record = "docs/decisions/0017-icebreaker-machine.md";

    private static readonly string[] Units =
        ["fetch", "dispatch", "units", "control", "port", "load", "weights", "compute", "vector", "scratchpad", "counters"];

    [SkippableFact]
    public async Task It_fits_and_makes_its_clock()
    {
        (BuildResult result, byte[]? bitstream) = await sketch.BuildAsync();

        // Other versions count and place otherwise.
        Skip.IfNot(result.Tools["yosys"].Contains("Yosys 0.23", StringComparison.Ordinal), $"Not the version of the record: {result.Tools["yosys"]}.");
        Skip.IfNot(
            result.Tools["nextpnr-ice40"].Contains("(Version 0.4", StringComparison.Ordinal), $"Not the version of the record: {result.Tools["nextpnr-ice40"]}.");

        string[] drivers = [.. Drivers(Path.Combine(sketch.Folder, "packed.json"))];
        Assert.All(Units, unit => Assert.Contains(drivers, d => d.StartsWith($"u_core.u_{unit}.", StringComparison.Ordinal)));

        string record = File.ReadAllText(Path.Combine(Repository.Root, Record));
        Assert.All(Table(result), line => Assert.Contains(line, record, StringComparison.Ordinal));
        Assert.True(result.Seeds.Count(s => s.Megahertz >= result.FloorMegahertz) >= Math.Min(result.Seeds.Count, 3), "The clock is 26.4 MHz on three seeds at least.");
        Assert.NotNull(bitstream);
    }

    private string[] Table(BuildResult result)
    {
        string[] lines =
        [
            .. result.Blocks.Select(b => $"| {(b.StandIn ? "stand-in: " : "")}{b.Is} | {string.Join(" | ", b.Taken.Select(n => n == 0 ? "" : Number(n)))} |"),
            $"| together | {string.Join(" | ", result.Resources.Select(r => $"{Number(r.Used)} of {r.Available}"))} |",
            .. result.Seeds.Select(s => $"| seed {s.Seed} | {(s.Megahertz is { } mhz ? $"{Number(mhz)} MHz" : "not placed")} | | | |"),
        ];
        foreach (string line in lines) output.WriteLine(line);
        return lines;
    }

    /// <summary>The names of the nets that a cell of the netlist drives.</summary>
    private static IEnumerable<string> Drivers(string file)
    {
        using JsonDocument netlist = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement top = netlist.RootElement.GetProperty("modules").EnumerateObject().Single().Value;
        HashSet<int> driven =
        [
            .. top.GetProperty("cells").EnumerateObject().SelectMany(c =>
                c.Value.GetProperty("connections").EnumerateObject()
                    .Where(p => c.Value.GetProperty("port_directions").GetProperty(p.Name).GetString() == "output")
                    .SelectMany(p => Bits(p.Value))),
        ];
        return [.. top.GetProperty("netnames").EnumerateObject().Where(n => Bits(n.Value.GetProperty("bits")).Any(driven.Contains)).Select(n => n.Name)];

        // A constant is a text.
        static IEnumerable<int> Bits(JsonElement bits) => bits.EnumerateArray().Where(b => b.ValueKind == JsonValueKind.Number).Select(b => b.GetInt32());
    }

    private static string Number(double n) => n.ToString(CultureInfo.InvariantCulture);
}
