using Hil.Contract;

namespace Hil.Cli.Tests.Strangers;

/// <summary>The three commands on trained models from several exporters, with their own data.</summary>
public sealed class ModelsOfOthers
{
    [SkippableTheory]
    [InlineData("kwt1", "kwt1_opset13.onnx", "eval.npz", "calib.npz", "icebreaker", null)]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "eval.npz", "calib.npz", "arty-a7-100t", null)]
    [InlineData("sst2-berttiny", "pubenc.onnx", "dev.npz", "calib.npz", "icebreaker", "N=1,S=64")]
    [InlineData("sst2-berttiny", "pubenc_encoder_static1x64_opset17.onnx", "encoder_eval.npz", "encoder_calib.npz", "icebreaker", null)]
    public Task Run_and_keep_what_inspect_promised(string folder, string model, string data, string calib, string machine, string? bind) =>
        Runs(folder, model, data, calib, machine, bind);

    [SkippableTheory]
    [InlineData("kwt1", "kwt1_opset17.onnx", "eval.npz", "calib.npz", "arty-a7-100t", null)]
    [InlineData("kwt1", "kwt1_opset17.onnx", "eval.npz", "calib.npz", "icebreaker", null)]
    [InlineData("fsdd-ctc", "fsdd_ctc_opset17.onnx", "eval.npz", "calib.npz", "icebreaker", null)]
    [InlineData("sst2-berttiny", "pubenc.onnx", "dev.npz", "calib.npz", "lab-32x32", "N=1,S=64")]
    [InlineData("sst2-berttiny", "pubenc_encoder_static1x64_opset17.onnx", "encoder_eval.npz", "encoder_calib.npz", "arty-a7-100t", null)]
    public Task Run_on_further_machines(string folder, string model, string data, string calib, string machine, string? bind)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1", "the long version (set HIL_TEST_FULL=1)");
        return Runs(folder, model, data, calib, machine, bind);
    }

    private static async Task Runs(string folder, string model, string data, string calib, string machine, string? bind) =>
        Assert.Equal(ExitKind.Done, await ThreeCommands.Try(Data(folder, model), Data(folder, data), Data(folder, calib), machine, bind));

    private static string Data(params string[] path)
    {
        string root = Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } set
            ? set : Path.Combine(RepositoryRoot.Find(), "..", "shared", "data");
        string file = Path.Combine([root, .. path]);
        Skip.IfNot(File.Exists(file), $"needs {file} (set HIL_DATA to the data folder)");
        return file;
    }
}
