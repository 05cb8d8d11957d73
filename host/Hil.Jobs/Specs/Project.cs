using Hil.Contract;
using Hil.Contract.Machines;

namespace Hil.Jobs.Specs;

/// <summary>
/// What a folder's model is run with, as a person keeps it beside the model: <c>hil.json</c>. Paths are relative to that file, with slashes
/// on every system; a model may be a bundled one, a machine one that `hil machines` lists. What is null takes the default of `hil run`.
/// </summary>
/// <param name="Model">ONNX file, program (.hilp), or a bundled model.</param>
public sealed record Project(string Schema, string Model)
{
    public const string CurrentSchema = "hil.project/1";

    /// <summary>The machine of a job that names none.</summary>
    public const string DefaultMachine = "icebreaker";

    /// <summary>Samples to run (.npz, or one as .npy).</summary>
    public string? Data { get; init; }

    /// <summary>Samples to set the ranges by.</summary>
    public string? Calib { get; init; }

    /// <summary>A name or a machine file.</summary>
    public string? Machine { get; init; }

    /// <summary>As `hil devices` lists it.</summary>
    public string? Device { get; init; }

    /// <summary>Only so many samples, from the first.</summary>
    public int? Samples { get; init; }

    /// <summary>Share of feed-forward blocks to prune, 0 to 1.</summary>
    public double? PruneBlocks { get; init; }

    /// <summary>Lengths of the model's symbolic dimensions, by name.</summary>
    public IReadOnlyDictionary<string, long>? Bind { get; init; }

    /// <summary>A model to compare with.</summary>
    public string? Baseline { get; init; }

    /// <summary>The model that a program was compiled from.</summary>
    public string? Reference { get; init; }

    /// <summary>The metric to judge by.</summary>
    public string? Metric { get; init; }

    /// <summary>A metric of one's own, see docs/command-line.md; not for a service.</summary>
    public string? MetricCommand { get; init; }

    /// <summary>Time that the metric command has.</summary>
    public int? MetricTimeoutSeconds { get; init; }

    /// <summary>Limits that `hil ci` and `hil run` hold the result against.</summary>
    public ProjectGates? Gates { get; init; }

    /// <summary>A project of one model and nothing else.</summary>
    public static Project Of(string model) => new(CurrentSchema, model);

    /// <summary>The files it names, by the role they have in a job; bundled models and machines are none.</summary>
    public IReadOnlyDictionary<string, string> Files() => new (string Role, string? Path)[]
        {
            (IsProgram ? JobSpec.Program : JobSpec.Model, IsBundledModel(Model) ? null : Model),
            (JobSpec.Data, Data),
            (JobSpec.Calibration, Calib),
            (JobSpec.Machine, IsBundledMachine(Machine) ? null : Machine),
            (JobSpec.Baseline, IsBundledModel(Baseline) ? null : Baseline),
            (JobSpec.Reference, IsBundledModel(Reference) ? null : Reference),
        }
        .Where(f => f.Path is not null).ToDictionary(f => f.Role, f => f.Path!);

    private bool IsProgram => Model.EndsWith(RunInputs.ProgramExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The job of files on this machine.</summary>
    /// <param name="folder">That the paths are relative to.</param>
    /// <exception cref="HilException">A file is missing, or an option is out of its range.</exception>
    public LocalJob ToJob(string folder) => LocalJob.Of(
        JobKind.Run,
        RunInputs.Of(
            IsBundledModel(Model) ? Model : In(folder, Model)!,
            In(folder, Data),
            In(folder, Calib),
            IsBundledMachine(Machine) ? Machine ?? DefaultMachine : In(folder, Machine)!,
            IsBundledModel(Baseline) ? Baseline : In(folder, Baseline),
            IsBundledModel(Reference) ? Reference : In(folder, Reference)),
        ToOptions());

    /// <summary>What the job does with its inputs.</summary>
    public JobOptions ToOptions() => JobOptions.Default with
    {
        Device = Device ?? JobOptions.Emulator,
        Samples = Samples,
        Bind = Bind,
        PruneBlocks = PruneBlocks ?? 0,
        MaxCycleErrorPercent = Gates?.MaxCycleErrorPercent,
        MaxQualityLoss = Gates?.MaxQualityLoss,
        MinAgreement = Gates?.MinAgreement,
        MinSqnrDb = Gates?.MinSqnrDb,
        MaxCycles = Gates?.MaxCycles,
        MaxMilliseconds = Gates?.MaxMilliseconds,
        MaxEnergyMicrojoules = Gates?.MaxEnergyMicrojoules,
        Metric = Metric,
        MetricCommand = MetricCommand,
        MetricTimeoutSeconds = MetricTimeoutSeconds ?? JobOptions.DefaultMetricTimeoutSeconds,
    };

    public static bool IsBundledModel(string? model) => model is not null && BundledModel.Find(model) is not null;

    /// <summary>Also of no machine, which is the default one; one without a file's ending is meant to be a name.</summary>
    public static bool IsBundledMachine(string? machine) => machine is null || MachineFile.BundledNames.Contains(machine)
        || (!machine.Contains('/') && !machine.Contains('\\') && Path.GetExtension(machine).Length == 0);

    private static string? In(string folder, string? path) =>
        path is null ? null : Path.GetFullPath(Path.Combine(folder, path.Replace('\\', '/')));
}

/// <summary>The limits of a project, with the names and units that <see cref="JobOptions"/> has.</summary>
public sealed record ProjectGates
{
    public double? MaxCycleErrorPercent { get; init; }

    public double? MaxQualityLoss { get; init; }

    public double? MinAgreement { get; init; }

    public double? MinSqnrDb { get; init; }

    public double? MaxCycles { get; init; }

    public double? MaxMilliseconds { get; init; }

    public double? MaxEnergyMicrojoules { get; init; }
}
