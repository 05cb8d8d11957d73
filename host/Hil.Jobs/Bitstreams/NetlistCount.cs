using System.Text.Json;
using Hil.Contract;

namespace Hil.Jobs.Bitstreams;

/// <summary>What each block takes, by kind, of a flat netlist as Yosys and nextpnr write it in JSON.</summary>
/// <param name="Name">The block's instance; <see cref="Wiring"/> for what belongs to none.</param>
/// <param name="Is">What it is, for people.</param>
/// <param name="StandIn">Whether it has only the size of what it stands for.</param>
/// <param name="Taken">By kind, in the order of <see cref="ChipResources.Of"/>.</param>
public sealed record BlockCount(string Name, string Is, bool StandIn, IReadOnlyList<double> Taken)
{
    public const string Wiring = "wiring";
}

/// <summary>Counts a netlist by block.</summary>
public static class NetlistCount
{
    /// <exception cref="HilException">A block is missing from the netlist: it was optimised away, or is misnamed.</exception>
    public static IReadOnlyList<BlockCount> Of(Board board, string netlistFile)
    {
        ArgumentNullException.ThrowIfNull(board);
        int kinds = ChipResources.Of(board.Family).Count;
        var counts = board.Blocks.ToDictionary(b => b.Instance, _ => new double[kinds]);
        var wiring = new double[kinds];
        using JsonDocument netlist = JsonDocument.Parse(File.ReadAllBytes(netlistFile));
        JsonElement top = netlist.RootElement.GetProperty("modules").EnumerateObject()
            .Select(m => m.Value).MaxBy(m => m.GetProperty("cells").EnumerateObject().Count());
        foreach (JsonProperty cell in top.GetProperty("cells").EnumerateObject())
        {
            if (ChipResources.Taken(board.Family, cell.Value.GetProperty("type").GetString()!) is not (int kind, double takes)) continue;
            // Cells without a name of their own have the path in Yosys' spelling: $flatten\u_a.\u_b.$abc$1.
            string path = cell.Name.Replace("$flatten", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            string? block = board.Blocks.Select(b => b.Instance)
                .Where(i => path.StartsWith(i + ".", StringComparison.Ordinal)).MaxBy(i => i.Length);
            (block is null ? wiring : counts[block])[kind] += takes;
        }

        if (board.Blocks.FirstOrDefault(b => counts[b.Instance].All(n => n == 0)) is { } lost)
        {
            throw new HilException(
                ExitKind.Unsupported, $"Nothing is left of {lost.Instance} ({lost.Is}) in the netlist.", board.Name,
                "Connect its outputs to pins or registers, and check the names in the board file.");
        }

        return
        [
            .. board.Blocks.Select(b => new BlockCount(b.Instance, b.Is, b.StandIn, counts[b.Instance])),
            new BlockCount(BlockCount.Wiring, "between them", false, wiring),
        ];
    }
}
