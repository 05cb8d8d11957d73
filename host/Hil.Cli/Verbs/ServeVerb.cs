using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Jobs.Steps;
using Hil.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hil.Cli.Verbs;

internal static class ServeVerb
{
    public static Command Create(Terminal terminal)
    {
        var port = new Option<int>("--port")
        {
            Description = "Port on this machine's loopback interface; 0 takes a free one.",
            DefaultValueFactory = _ => ServiceOptions.DefaultPort,
        };
        port.Must(p => p is >= 0 and <= 65535, "--port must be 0 to 65535.");
        var data = new Option<string>("--data")
        {
            Description = "Folder of queue, artefacts and logs.",
            HelpName = "folder",
            DefaultValueFactory = _ => UserFolders.Service,
        };
        var workers = new Option<int>("--workers")
        {
            Description = "Jobs at a time.",
            DefaultValueFactory = _ => 1,
        };
        workers.Must(w => w is >= 1 and <= 64, "--workers must be 1 to 64.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("serve", AllVerbs.Describe(
            "Run jobs as a service: a durable queue, an API and a page, for this machine only. Ctrl-C stops it.",
            "serve --port 5170"))
        {
            port, data, workers, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            ServiceOptions options = ServiceOptions.In(parsed.GetValue(data)!) with
            {
                Port = parsed.GetValue(port),
                Workers = parsed.GetValue(workers),
            };
            await using WebApplication app =
                HilService.Build(options, Pipelines.Runner);
            await app.StartAsync(cancel);
            string address = app.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.First();
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, new JsonObject { ["schema"] = "hil.serve/1", ["address"] = address });
            }
            else
            {
                terminal.Out.WriteLine(address);
            }

            await app.WaitForShutdownAsync(cancel);
            return 0;
        });
        return command;
    }
}
