using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;

namespace Hil.Cli.Ci;

/// <summary>One line of the gate table: a figure of the run, and its limit where the project has one.</summary>
/// <param name="Value">Not a number where the run has no such figure.</param>
/// <param name="Limit">Null: the figure is shown, and not judged.</param>
/// <param name="Passed">Null without a limit.</param>
/// <param name="Format">A figure as text with its unit.</param>
internal sealed record GateRow(string Name, double? Value, double? Limit, bool AtLeast, bool? Passed, Func<double, string> Format)
{
    public string ValueText => Value is { } v && double.IsFinite(v) ? Format(v) : "none";

    public string LimitText => Limit is { } l ? $"at {(AtLeast ? "least" : "most")} {Format(l)}" : "";

    public string State => Passed switch { null => "not gated", true => "held", false => "FAILED" };

    /// <summary>The figures of a run in the order of the table, each with its gate.</summary>
    public static IReadOnlyList<GateRow> Of(JsonObject result, Machine machine)
    {
        var quality = result["quality"] as JsonObject;
        string? unit = (string?)quality?["unit"];
        string word = ResultText.Word((string)result["provenance"]!);
        double cycles = (double)result["cycles"]!["measured"]!;
        var energy = result["energyMicrojoules"]!;
        var rows = new List<GateRow>
        {
            Row("maxCycleErrorPercent", "cycle error", Math.Abs((double)result["cycles"]!["errorPercent"]!), v => $"{ResultText.Number(v)} %"),
            Row("maxQualityLoss", $"{(string?)quality?["metric"] ?? "quality"} loss against float", Loss(quality), v => ResultText.Figure(v, unit)),
            Row("minAgreement", "agreement with float", (double?)quality?["agreement"], ResultText.Share),
            Row("minSqnrDb", "output SQNR", (double?)quality?["sqnrDb"], v => $"{ResultText.Number(v)} dB"),
            Row("maxCycles", $"cycles, {word}", cycles, ResultText.Count),
            Row("maxMilliseconds", $"milliseconds, {word}", cycles * 1000 / machine.ClockHz, ResultText.Number),
            Row("maxEnergyMicrojoules", (double?)energy["measured"] is null ? "energy, predicted" : $"energy, {word}",
                (double?)energy["measured"] ?? (double)energy["predicted"]!, v => $"{ResultText.Number(v)} µJ"),
        };

        // What does not fit is no program at all; so these hold wherever there is a result.
        rows.AddRange((result["memories"]?.AsArray() ?? []).Select(m => new GateRow(
            $"memory {(string)m!["memory"]!}", (double)m["used"]!, (double)m["available"]!, false,
            (double)m["used"]! <= (double)m["available"]!, v => $"{ResultText.Count(v)} {(string)m["unit"]!}")));
        return rows;

        GateRow Row(string gate, string name, double? value, Func<double, string> format)
        {
            JsonNode? judged = result["gates"]!.AsArray().FirstOrDefault(g => (string)g!["gate"]! == gate);
            return judged is null
                ? new GateRow(name, value, null, false, null, format)
                : new GateRow(name, (double?)judged["value"], (double)judged["limit"]!, (bool?)judged["atLeast"] is true, (bool)judged["passed"]!, format);
        }
    }

    public JsonObject ToJson() => new()
    {
        ["name"] = Name, ["value"] = Value is { } v && double.IsFinite(v) ? v : null, ["limit"] = Limit, ["atLeast"] = AtLeast, ["passed"] = Passed,
        ["text"] = ValueText,
    };

    /// <summary>How much worse than float; as the gate counts it.</summary>
    private static double? Loss(JsonObject? quality)
    {
        JsonNode? chosen = quality?["metrics"]?.AsArray().FirstOrDefault(m => (string)m!["name"]! == (string)quality["metric"]!);
        double? difference = (double?)chosen?["float"] - (double?)chosen?["device"];
        return (bool?)chosen?["higherIsBetter"] is false ? -difference : difference;
    }
}
