using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs.Specs;

namespace Hil.Cli.Verbs;

internal static class DiffVerb
{
    /// <summary>Values do not depend on the machine: the one that most models fit.</summary>
    private const string DefaultMachine = "lab-32x32";

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        var data = new Option<string?>("--data")
        {
            Description = "Samples to compare on; default: the first of the calibration.",
            HelpName = "file",
        };
        Option<string?> calib = RunVerb.Calibration();
        Option<string> machine = CommonOptions.Machine();
        machine.DefaultValueFactory = _ => DefaultMachine;
        Option<string> device = CommonOptions.Device();
        Option<int?> samples = CommonOptions.Samples();
        samples.Description = "Only the first so many samples; default: 4.";
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("diff", AllVerbs.Describe(
            "Compare a model layer by layer with the float model and with its own QDQ export, and name the first tensor that is worse than it may be.",
            "diff model.onnx --data eval.npz --calib calib.npz"))
        {
            model, data, calib, machine, device, samples, bind, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var inputs = RunInputs.Of(parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(calib), parsed.GetValue(machine)!);
            JobOptions options = JobOptions.Default with { Device = parsed.GetValue(device)!, Samples = parsed.GetValue(samples), Bind = parsed.GetValue(bind) };
            FinishedJob job = await new JobSession(terminal).RunAsync(LocalJob.Of(JobKind.Diff, inputs, options), cancel);
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, job.Result);
            }
            else
            {
                Print(terminal, job.Result);
            }

            return (int)job.Outcome.Exit;
        });
        return command;
    }

    private static void Print(Terminal terminal, JsonObject result)
    {
        foreach (JsonNode? warning in result["warnings"]!.AsArray())
        {
            terminal.Error.WriteLine($"hil: warning: {(string)warning!["where"]!}: {(string)warning["what"]!} {(string)warning["whatToDo"]!}");
        }

        terminal.Out.WriteLine($"{(string)result["model"]!} on {(string)result["device"]!}, {(int)result["samples"]!} samples");
        terminal.Out.WriteLine("   SQNR  budget  steps from QDQ  tensor");
        foreach (JsonNode? tensor in result["tensors"]!.AsArray())
        {
            string steps = tensor!["largestSteps"] is { } largest ? $"{(int)largest} of {(int)tensor["boundSteps"]!}"
                : (bool)tensor["seen"]! ? "-" : "by QDQ";
            string mark = (bool)tensor["withinBudget"]! ? "" : "   BEYOND";
            terminal.Out.WriteLine($"{Decibels(tensor["sqnrDb"])}  {Decibels(tensor["budgetDb"])}  {steps,14}  {(string)tensor["tensor"]!}{mark}");
        }

        if (result["tensors"]!.AsArray().Any(t => !(bool)t!["seen"]!))
        {
            terminal.Out.WriteLine("by QDQ: never whole in the device's memory; computed from the tensors before it, so that a fault of the device shows in the next one");
        }

        if (result["tensors"]!.AsArray().Any(t => (bool)t!["seen"]! && t["largestSteps"] is null))
        {
            terminal.Out.WriteLine("-: what its layer reads is never whole in the device's memory, so that the QDQ form cannot be given the device's own inputs");
        }

        if (result["firstBeyond"] is { } first)
        {
            terminal.Out.WriteLine($"first beyond its budget: {(string)first["tensor"]!} of {(string)first["layer"]!}, matched from");
            foreach (JsonNode? node in first["nodes"]!.AsArray())
            {
                terminal.Out.WriteLine($"  {(string)node!}");
            }
        }
        else
        {
            terminal.Out.WriteLine("every tensor is within its budget");
        }
    }

    private static string Decibels(JsonNode? value) => ((double?)value)?.ToString("F1", CultureInfo.InvariantCulture).PadLeft(6) ?? "     -";
}
