using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hil.Rtl.Tests.PlacedNetlist;

/// <summary>
/// A placed netlist of <c>hil_fit_top</c> as it is simulated: every cell is the placed one's but the pads with their registers and the PLL, which the bench
/// has models of, and those registers of the stand-in controller that its bus comes from, which the bench holds. Faults are planted beside it, each behind a multiplexer that chooses the placed cell without one.
/// </summary>
internal sealed class SimulatedNetlist
{
    public const string Top = "hil_fit_top";

    /// <summary>Input that selects a planted fault, from 1; none with 0.</summary>
    private const string FaultPort = "fault_i";

    /// <summary>A multiplexer in a LUT: I2 selects I1 instead of I0.</summary>
    private const string Multiplexer = "1100101011001010";

    /// <summary>The registers that the controller's bus comes from: state, both operands, kind of access.</summary>
    private static readonly string[] CutRegisters = ["state_q", "a_q", "b_q", "store_q", "load_q"];

    private const string Counters = "u_core.u_counters.gen_basic.u_basic";

    private static readonly (string Port, string Net)[] Seen =
    [
        // The byte that the bus reads is merged into the controller's LUTs; these are the registers and the memory that it is chosen from.
        ("see_control", "u_registers.control_q"), ("see_from_core", "u_registers.from_core_q"), ("see_high", "u_registers.high_q"),
        ("see_low", $"{Counters}.low_q"), ("see_shows_low", $"{Counters}.shows_low_q"), ("see_word", $"{Counters}.old"),
        ("see_core_start", "u_core.start_i"), ("see_running", "u_core.running_o"), ("see_executing", "u_core.executing"),
        ("pads_cs_n", "u_pads.cs_ni"), ("pads_sck_en", "u_pads.sck_en_q"), ("pads_io", "u_pads.io_i"),
        ("pads_io_oe", "u_pads.io_oe_i"),
    ];

    /// <summary>Nets that pads and PLL drive.</summary>
    private static readonly (string Port, string Net)[] Driven = [("clk_i", "clk"), ("lock_i", "u_clock.lock"), ("pads_io_in", "u_pads.io_o")];

    private readonly JsonNode _document;
    private readonly JsonObject _top;
    private readonly HashSet<int> _driven;
    private int _nextNet;

    public SimulatedNetlist(string netlistFile)
    {
        _document = JsonNode.Parse(File.ReadAllBytes(netlistFile))!;
        _top = _document["modules"]![Top]!.AsObject();
        _driven = [.. Cells.SelectMany(c => Outputs(c.Value!))];
        _nextNet = 1 + Cells.SelectMany(c => Connections(c.Value!)).SelectMany(p => p.Value!.AsArray()).Max(Number);
    }

    private static IEnumerable<int> Outputs(JsonNode cell) => Connections(cell)
        .Where(p => cell["port_directions"]![p.Key]!.GetValue<string>() == "output").SelectMany(p => p.Value!.AsArray()).Select(Number);

    /// <summary>Cells that were left out: registers of the controller, pads, PLL.</summary>
    public IReadOnlyList<string> Removed { get; private set; } = [];

    /// <summary>LUTs that got a faulty twin, by number from 1.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    private JsonObject Cells => _top["cells"]!.AsObject();

    /// <summary>Opens it for the bench, and plants faults in so many LUTs of the core, chosen by their names: the opposite of what it should say.</summary>
    public void Open(int faults)
    {
        HashSet<int> cut = [.. CutRegisters.SelectMany(r => Bits($"u_controller.{r}"))];
        Removed =
        [
            .. Cells.Where(c => Type(c.Value!) is "SB_IO" or "$_TBUF_" or "SB_PLL40_PAD"
                || (Type(c.Value!).StartsWith("SB_DFF", StringComparison.Ordinal) && cut.Contains(Number(Connections(c.Value!)["Q"]![0])))).Select(c => c.Key),
        ];
        foreach (string register in CutRegisters) AddPort($"cut_{register}", "input", $"u_controller.{register}");
        foreach ((string port, string net) in Seen) AddPort(port, "output", net);
        foreach ((string port, string net) in Driven) AddPort(port, "input", net);
        foreach (string cell in Removed) Cells.Remove(cell);
        // The flash's pins and the oscillator's are behind what was left out; those of I2C are read alone, now that nothing drives them here.
        JsonObject ports = _top["ports"]!.AsObject();
        foreach (string pin in (string[])["clk_12m_i", "flash_cs_no", "flash_sck_o", "flash_io"]) ports.Remove(pin);
        foreach (string pin in (string[])["scl_io", "sda_io"]) ports[pin]!["direction"] = "input";
        Plant(faults);
    }

    public void Write(string file)
    {
        // Library cells are read from their own file.
        var modules = new JsonObject { [Top] = _top.DeepClone() };
        File.WriteAllText(file, new JsonObject { ["creator"] = "hil", ["modules"] = modules }.ToJsonString());
    }

    private void Plant(int faults)
    {
        int width = Math.Max(1, 32 - int.LeadingZeroCount(faults));
        int[] select = [.. Enumerable.Range(0, width).Select(_ => _nextNet++)];
        _top["ports"]![FaultPort] = new JsonObject { ["direction"] = "input", ["bits"] = Array(select) };
        string[] chosen =
        [
            .. Cells.Where(c => c.Key.StartsWith("u_core.", StringComparison.Ordinal) && Type(c.Value!) == "SB_LUT4")
                .Select(c => c.Key).OrderBy(Key, StringComparer.Ordinal).Take(faults),
        ];
        for (int n = 0; n < chosen.Length; n++) PlantOne(chosen[n], n + 1, select);
        Faults = chosen;
    }

    private void PlantOne(string name, int number, int[] select)
    {
        JsonNode cell = Cells[name]!;
        int output = Number(Connections(cell)["O"]![0]), placed = _nextNet++, faulty = _nextNet++;
        JsonNode twin = cell.DeepClone();
        JsonObject parameters = twin["parameters"]!.AsObject();
        parameters["LUT_INIT"] = string.Concat(parameters["LUT_INIT"]!.GetValue<string>().Select(bit => bit == '0' ? '1' : '0'));
        Connections(twin)["O"] = Array(faulty);
        Connections(cell)["O"] = Array(placed);
        Cells[$"{name}_faulty"] = twin;
        int chosen = Selected(name, number, select);
        Cells[$"{name}_choice"] = Lut(Multiplexer, placed, faulty, chosen, null, output);
    }

    private int Selected(string name, int number, int[] select)
    {
        int soFar = -1;
        for (int b = 0; b < select.Length; b++)
        {
            bool one = (number >> b & 1) == 1;
            int next = _nextNet++;
            // I0 equals the bit, and so did those before (I1).
            string init = soFar < 0 ? (one ? "1010101010101010" : "0101010101010101") : one ? "1000100010001000" : "0100010001000100";
            Cells[$"{name}_bit{b}"] = Lut(init, select[b], soFar < 0 ? null : soFar, null, null, next);
            soFar = next;
        }

        return soFar;
    }

    private static JsonObject Lut(string init, int? i0, int? i1, int? i2, int? i3, int output)
    {
        var connections = new JsonObject();
        int?[] inputs = [i0, i1, i2, i3];
        for (int i = 0; i < inputs.Length; i++) connections[$"I{i}"] = inputs[i] is { } net ? Array(net) : new JsonArray("0");
        connections["O"] = Array(output);
        var directions = new JsonObject { ["I0"] = "input", ["I1"] = "input", ["I2"] = "input", ["I3"] = "input", ["O"] = "output" };
        return new JsonObject
        {
            ["type"] = "SB_LUT4",
            ["parameters"] = new JsonObject { ["LUT_INIT"] = init },
            ["attributes"] = new JsonObject(),
            ["port_directions"] = directions,
            ["connections"] = connections,
        };
    }

    private void AddPort(string port, string direction, string net)
    {
        if (direction == "output" && Bits(net).FirstOrDefault(bit => bit >= 0 && !_driven.Contains(bit), -1) is >= 0)
            throw new InvalidOperationException($"Nothing drives {net} in the netlist: it was merged into other cells.");
        _top["ports"]![port] = new JsonObject { ["direction"] = direction, ["bits"] = _top["netnames"]![net]!["bits"]!.DeepClone() };
    }

    private IEnumerable<int> Bits(string net) => _top["netnames"]![net]!["bits"]!.AsArray().Select(Number);

    private static JsonObject Connections(JsonNode cell) => cell["connections"]!.AsObject();

    private static string Type(JsonNode cell) => cell["type"]!.GetValue<string>();

    private static int Number(JsonNode? bit) => bit!.GetValueKind() == JsonValueKind.Number ? bit.GetValue<int>() : -1;

    private static JsonArray Array(params int[] nets) => [.. nets.Select(n => (JsonNode)n)];

    private static string Key(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
