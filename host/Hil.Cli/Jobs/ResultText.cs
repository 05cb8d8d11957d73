using System.Globalization;
using System.Text.Json.Nodes;
using Hil.Contract.Machines;

namespace Hil.Cli.Jobs;

/// <summary>A result of the stable JSON as a few lines for a person.</summary>
internal static class ResultText
{
    /// <summary>Metrics that the line of the chosen one names as well.</summary>
    private static readonly string[] Inline = ["agreement", "sqnr"];

    public static IEnumerable<string> Lines(JsonObject result, Machine machine)
    {
        string word = Word((string)result["provenance"]!);
        double measured = (double)result["cycles"]!["measured"]!;
        yield return $"{(string)result["program"]!} on {machine.Name}, device {(string)result["device"]!}";
        yield return Row("cycles",
            $"{Count((double)result["cycles"]!["predicted"]!)} predicted, {Count(measured)} {word}, "
            + $"error {Signed((double)result["cycles"]!["errorPercent"]!)} %");
        yield return Row("time", $"{Number(measured * 1000 / machine.ClockHz)} ms at {Number(machine.ClockHz / 1e6)} MHz");
        if ((double?)result["utilization"] is { } utilization)
        {
            yield return Row("array", $"{Number(utilization * 100)} % of {machine.Rows} x {machine.Columns} used, "
                + $"{Count((double)result["macs"]!)} multiply-accumulates");
        }

        if (result["window"] is JsonObject window)
        {
            yield return Row("window",
                $"array busy {Number((double)window["arrayBusyShare"]! * 100)} % of {Count((double)window["cycles"]!)} cycles "
                + "from first streamed row to last requantized byte");
        }

        if (result["lockstep"] is JsonObject lockstep)
        {
            yield return Row("lockstep", $"{Count((double)lockstep["instructions"]!)} instructions, each with the emulator's cycles and bytes");
        }

        if (result["quality"] is JsonObject quality)
        {
            yield return Row("quality", Quality(quality));
            if (OtherMetrics(quality) is { } others)
            {
                yield return Row("", others);
            }
        }

        JsonNode energy = result["energyMicrojoules"]!;
        yield return Row("energy", (double?)energy["measured"] is { } joules
            ? $"{Number((double)energy["predicted"]!)} µJ predicted, {Number(joules)} µJ {word}"
            : $"{Number((double)energy["predicted"]!)} µJ predicted (no sensor)");
        if (WorstLayer(result) is { } worst)
        {
            yield return Row("off most", worst);
        }

        if (result["baseline"] is JsonObject baseline)
        {
            double before = (double)baseline["cycles"]!["measured"]!;
            yield return Row("gain", $"{Number(100 * (1 - (measured / before)))} % fewer cycles than {(string)baseline["program"]!} "
                + $"({Count(before)} {word}); predicted {Number(100 * (1 - ((double)result["cycles"]!["predicted"]! / (double)baseline["cycles"]!["predicted"]!)))} %");
            yield return Row("", baseline["quality"] is JsonObject q ? Quality(q) : "");
        }

        foreach (JsonNode? gate in result["gates"]!.AsArray())
        {
            yield return Row("gate", $"{(string)gate!["gate"]!} {Number((double?)gate["value"] ?? double.NaN)} "
                + $"of at {((bool?)gate["atLeast"] is true ? "least" : "most")} {Number((double)gate["limit"]!)}: {((bool)gate["passed"]! ? "held" : "FAILED")}");
        }
    }

    /// <summary>The layer with the largest difference in cycles, and its cause; null where none differs.</summary>
    public static string? WorstLayer(JsonObject result)
    {
        JsonNode? layer = result["layers"]!.AsArray()
            .MaxBy(l => Math.Abs((double)l!["measured"]! - (double)l["predicted"]!));
        return layer is null || Math.Abs((double)layer["measured"]! - (double)layer["predicted"]!) < 0.5
            ? null
            : $"layer {(string)layer["name"]!}: {Count((double)layer["predicted"]!)} predicted, "
                + $"{Count((double)layer["measured"]!)} {Word((string)result["provenance"]!)}, cause: {(string)layer["largestCause"]!}";
    }

    public static string Quality(JsonObject quality)
    {
        string text = (string)quality["metric"]!;
        string? unit = (string?)quality["unit"];
        text += (double?)quality["float"] is { } f ? $" {Figure(f, unit)} float," : "";
        text += (double?)quality["device"] is { } device ? $" {Figure(device, unit)} device" : "";
        text += quality["deviceInterval"] is JsonArray i ? $" ({Figure((double)i[0]!, unit)} to {Figure((double)i[1]!, unit)})" : "";
        text += (int?)quality["words"] is { } words ? $", {words} words" : $", {(int)quality["samples"]!} samples";
        text += (double?)quality["agreement"] is { } agreement ? $", agreement {Share(agreement)}" : "";
        return text + ((double?)quality["sqnrDb"] is { } sqnr ? $", SQNR {Number(sqnr)} dB" : "");
    }

    /// <summary>A metric in its unit: a share as percent, anything else with four digits that count.</summary>
    public static string Figure(double value, string? unit) => unit switch
    {
        null or "share" => Share(value),
        "score" => value.ToString("G4", CultureInfo.InvariantCulture),
        _ => $"{value.ToString("G4", CultureInfo.InvariantCulture)} {unit}",
    };

    /// <summary>Every metric but the chosen one, in one line; null where there is no other.</summary>
    public static string? OtherMetrics(JsonObject quality)
    {
        string[] others =
        [
            .. (quality["metrics"]?.AsArray() ?? []).Where(m => (string)m!["name"]! != (string)quality["metric"]! && !Inline.Contains((string)m["name"]!))
                .Select(m => $"{(string)m!["name"]!} {Figure((double)m["device"]!, (string)m["unit"]!)}"),
        ];
        return others.Length == 0 ? null : string.Join(", ", others);
    }

    /// <summary>A share of one as percent.</summary>
    public static string Share(double value) => $"{Number(100 * value)} %";

    /// <summary>Where a number comes from, as one word before it.</summary>
    public static string Word(string provenance) => provenance switch
    {
        "emulated" => "emulated",
        "rtl" => "in RTL simulation",
        "virtualBoard" => "on the virtual board",
        _ => "measured",
    };

    /// <summary>A whole number with thin groups of three.</summary>
    public static string Count(double value) =>
        Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => Count(value),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>Milliseconds, as seconds from ten of them on.</summary>
    public static string Time(double milliseconds) => milliseconds < 10_000 ? $"{Number(milliseconds)} ms" : $"{Number(milliseconds / 1000)} s";

    public static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    public static string Row(string name, string text) => $"  {name,-9} {text}";
}
