using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Contract.Machines;

namespace Hil.Cli.Verbs;

internal static class MachinesVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A machine's name or file, to print it whole; default: list all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("machines", AllVerbs.Describe(
            "List the machines, or print one as a machine file to start from.",
            "machines", "machines icebreaker > mine.json"))
        {
            name, json,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } one)
            {
                terminal.Out.Write(Encoding.UTF8.GetString(MachineFile.Write(MachineFile.Load(one))).TrimEnd() + "\n");
                return;
            }

            Machine[] machines = [.. MachineFile.BundledNames.Select(MachineFile.Bundled)];
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, new JsonObject
                {
                    ["schema"] = "hil.machines/1",
                    ["machines"] = new JsonArray([.. machines.Select(Summary)]),
                });
                return;
            }

            foreach (Machine m in machines)
            {
                terminal.Out.WriteLine(
                    $"{m.Name,-14} {m.Rows,3} x {m.Columns,-3} {ResultText.Number(m.ClockHz / 1e6),5} MHz "
                    + $"{m.Scratchpad.Bytes / 1024,5} KB scratchpad  {m.Description}");
            }
        });
        return command;
    }

    private static JsonObject Summary(Machine m) => new()
    {
        ["name"] = m.Name,
        ["description"] = m.Description,
        ["hash"] = MachineFile.Hash(m),
        ["rows"] = m.Rows,
        ["columns"] = m.Columns,
        ["clockHz"] = m.ClockHz,
        ["scratchpadBytes"] = m.Scratchpad.Bytes,
        ["simulationOnly"] = m.SimulationOnly,
    };
}
