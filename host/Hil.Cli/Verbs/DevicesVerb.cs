using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Jobs;

namespace Hil.Cli.Verbs;

internal static class DevicesVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("devices", AllVerbs.Describe(
            "List the devices that can run programs here, and what is missing for the others.", "devices"))
        {
            json,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<AvailableDevice> entries = AvailableDevices.List();
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, new JsonObject
                {
                    ["schema"] = "hil.devices/1",
                    ["devices"] = new JsonArray([.. entries.Select(e => new JsonObject
                    {
                        ["name"] = e.Name,
                        ["description"] = e.Description,
                        ["available"] = e.Missing is null,
                        ["missing"] = e.Missing,
                    })]),
                });
                return;
            }

            foreach (AvailableDevice e in entries)
            {
                terminal.Out.WriteLine($"{e.Name,-14} {e.Description}{(e.Missing is null ? "" : $" (missing: {e.Missing})")}");
            }
        });
        return command;
    }
}
