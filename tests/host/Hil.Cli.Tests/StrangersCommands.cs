using System.Text.Json.Nodes;
using Hil.Contract;

namespace Hil.Cli.Tests;

/// <summary>What someone types first, on models from several exporters: the exit code is the answer, and each refusal says why.</summary>
public sealed class StrangersCommands
{
    private static string Data(string path)
    {
        string root = Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } set
            ? set : Path.Combine(RepositoryRoot.Find(), "..", "shared", "data");
        string file = Path.Combine(root, path);
        Skip.IfNot(File.Exists(file), $"needs {file} (set HIL_DATA to the data folder)");
        return file;
    }

    [SkippableTheory]
    [InlineData("kwt1/kwt1_opset13.onnx")]
    [InlineData("fsdd-ctc/fsdd_ctc_opset17.onnx")]
    public async Task A_model_that_runs_is_inspected_and_run_to_the_end(string model)
    {
        string path = Data(model);
        CommandRun inspect = await CommandRun.Of("inspect", path, "--json");
        Assert.Equal(0, inspect.Exit);
        Assert.True((bool)inspect.Json["fit"]!["fits"]!);
        string folder = Path.GetDirectoryName(path)!;
        CommandRun run = await CommandRun.Of("run", path, "--samples", "4", "--json",
            "--data", Path.Combine(folder, "eval.npz"), "--calib", Path.Combine(folder, "calib.npz"));
        Assert.Equal(0, run.Exit);

        // Cycles do not depend on ranges: what inspect promised without data is what the run took.
        double promised = (double)inspect.Json["cost"]!["cycles"]!;
        Assert.InRange(promised / (double)run.Json["cycles"]!["measured"]!, 0.98, 1.02);
    }

    [SkippableTheory]
    [InlineData("sst2-berttiny/pubenc.onnx")]
    [InlineData("sst2-berttiny/pubenc_encoder_static1x64_opset17.onnx")]
    [InlineData("exporters/cct1-ort/network.onnx")]
    [InlineData("exporters/tinyvit-torch27/network.onnx")]
    public async Task Any_other_model_is_inspected_and_every_refusal_has_its_reason_and_rewrite(string model)
    {
        CommandRun inspect = await CommandRun.Of("inspect", Data(model), "--json");
        JsonNode result = inspect.Json;
        bool runs = (bool)result["supported"]! && (bool?)result["fit"]!["fits"] is not false;
        Assert.Equal(runs ? ExitKind.Done : ExitKind.Unsupported, (ExitKind)inspect.Exit);
        Assert.Equal((bool)result["supported"]!, result["unsupported"]!.AsArray().Count == 0);
        Assert.All(result["unsupported"]!.AsArray(), u =>
        {
            Assert.NotEmpty((string)u!["reason"]!);
            Assert.NotEmpty((string)u["whatToDo"]!);
        });
        Assert.True((long)result["parameters"]! > 1000);
    }
}
