using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

/// <summary>The verbs that take a model some of the way: quantize, compile, predict.</summary>
internal static class ModelVerbs
{
    public static Command Quantize(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        Option<string?> calib = RunVerb.Calibration();
        Option<string?> output = CommonOptions.Out("The quantized graph; default: the model's name with .quantized.json.");
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("quantize", AllVerbs.Describe(
            "Quantize a model to int8 and write the quantized graph.", "quantize model.onnx --calib calib.npz --out q.json"))
        {
            model, calib, bind, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(model)!;
            FinishedJob job = await RunAsync(
                terminal, JobKind.Quantize, name, parsed.GetValue(calib), CommonOptions.DefaultMachine, parsed.GetValue(bind), cancel);
            string path = parsed.GetValue(output) ?? Path.GetFileNameWithoutExtension(name) + ".quantized.json";
            job.Export(ArtefactNames.QuantizedGraph, path);
            return Conclude(terminal, job, parsed.GetValue(json), path,
                r => $"{(string)r["model"]!}: {(int)r["layers"]!} layers in int8");
        });
        return command;
    }

    public static Command Compile(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        Option<string?> calib = RunVerb.Calibration();
        Option<string> machine = CommonOptions.Machine();
        Option<string?> output = CommonOptions.Out("The program; default: the model's name with .hilp.");
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("compile", AllVerbs.Describe(
            "Compile a model to a program for one machine.",
            "compile model.onnx --calib calib.npz --machine icebreaker --out p.hilp"))
        {
            model, calib, machine, bind, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(model)!;
            FinishedJob job = await RunAsync(
                terminal, JobKind.Compile, name, parsed.GetValue(calib), parsed.GetValue(machine)!, parsed.GetValue(bind), cancel);
            string path = parsed.GetValue(output) ?? Path.GetFileNameWithoutExtension(name) + ".hilp";
            job.Export(ArtefactNames.Program, path);
            return Conclude(terminal, job, parsed.GetValue(json), path, Summary);
        });
        return command;
    }

    public static Command Predict(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        Option<string?> calib = RunVerb.Calibration();
        Option<string> machine = CommonOptions.Machine();
        Option<string?> output = CommonOptions.Out("The prediction, for `hil reconcile`; default: not written.");
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("predict", AllVerbs.Describe(
            "Predict cycles and energy of a model or program before it runs.",
            "predict p.hilp --machine icebreaker --out prediction.json"))
        {
            model, calib, machine, bind, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            FinishedJob job = await RunAsync(terminal, JobKind.Predict,
                parsed.GetValue(model)!, parsed.GetValue(calib), parsed.GetValue(machine)!, parsed.GetValue(bind), cancel);
            string? path = parsed.GetValue(output);
            if (path is not null)
            {
                job.Export(ArtefactNames.Prediction, path);
            }

            return Conclude(terminal, job, parsed.GetValue(json), path, Summary);
        });
        return command;
    }

    private static Task<FinishedJob> RunAsync(
        Terminal terminal, JobKind kind, string model, string? calib, string machine, IReadOnlyDictionary<string, long>? bind,
        CancellationToken cancel)
    {
        var inputs = RunInputs.Of(model, null, calib, machine)
            .Where(i => i.Key != JobSpec.Data).ToDictionary();
        return new JobSession(terminal).RunAsync(LocalJob.Of(kind, inputs, JobOptions.Default with { Bind = bind }), cancel);
    }

    public static int Conclude(
        Terminal terminal, FinishedJob job, bool json, string? path, Func<JsonObject, string> summary)
    {
        JsonObject result = job.Result;
        if (json)
        {
            result["file"] = path;
            Outputs.Write(terminal, result);
            return (int)job.Outcome.Exit;
        }

        terminal.Out.WriteLine(summary(result));
        foreach (JsonNode? fit in result["fit"]?.AsArray() ?? [])
        {
            double share = 100 * (double)fit!["used"]! / (double)fit["available"]!;
            terminal.Out.WriteLine(ResultText.Row("memory",
                $"{(string)fit["memory"]!}: {ResultText.Count((double)fit["used"]!)} of {ResultText.Count((double)fit["available"]!)} "
                + $"{(string)fit["unit"]!} ({ResultText.Number(share)} %)"));
        }

        foreach (JsonNode? warning in result["warnings"]?.AsArray() ?? [])
        {
            terminal.Error.WriteLine(
                $"hil: warning: {(string)warning!["where"]!}: {(string)warning["what"]!} {(string)warning["whatToDo"]!}");
        }

        if (path is not null)
        {
            terminal.Out.WriteLine(ResultText.Row("written", path));
        }

        return (int)job.Outcome.Exit;
    }

    private static string Summary(JsonObject r) =>
        $"{(string)r["program"]!} on {(string)r["machine"]!}: {ResultText.Count((double)r["cycles"]!["predicted"]!)} cycles predicted, "
        + $"{ResultText.Number((double)r["milliseconds"]!)} ms, {ResultText.Number((double)r["energyMicrojoules"]!["predicted"]!)} µJ predicted";
}
