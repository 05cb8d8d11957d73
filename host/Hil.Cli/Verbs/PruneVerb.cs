using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

internal static class PruneVerb
{
    private const double DefaultPercent = 20;

    public static Command Create(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        Option<double?> blocks = Blocks("Share of the blocks of each feed-forward matrix to set to zero.");
        blocks.DefaultValueFactory = _ => DefaultPercent;
        Option<string> machine = CommonOptions.Machine();
        Option<string?> output = CommonOptions.Out("The pruned model; default: the model's name with .pruned.onnx.");
        Option<bool> json = CommonOptions.Json();
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        var command = new Command("prune", AllVerbs.Describe(
            "Set the blocks of a model's feed-forward matrices that matter least to zero; a block is a tile of the machine's array.",
            "prune model.onnx --blocks 20% --machine icebreaker --out pruned.onnx"))
        {
            model, blocks, machine, bind, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(model)!;
            var inputs = RunInputs.Of(name, null, null, parsed.GetValue(machine)!)
                .Where(i => i.Key is JobSpec.Model or JobSpec.Program or JobSpec.Machine).ToDictionary();
            var options = JobOptions.Default with { PruneBlocks = parsed.GetValue(blocks)!.Value / 100, Bind = parsed.GetValue(bind) };
            FinishedJob job = await new JobSession(terminal)
                .RunAsync(LocalJob.Of(JobKind.Prune, inputs, options), cancel);
            string path = parsed.GetValue(output) ?? Path.GetFileNameWithoutExtension(name) + ".pruned.onnx";
            job.Export(ArtefactNames.PrunedModel, path);
            JsonObject result = job.Result;
            if (parsed.GetValue(json))
            {
                result["file"] = path;
                Outputs.Write(terminal, result);
                return 0;
            }

            foreach (JsonNode? m in result["matrices"]!.AsArray())
            {
                terminal.Out.WriteLine(
                    $"{(string)m!["layer"]!}: {(int)m["zeroBlocks"]!} of {(int)m["blocks"]!} blocks are zero");
            }

            terminal.Out.WriteLine($"written {path}");
            return 0;
        });
        return command;
    }

    public static Option<double?> Blocks(string description)
    {
        var blocks = new Option<double?>("--blocks")
        {
            Description = description,
            HelpName = "percent",
            CustomParser = Percent.Parse,
        };
        blocks.Must(b => b is null or < 100, "--blocks must be less than 100%.");
        return blocks;
    }
}
