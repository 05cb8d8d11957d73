using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs.Specs;

namespace Hil.Cli.Verbs;

/// <summary>Writes a project file, from what is in the folder.</summary>
internal static class InitVerb
{
    /// <summary>What docs/predict.md holds predictions of whole programs to.</summary>
    private const double MaxCycleErrorPercent = 2;

    /// <summary>Two points of the metric.</summary>
    private const double MaxQualityLoss = 0.02;

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string?>("model")
        {
            Description = RunVerb.ModelArgument().Description + " Default: the one ONNX file of this folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> data = RunVerb.Data();
        Option<string?> calib = RunVerb.Calibration();
        Option<string> machine = CommonOptions.Machine();
        Option<string> device = CommonOptions.Device();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        Option<string?> output = CommonOptions.Out($"The project; default: {ProjectFile.DefaultName}.");
        var force = new Option<bool>("--force") { Description = "Write over a project that is there." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("init", AllVerbs.Describe(
            "Write a project file: model, data, machine, device and gates, for `hil run`, `hil ci` and the service.",
            "init model.onnx --data eval.npz --calib calib.npz --machine icebreaker"))
        {
            model, data, calib, machine, device, bind, output, force, json,
        };
        command.SetAction(parsed =>
        {
            string path = Path.GetFullPath(parsed.GetValue(output) ?? ProjectFile.DefaultName);
            if (File.Exists(path) && !parsed.GetValue(force))
            {
                throw new HilException(ExitKind.Usage, "there is a project already.", path, "Edit it, or write over it with --force.");
            }

            string folder = Path.GetDirectoryName(path)!;
            string found = parsed.GetValue(model) ?? OnlyModel(Directory.GetCurrentDirectory());
            bool isBundled = Project.IsBundledModel(found);
            string? samples = parsed.GetValue(data) ?? (isBundled ? null : Beside(found, "eval.npz", "data.npz"));
            var project = new Project(Project.CurrentSchema, isBundled ? found : Relative(folder, found))
            {
                Data = samples is null ? null : Relative(folder, samples),
                Calib = (parsed.GetValue(calib) ?? (isBundled ? null : Beside(found, "calib.npz"))) is { } ranges ? Relative(folder, ranges) : null,
                Machine = Project.IsBundledMachine(parsed.GetValue(machine)) ? parsed.GetValue(machine) : Relative(folder, parsed.GetValue(machine)!),
                Device = parsed.GetValue(device),
                Bind = parsed.GetValue(bind),
                Gates = new ProjectGates
                {
                    MaxCycleErrorPercent = MaxCycleErrorPercent,
                    MaxQualityLoss = isBundled || samples is not null ? MaxQualityLoss : null,
                },
            };

            // All files are there, and the job is one that can be started.
            project.ToJob(folder);
            byte[] contents = ProjectFile.Write(project);
            AtomicFile.Write(path, contents);
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, new JsonObject
                {
                    ["schema"] = "hil.init/1",
                    ["file"] = path,
                    ["project"] = JsonNode.Parse(contents),
                });
            }
            else
            {
                terminal.Out.WriteLine($"written {path}");
                terminal.Out.Write(Encoding.UTF8.GetString(contents));
                terminal.Out.WriteLine(project.Calib is null && !isBundled && !found.EndsWith(RunInputs.ProgramExtension, StringComparison.OrdinalIgnoreCase)
                    ? "next: add \"calib\", samples to set the ranges by; then hil run"
                    : "next: hil run, or hil ci for the gates");
            }

            return 0;
        });
        return command;
    }

    private static string OnlyModel(string folder)
    {
        string[] models = Directory.GetFiles(folder, "*.onnx");
        return models is [var one] ? one : throw new HilException(ExitKind.Usage,
            models.Length == 0 ? "there is no ONNX file." : $"there are {models.Length} ONNX files.", folder,
            "Name the model: hil init model.onnx.");
    }

    private static string? Beside(string model, params string[] names) =>
        names.Select(n => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model))!, n)).FirstOrDefault(File.Exists);

    /// <summary>With slashes on every system, so that the file can be checked in.</summary>
    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace(Path.DirectorySeparatorChar, '/');
}
