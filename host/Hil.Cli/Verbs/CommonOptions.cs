using System.CommandLine;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Specs;

namespace Hil.Cli.Verbs;

/// <summary>Options that several verbs share, each spelled once.</summary>
internal static class CommonOptions
{
    public const string DefaultMachine = Project.DefaultMachine;

    public static Option<string> Machine() => new("--machine", "-m")
    {
        Description = $"Machine: {string.Join(", ", MachineFile.BundledNames)}, or a machine file.",
        HelpName = "name|file",
        DefaultValueFactory = _ => DefaultMachine,
    };

    public static Option<string> Device()
    {
        var device = new Option<string>("--device")
        {
            Description = "Device that runs it; see `hil devices`.",
            HelpName = "name",
            DefaultValueFactory = _ => JobOptions.Emulator,
        };
        device.Must(d => d is null || AvailableDevices.Has(d), d => $"there is no device '{d}'; there are {AvailableDevices.Names}.");
        return device;
    }

    public static Option<bool> Json() => new("--json") { Description = "Result as JSON on standard output." };

    public static Option<double?> MaxCycleError() => new("--max-cycle-error")
    {
        Description = "Gate: largest error of the predicted cycles, such as 1%; default: none.",
        HelpName = "percent",
        CustomParser = Percent.Parse,
    };

    public static Option<double?> MaxQualityLoss() => new("--max-quality-loss")
    {
        Description = "Gate: largest loss of accuracy or WER against float, such as 1%; default: none.",
        HelpName = "percent",
        CustomParser = Percent.Parse,
    };

    public static Option<int?> Samples()
    {
        var samples = new Option<int?>("--samples")
        {
            Description = "Only the first so many samples; default: all.",
            HelpName = "count",
        };
        samples.Must(s => s is null or >= 1, "--samples must be at least 1.");
        return samples;
    }

    public static Option<string?> ProjectFile() => new("--project")
    {
        Description = $"Project file; default: {Hil.Jobs.Specs.ProjectFile.DefaultName} of this folder.",
        HelpName = "file",
    };

    /// <summary>What the person typed; null where the option has its default.</summary>
    public static T? Typed<T>(this ParseResult parsed, Option<T> option)
        where T : class =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    public static Option<string?> Out(string description) => new("--out", "-o")
    {
        Description = description,
        HelpName = "file",
    };
}
