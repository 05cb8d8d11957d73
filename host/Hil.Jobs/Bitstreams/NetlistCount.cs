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
    /// <summary>Counts cells for the block that their name has, else for one that has a name for what they drive.</summary>
    /// <param name="board">The board.</param>
    /// <param name="netlistFile">The netlist to be counted.</param>
    /// <param name="mappedFile">The netlist before it was packed, which has every name of a net; null if nothing was.</param>
    /// <exception cref="HilException">A block is missing from the netlist: it was optimised away, or is misnamed.</exception>
    public static IReadOnlyList<BlockCount> Of(Board board, string netlistFile, string? mappedFile = null)
    {
        ArgumentNullException.ThrowIfNull(board);
        int kinds = ChipResources.Of(board.Family).Count;
        var counts = board.Blocks.ToDictionary(b => b.Instance, _ => new double[kinds]);
        var wiring = new double[kinds];
        using JsonDocument netlist = JsonDocument.Parse(File.ReadAllBytes(netlistFile));
        JsonElement top = Top(netlist);
        Dictionary<string, string> blockOfNet = mappedFile is null ? [] : BlocksOfNets(board, mappedFile);
        Dictionary<int, string> names = mappedFile is null ? [] : NetNames(top).GroupBy(n => n.Bit).ToDictionary(g => g.Key, g => g.First().Name);
        foreach (JsonProperty cell in top.GetProperty("cells").EnumerateObject())
        {
            if (ChipResources.Taken(board.Family, cell.Value.GetProperty("type").GetString()!) is not (int kind, double takes)) continue;
            // Cells without a name of their own have the path in Yosys' spelling: $flatten\u_a.\u_b.$abc$1.
            string path = cell.Name.Replace("$flatten", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            string? block = BlockOf(board, path) ?? Outputs(cell.Value).Where(names.ContainsKey).Select(b => blockOfNet.GetValueOrDefault(names[b]))
                .FirstOrDefault(b => b is not null);
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

    private static string? BlockOf(Board board, string path) =>
        board.Blocks.Select(b => b.Instance).Where(i => path.StartsWith(i + ".", StringComparison.Ordinal)).MaxBy(i => i.Length);

    private static JsonElement Top(JsonDocument netlist) => netlist.RootElement.GetProperty("modules").EnumerateObject()
        .Select(m => m.Value).MaxBy(m => m.GetProperty("cells").EnumerateObject().Count());

    /// <summary>For each name of a net, a block that has a name for the same net.</summary>
    private static Dictionary<string, string> BlocksOfNets(Board board, string mappedFile)
    {
        using JsonDocument mapped = JsonDocument.Parse(File.ReadAllBytes(mappedFile));
        (int Bit, string Name)[] nets = [.. NetNames(Top(mapped))];
        Dictionary<int, string> blocks = [];
        foreach ((int bit, string name) in nets)
        {
            if (BlockOf(board, name) is { } block) blocks[bit] = block;
        }

        return nets.Where(n => blocks.ContainsKey(n.Bit)).GroupBy(n => n.Name).ToDictionary(g => g.Key, g => blocks[g.First().Bit]);
    }

    /// <summary>The nets' bits with their names, numbered where a net has several.</summary>
    private static IEnumerable<(int Bit, string Name)> NetNames(JsonElement module) =>
        module.GetProperty("netnames").EnumerateObject().SelectMany(net =>
        {
            JsonElement[] bits = [.. net.Value.GetProperty("bits").EnumerateArray()];
            int first = net.Value.TryGetProperty("offset", out JsonElement offset) ? offset.GetInt32() : 0;
            return bits.Select((bit, i) => (bit, bits.Length == 1 ? net.Name : $"{net.Name}[{first + i}]"))
                .Where(b => b.bit.ValueKind == JsonValueKind.Number).Select(b => (b.bit.GetInt32(), b.Item2));
        });

    private static IEnumerable<int> Outputs(JsonElement cell) => cell.GetProperty("connections").EnumerateObject()
        .Where(p => cell.GetProperty("port_directions").GetProperty(p.Name).GetString() == "output")
        .SelectMany(p => p.Value.EnumerateArray()).Where(b => b.ValueKind == JsonValueKind.Number).Select(b => b.GetInt32());
}
