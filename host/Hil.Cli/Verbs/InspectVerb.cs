using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Inspecting;

namespace Hil.Cli.Verbs;

/// <summary>Whether a model runs, fits, and how long it takes; before there is any data for it.</summary>
internal static class InspectVerb
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = $"ONNX file, or a bundled model: {string.Join(", ", BundledModel.All.Select(m => m.Name))}." };
        Option<string> machine = CommonOptions.Machine();
        var layers = new Option<bool>("--layers") { Description = "Also every layer." };
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("inspect", AllVerbs.Describe(
            "Show what a model computes, whether it fits a machine and how long it will take, or everything in it that is not supported. Needs no data.",
            "inspect model.onnx --machine icebreaker"))
        {
            model, machine, bind, layers, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(model)!;
            Machine m = MachineFile.Load(parsed.GetValue(machine)!);
            Inspection inspection = ModelInspector.Inspect(BundledModel.Find(name)?.Present().Model ?? name, m, parsed.GetValue(bind));
            JsonObject result = JsonNode.Parse(InspectionJson.Of(inspection, m))!.AsObject();
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, result);
            }
            else
            {
                foreach (string line in Lines(result, parsed.GetValue(layers)))
                {
                    terminal.Out.WriteLine(line);
                }
            }

            return (int)((bool)result["supported"]! && (bool?)result["fit"]!["fits"] is not false ? ExitKind.Done : ExitKind.Unsupported);
        });
        return command;
    }

    private static IEnumerable<string> Lines(JsonObject r, bool everyLayer)
    {
        yield return $"{(string)r["model"]!}: opset {(long)r["opset"]!}{((string)r["producer"]! is { Length: > 0 } p ? $", by {p}" : "")}";
        yield return ResultText.Row("holds", $"{ResultText.Count((double)r["parameters"]!)} parameters in {ResultText.Count((double)r["parameterBytes"]!)} bytes; "
            + string.Join(", ", r["operators"]!.AsObject().Select(o => $"{o.Key} {(int)o.Value!}")));
        foreach (JsonNode? file in r["missingFiles"]!.AsArray())
        {
            yield return ResultText.Row("without", $"'{(string)file!}', which is not there: by shapes alone");
        }

        if (!(bool)r["supported"]!)
        {
            JsonArray unsupported = r["unsupported"]!.AsArray();
            yield return ResultText.Row("refused", $"{unsupported.Count} {(unsupported.Count == 1 ? "thing is" : "things are")} not supported:");
            foreach (JsonNode? u in unsupported)
            {
                yield return ResultText.Row("", $"{((int)u!["node"]! < 0 ? "model" : $"node {(int)u["node"]!}")} '{(string)u["name"]!}' "
                    + $"({(string)u["operator"]!}): {(string)u["reason"]!} {(string)u["whatToDo"]!}");
            }

            yield break;
        }

        JsonArray layers = r["layers"]!.AsArray();
        yield return ResultText.Row("device", $"{Shape(r["input"]!)} to {Shape(r["output"]!)}, "
            + string.Join(", ", layers.GroupBy(l => (string)l!["kind"]!).Select(g => $"{g.Key} {g.Count()}"))
            + $"; {ResultText.Count((double)r["macs"]!)} multiply-accumulates");
        if (r["hostOperators"]!.AsArray() is { Count: > 0 } host)
        {
            yield return ResultText.Row("host", "before the device: " + string.Join(
                ", ", host.GroupBy(n => (string)n!["operator"]!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}")));
        }

        JsonNode cost = r["cost"]!;
        JsonNode fit = r["fit"]!;
        yield return ResultText.Row("fit", (bool?)fit["fits"] switch
        {
            true => $"fits {(string)r["machine"]!}",
            false => $"does not fit {(string)r["machine"]!}: {(string)fit["what"]!} {(string)fit["whatToDo"]!}",
            null => $"no memory of {(string)r["machine"]!} is too small by the shapes; compiling it would tell",
        });
        string least = (bool?)fit["fits"] == true ? "" : "at least ";
        foreach (JsonNode? memory in fit["memories"]!.AsArray())
        {
            yield return ResultText.Row("", $"{(string)memory!["memory"]!}: {least}{ResultText.Count((double)memory["used"]!)} of "
                + $"{ResultText.Count((double)memory["available"]!)} {(string)memory["unit"]!}");
        }

        bool isPredicted = (string)cost["source"]! == "predicted";
        yield return ResultText.Row("time", $"{(isPredicted ? "" : "at least ")}{ResultText.Count((double)cost["cycles"]!)} cycles, {ResultText.Time((double)cost["milliseconds"]!)}, "
            + (isPredicted ? "predicted for the program compiled with neutral ranges" : "estimated from shapes"));
        foreach (JsonNode? l in cost["costliest"]!.AsArray())
        {
            yield return ResultText.Row("costly", $"{ResultText.Share((double)l!["share"]!)} {(string)l["name"]!} ({(string)l["kind"]!}, bound by {(string)l["bound"]!})");
        }

        foreach (JsonNode? l in everyLayer ? layers : [])
        {
            yield return ResultText.Row("layer", $"{(string)l!["kind"]!,-10} {Size(l),-14} {(string)l["name"]!}");
        }
    }

    private static string Shape(JsonNode tensor) => $"{(string)tensor["name"]!} [{(int)tensor["rows"]!}, {(int)tensor["columns"]!}]";

    private static string Size(JsonNode layer) => (string)layer["kind"]! switch
    {
        "product" => $"{(int)layer["k"]!} -> {(int)layer["n"]!}",
        "attention" => $"{(int)layer["heads"]!} x {(int)layer["headSize"]!}",
        _ => "",
    };
}
