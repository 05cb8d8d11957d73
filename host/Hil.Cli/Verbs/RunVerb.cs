using System.CommandLine;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

internal static class RunVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArgument();
        var data = new Option<string?>("--data")
        {
            Description = "Samples to run (.npz); default: those of a bundled model, else one sample of zeros, for the cycles.",
            HelpName = "file",
        };
        Option<string?> calib = Calibration();
        Option<string> machine = CommonOptions.Machine();
        Option<string> device = CommonOptions.Device();
        Option<int?> samples = CommonOptions.Samples();
        Option<double?> cycleGate = CommonOptions.MaxCycleError();
        Option<double?> qualityGate = CommonOptions.MaxQualityLoss();
        Option<string?> report = Outputs.Report();
        Option<double?> prune = PruneVerb.Blocks("Prune so many blocks of the feed-forward layers first, such as 20%; default: none.");
        var baseline = new Option<string?>("--baseline")
        {
            Description = "A model to compare with, such as the dense one of a pruned model; default: none, with --blocks the model itself.",
            HelpName = "model",
        };
        var reference = new Option<string?>("--reference")
        {
            Description = "The model that a program (.hilp) was compiled from, for the float reference; default: recorded logits of the data.",
            HelpName = "model",
        };
        var measurement = new Option<string?>("--measurement")
        {
            Description = "Write the measurement, for `hil reconcile`; default: it stays in the store.",
            HelpName = "file",
        };
        var prediction = new Option<string?>("--prediction")
        {
            Description = "Write the prediction; default: it stays in the store.",
            HelpName = "file",
        };
        Option<bool> json = CommonOptions.Json();
        samples.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1)
            {
                r.AddError("--samples must be at least 1.");
            }
        });
        var command = new Command("run", AllVerbs.Describe(
            "Run a model on a device and reconcile what was measured with what was predicted: import, quantize, compile, predict, run, report.",
            "run spoken-digits --samples 20",
            "run model.onnx --data eval.npz --calib calib.npz --machine icebreaker --report out.html",
            "run p.hilp --data eval.npz --machine icebreaker"))
        {
            model, data, calib, machine, device, samples, cycleGate, qualityGate, prune, baseline, reference, report, prediction, measurement, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string machineName = parsed.GetValue(machine)!;
            var options = JobOptions.Default with
            {
                Device = parsed.GetValue(device)!,
                Samples = parsed.GetValue(samples),
                PruneBlocks = (parsed.GetValue(prune) ?? 0) / 100,
                MaxCycleErrorPercent = parsed.GetValue(cycleGate),
                // As a share: the gate is given in percent.
                MaxQualityLoss = parsed.GetValue(qualityGate) / 100,
            };
            LocalJob job = LocalJob.Of(JobKind.Run, RunInputs.Of(
                parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(calib), machineName,
                parsed.GetValue(baseline), parsed.GetValue(reference)), options);
            FinishedJob finished = await new JobSession(terminal).RunAsync(job, cancel);
            foreach ((Option<string?> option, string artefact) in new[]
            {
                (prediction, ArtefactNames.Prediction), (measurement, ArtefactNames.Measurement),
            })
            {
                if (parsed.GetValue(option) is { } path)
                {
                    finished.Export(artefact, path);
                }
            }

            return Outputs.Conclude(
                terminal, finished, MachineFile.Load(machineName),
                parsed.GetValue(json), parsed.GetValue(report));
        });
        return command;
    }

    public static Argument<string> ModelArgument() => new("model")
    {
        Description = $"ONNX file, compiled program (.hilp), or a bundled model: {string.Join(", ", BundledModel.All.Select(m => m.Name))}.",
    };

    public static Option<string?> Calibration() => new("--calib")
    {
        Description = "Samples to set the ranges by (.npz), others than those to run; default: those of a bundled model.",
        HelpName = "file",
    };
}
