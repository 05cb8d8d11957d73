using Hil.Contract;

namespace Hil.Cli.Tests.Strangers;

/// <summary>The three commands on trained models from several exporters, with their own data.</summary>
public sealed class ModelsOfOthers
{
    /// <summary>Folder of the data, model, evaluation and calibration data, machine and bound dimensions; HIL_TEST_FULL=1 adds further machines.</summary>
    public static TheoryData<string, string, string, string, string, string?> Models()
    {
        var models = new TheoryData<string, string, string, string, string, string?>
        {
            { "kwt1", "kwt1_opset13.onnx", "eval.npz", "calib.npz", "icebreaker", null },
            { "kwt1", "kwt1_opset17.onnx", "eval.npz", "calib.npz", "arty-a7-100t", null },
            { "fsdd-ctc", "fsdd_ctc_opset17.onnx", "eval.npz", "calib.npz", "arty-a7-100t", null },
            { "sst2-berttiny", "pubenc.onnx", "dev.npz", "calib.npz", "icebreaker", "N=1,S=64" },
            { "sst2-berttiny", "pubenc_encoder_static1x64_opset17.onnx", "encoder_eval.npz", "encoder_calib.npz", "icebreaker", null },
        };
        if (Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1")
        {
            models.Add("kwt1", "kwt1_opset17.onnx", "eval.npz", "calib.npz", "icebreaker", null);
            models.Add("fsdd-ctc", "fsdd_ctc_opset17.onnx", "eval.npz", "calib.npz", "icebreaker", null);
            models.Add("sst2-berttiny", "pubenc.onnx", "dev.npz", "calib.npz", "lab-32x32", "N=1,S=64");
            models.Add("sst2-berttiny", "pubenc_encoder_static1x64_opset17.onnx", "encoder_eval.npz", "encoder_calib.npz", "arty-a7-100t", null);
        }

        return models;
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task Run_and_keep_what_inspect_promised(string folder, string model, string data, string calib, string machine, string? bind) =>
        Assert.Equal(ExitKind.Done, await ThreeCommands.Try(Data(folder, model), Data(folder, data), Data(folder, calib), machine, bind));

    /// <summary>What other exporters made of vision transformers, with the few samples that came with them.</summary>
    [SkippableTheory]
    [InlineData("cct1-ort")]
    [InlineData("tinyvit-torch27")]
    public async Task Run_on_vision_transformers(string exporter)
    {
        string samples = Data("exporters", exporter, "inputs.npz");
        string model = Directory.GetFiles(Path.GetDirectoryName(samples)!, "*.onnx").Single();
        Assert.Equal(ExitKind.Done, await ThreeCommands.Try(model, samples, samples, "arty-a7-100t", null));
    }

    private static string Data(params string[] path)
    {
        string root = Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } set
            ? set : Path.Combine(RepositoryRoot.Find(), "..", "shared", "data");
        string file = Path.Combine([root, .. path]);
        Skip.IfNot(File.Exists(file), $"needs {file} (set HIL_DATA to the data folder)");
        return file;
    }
}
