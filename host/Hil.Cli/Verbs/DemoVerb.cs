using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

/// <summary>The first thing that a stranger sees: the bundled model, dense and pruned, through the whole loop.</summary>
internal static class DemoVerb
{
    /// <summary>Enough for a confidence interval of a few points, few enough for a few seconds.</summary>
    private const int DefaultSamples = 32;

    private const string ReportName = "hil-demo.html";

    public static Command Create(Terminal terminal)
    {
        Option<string> machine = CommonOptions.Machine();
        Option<int?> samples = CommonOptions.Samples();
        samples.DefaultValueFactory = _ => DefaultSamples;
        samples.Description = "Utterances to transcribe, of 320.";
        Option<string?> report = Outputs.Report();
        report.Description = $"Where to write the report; default: {ReportName} in the folder .hil of the clone, else here.";
        Option<bool> json = CommonOptions.Json();
        var command = new Command("demo", AllVerbs.Describe(
            "Transcribe spoken digits of unseen voices on an emulated small FPGA: compile, predict, run, reconcile.",
            "demo", "demo --samples 320"))
        {
            machine, samples, report, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            terminal.Progress("compiling the bundled model, dense and pruned, and running it; a few seconds ...");
            string machineName = parsed.GetValue(machine)!;
            BundledModel bundled = BundledModel.SpokenDigits.Present();
            LocalJob job = LocalJob.Of(
                JobKind.Run,
                RunInputs.Of(bundled.PrunedModel, bundled.Data, bundled.Calibration, machineName, bundled.Model),
                JobOptions.Default with { Samples = parsed.GetValue(samples) });
            FinishedJob finished = await new JobSession(terminal).RunAsync(job, cancel);
            string path = Path.GetFullPath(parsed.GetValue(report) ?? UserFolders.File(ReportName));
            finished.Export(ArtefactNames.Report, path);
            if (parsed.GetValue(json))
            {
                JsonObject result = finished.Result;
                result["report"] = path;
                Outputs.Write(terminal, result);
            }
            else
            {
                foreach (string line in Lines(finished.Result, MachineFile.Load(machineName), path))
                {
                    terminal.Out.WriteLine(line);
                }
            }

            return (int)finished.Outcome.Exit;
        });
        return command;
    }

    private static IEnumerable<string> Lines(JsonObject pruned, Machine machine, string report)
    {
        JsonObject dense = pruned["baseline"]!.AsObject();
        yield return $"Spoken digits on an emulated {machine.Name} "
            + $"({machine.Rows} x {machine.Columns} array at {ResultText.Number(machine.ClockHz / 1e6)} MHz)";
        yield return ResultText.Row("import",
            $"{dense["layers"]!.AsArray().Count} layers, {ResultText.Count((double)dense["macs"]!)} multiply-accumulates an utterance of 2.9 s");
        foreach (JsonNode? memory in pruned["memories"]!.AsArray())
        {
            yield return ResultText.Row("fit",
                $"{(string)memory!["memory"]!}: {ResultText.Count((double)memory["used"]!)} of "
                + $"{ResultText.Count((double)memory["available"]!)} {(string)memory["unit"]!} "
                + $"({ResultText.Share((double)memory["used"]! / (double)memory["available"]!)})");
        }

        JsonObject quality = dense["quality"]!.AsObject();
        yield return ResultText.Row("WER",
            $"{ResultText.Share((double)quality["float"]!)} float, {ResultText.Share((double)quality["device"]!)} int8{Interval(quality)}, "
            + $"{ResultText.Share((double)pruned["quality"]!["device"]!)} int8 pruned{Interval(pruned["quality"]!.AsObject())}, "
            + $"{(int)quality["words"]!} words");
        yield return Cycles("dense", dense, machine);
        yield return Cycles("pruned", pruned, machine);
        yield return ResultText.Row("gain",
            $"{ResultText.Share(1 - ((double)pruned["cycles"]!["measured"]! / (double)dense["cycles"]!["measured"]!))} fewer cycles "
            + $"where half of the weight blocks are zero ({ResultText.Share(1 - ((double)pruned["cycles"]!["predicted"]! / (double)dense["cycles"]!["predicted"]!))} predicted)");
        yield return ResultText.Row("off most", ResultText.WorstLayer(pruned) ?? "no layer: predicted and emulated are equal");
        yield return ResultText.Row("energy",
            $"{ResultText.Count((double)dense["energyMicrojoules"]!["predicted"]!)} µJ dense, "
            + $"{ResultText.Count((double)pruned["energyMicrojoules"]!["predicted"]!)} µJ pruned an utterance (predicted; no sensor)");
        yield return ResultText.Row("report", report);
        yield return ResultText.Row("next", $"{UserFolders.Command} run spoken-digits --machine arty-a7-100t --report out.html");
    }

    private static string Cycles(string name, JsonObject result, Machine machine)
    {
        double measured = (double)result["cycles"]!["measured"]!;
        return ResultText.Row("cycles",
            $"{name}: {ResultText.Count((double)result["cycles"]!["predicted"]!)} predicted, {ResultText.Count(measured)} emulated "
            + $"({ResultText.Signed((double)result["cycles"]!["errorPercent"]!)} %), {ResultText.Number(measured * 1000 / machine.ClockHz)} ms");
    }

    private static string Interval(JsonObject quality) => quality["deviceInterval"] is JsonArray i
        ? $" ({ResultText.Number(100 * (double)i[0]!)} to {ResultText.Number(100 * (double)i[1]!)})"
        : "";
}
