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
        var model = new Argument<string?>("model")
        {
            Description = ModelArgument().Description + $" Without one, the project of this folder ({ProjectFile.DefaultName}) is run.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> project = CommonOptions.ProjectFile();
        Option<string?> data = Data();
        var input = new Option<string?>("--input")
        {
            Description = "One input to run, or several stacked (.npy); instead of --data.",
            HelpName = "file",
        };
        Option<string?> calib = Calibration();
        Option<string> machine = CommonOptions.Machine();
        Option<string> device = CommonOptions.Device();
        Option<int?> samples = CommonOptions.Samples();
        var gates = new GateOptions();
        var probe = new ProbeOptions();
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
        var outcomes = new Option<string?>("--outcomes")
        {
            Description = "Write what each sample came to (.npz), for `hil compare` elsewhere; default: it stays in the store.",
            HelpName = "file",
        };
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("run", AllVerbs.Describe(
            "Run a model on a device and reconcile what was measured with what was predicted: import, quantize, compile, predict, run, report.",
            "run spoken-digits --samples 20",
            "run --project hil.json --device emulator",
            "run model.onnx --data eval.npz --calib calib.npz --machine icebreaker --report out.html",
            "run p.hilp --data eval.npz --machine icebreaker"))
        {
            model, project, data, input, calib, machine, device, samples, bind, prune, baseline, reference, report, prediction, measurement, outcomes, json,
        };
        foreach (Option gate in gates.All)
        {
            command.Options.Add(gate);
        }

        probe.Add(command);
        command.Validators.Add(r =>
        {
            if (r.GetResult(data) is not null && r.GetResult(input) is not null)
            {
                r.AddError("--data and --input are the same thing: give one of them.");
            }

            if (r.GetValue(model) is not null && r.GetResult(project) is not null)
            {
                r.AddError("a model and --project were given: give one of them.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            string file = parsed.GetValue(project) ?? ProjectFile.DefaultName;
            bool isProject = parsed.GetValue(model) is null;
            Project chosen = gates.Over(isProject ? ProjectFile.Load(file) : Project.Of(parsed.GetValue(model)!), parsed);
            // What is typed is relative to the working folder, what the file says to the file.
            chosen = chosen with
            {
                Data = Here(parsed.GetValue(data) ?? parsed.GetValue(input)) ?? chosen.Data,
                Calib = Here(parsed.GetValue(calib)) ?? chosen.Calib,
                Machine = HereUnless(Project.IsBundledMachine, parsed.Typed(machine)) ?? chosen.Machine,
                Device = parsed.Typed(device) ?? chosen.Device,
                Samples = parsed.GetValue(samples) ?? chosen.Samples,
                PruneBlocks = parsed.GetValue(prune) / 100 ?? chosen.PruneBlocks,
                Baseline = HereUnless(Project.IsBundledModel, parsed.GetValue(baseline)) ?? chosen.Baseline,
                Reference = HereUnless(Project.IsBundledModel, parsed.GetValue(reference)) ?? chosen.Reference,
            };
            string folder = isProject ? Path.GetDirectoryName(Path.GetFullPath(file))! : Directory.GetCurrentDirectory();
            LocalJob job = (chosen with { Bind = parsed.GetValue(bind) ?? chosen.Bind }).ToJob(folder);
            job = job.With(job.Spec.Options with { Probe = probe.Of(parsed) });
            FinishedJob finished = await new JobSession(terminal).RunAsync(job, cancel, probe.Files(parsed));
            foreach ((Option<string?> option, string artefact) in new[]
            {
                (prediction, ArtefactNames.Prediction), (measurement, ArtefactNames.Measurement), (outcomes, ArtefactNames.Outcomes),
            })
            {
                if (parsed.GetValue(option) is { } path)
                {
                    finished.Export(artefact, path);
                }
            }

            return Outputs.Conclude(
                terminal, finished, MachineFile.Parse(job.Read(job.Spec.Inputs[JobSpec.Machine]), "machine"),
                parsed.GetValue(json), parsed.GetValue(report));
        });
        return command;
    }

    public static Option<string?> Data() => new("--data")
    {
        Description = "Samples to run (.npz, or .npy); default: those of a bundled model, else one sample of zeros, for the cycles.",
        HelpName = "file",
    };

    private static string? Here(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string? HereUnless(Predicate<string> isName, string? value) => value is null || isName(value) ? value : Here(value);

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
