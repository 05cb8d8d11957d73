using System.CommandLine;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

internal static class ExportVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = RunVerb.ModelArgument();
        Option<string?> calib = RunVerb.Calibration();
        var opset = new Option<int?>("--opset")
        {
            Description = "Operator set: 21, or 17 for runtimes without int16 in QuantizeLinear; default: 21.",
            HelpName = "version",
        };
        opset.Must(
            o => o is null or ExportPipeline.PortableOpset or ExportPipeline.Opset,
            $"--opset must be {ExportPipeline.Opset} or {ExportPipeline.PortableOpset}.");
        Option<IReadOnlyDictionary<string, long>?> bind = BindOption.Create();
        Option<string?> output = CommonOptions.Out("The quantized model; default: the model's name with .qdq.onnx.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("export", AllVerbs.Describe(
            "Quantize a model to int8 and write it as standard ONNX (QDQ), which other runtimes run.",
            "export model.onnx --calib calib.npz --out model.qdq.onnx"))
        {
            model, calib, opset, bind, output, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            string name = parsed.GetValue(model)!;
            var inputs = RunInputs.Of(name, null, parsed.GetValue(calib), CommonOptions.DefaultMachine)
                .Where(i => i.Key != JobSpec.Data).ToDictionary();
            var options = JobOptions.Default with { Opset = parsed.GetValue(opset), Bind = parsed.GetValue(bind) };
            FinishedJob job = await new JobSession(terminal).RunAsync(LocalJob.Of(JobKind.Export, inputs, options), cancel);
            string path = parsed.GetValue(output) ?? Path.GetFileNameWithoutExtension(name) + ".qdq.onnx";
            job.Export(ArtefactNames.ExportedModel, path);
            return ModelVerbs.Conclude(terminal, job, parsed.GetValue(json), path,
                r => $"{(string)r["model"]!}: {(int)r["layers"]!} layers as ONNX QDQ, opset {(int)r["opset"]!}");
        });
        return command;
    }
}
