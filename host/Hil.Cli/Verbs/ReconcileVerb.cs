using Hil.Contract;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;
using Hil.Jobs;
using Hil.Jobs.Artefacts;

namespace Hil.Cli.Verbs;

internal static class ReconcileVerb
{
    public static Command Create(Terminal terminal)
    {
        var prediction = new Argument<string>("prediction") { Description = "As `hil predict --out` wrote it." };
        var measurement = new Argument<string>("measurement") { Description = "As `hil run --measurement` wrote it." };
        Option<string> machine = CommonOptions.Machine();
        Option<double?> gate = CommonOptions.MaxCycleError();
        Option<string?> report = Outputs.Report();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("reconcile", AllVerbs.Describe(
            "Join a prediction with a measurement, and say where they differ and why.",
            "reconcile prediction.json measurement.json --max-cycle-error 1%"))
        {
            prediction, measurement, machine, gate, report, json,
        };
        command.SetAction(parsed =>
        {
            Machine m = MachineFile.Load(parsed.GetValue(machine)!);
            ReconciledFiles joined = Reconciling.Files(
                parsed.GetValue(prediction)!, parsed.GetValue(measurement)!, m, parsed.GetValue(gate));
            string? path = parsed.GetValue(report);
            if (path is not null)
            {
                AtomicFile.Write(path, joined.Html);
            }

            if (parsed.GetValue(json))
            {
                terminal.Out.Write(Encoding.UTF8.GetString(joined.Json));
            }
            else
            {
                foreach (string line in ResultText.Lines(JsonNode.Parse(joined.Json)!.AsObject(), m))
                {
                    terminal.Out.WriteLine(line);
                }
            }

            return (int)joined.Exit;
        });
        return command;
    }
}
