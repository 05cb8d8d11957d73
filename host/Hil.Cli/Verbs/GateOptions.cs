using System.CommandLine;
using System.Globalization;
using Hil.Jobs.Specs;

namespace Hil.Cli.Verbs;

/// <summary>The options that say what a run is judged by, and how good it must be.</summary>
internal sealed class GateOptions
{
    private readonly Option<string?> _metric = new("--metric")
    {
        Description = $"What to judge by: {JobOptions.MetricNames}; default: by the data, accuracy, wer, or agreement without labels.",
        HelpName = "name",
    };

    private readonly Option<string?> _command = new("--metric-command")
    {
        Description = "A metric of your own: a command that reads an .npz of outputs and writes scores; see docs/command-line.md.",
        HelpName = "command",
    };

    private readonly Option<double?> _cycleError = CommonOptions.MaxCycleError();
    private readonly Option<double?> _qualityLoss = CommonOptions.MaxQualityLoss();
    private readonly Option<double?> _agreement = new("--min-agreement")
    {
        Description = "Gate: least agreement with the float model, such as 99%; default: none.",
        HelpName = "percent",
        CustomParser = Percent.Parse,
    };

    private readonly Option<double?> _sqnr = Number("--min-sqnr", "Gate: least signal-to-noise ratio of the output; default: none.", "dB");
    private readonly Option<double?> _cycles = Number("--max-cycles", "Gate: most cycles of an inference; default: none.", "count");
    private readonly Option<double?> _milliseconds = Number("--max-ms", "Gate: longest inference at the machine's clock; default: none.", "ms");
    private readonly Option<double?> _energy = Number("--max-energy", "Gate: most energy of an inference; default: none.", "µJ");

    public IEnumerable<Option> All => [_metric, _command, _cycleError, _qualityLoss, _agreement, _sqnr, _cycles, _milliseconds, _energy];

    /// <summary>The project with what the person typed in place of what it says.</summary>
    public Project Over(Project project, ParseResult parsed)
    {
        ProjectGates gates = project.Gates ?? new ProjectGates();
        return project with
        {
            Metric = parsed.GetValue(_metric) ?? project.Metric,
            MetricCommand = parsed.GetValue(_command) ?? project.MetricCommand,
            Gates = new ProjectGates
            {
                MaxCycleErrorPercent = parsed.GetValue(_cycleError) ?? gates.MaxCycleErrorPercent,
                // As a share: the options are given in percent.
                MaxQualityLoss = parsed.GetValue(_qualityLoss) / 100 ?? gates.MaxQualityLoss,
                MinAgreement = parsed.GetValue(_agreement) / 100 ?? gates.MinAgreement,
                MinSqnrDb = parsed.GetValue(_sqnr) ?? gates.MinSqnrDb,
                MaxCycles = parsed.GetValue(_cycles) ?? gates.MaxCycles,
                MaxMilliseconds = parsed.GetValue(_milliseconds) ?? gates.MaxMilliseconds,
                MaxEnergyMicrojoules = parsed.GetValue(_energy) ?? gates.MaxEnergyMicrojoules,
            },
        };
    }

    private static Option<double?> Number(string name, string description, string unit) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            {
                return value;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no number.");
            return null;
        },
    };
}
