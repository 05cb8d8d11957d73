using Hil.Contract;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;

namespace Hil.Cli.Tests;

/// <summary>A model whose external data were left behind: what shapes say is said, and what needs values names the file.</summary>
public sealed class ModelsAreInspectedWithoutTheirWeights : IDisposable
{
    private const int Rows = 4;
    private const int Width = 32;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_says_which_file_is_missing_and_estimates_from_shapes()
    {
        Write("model.onnx.data", isThere: false);

        CommandRun text = await CommandRun.Of("inspect", _folder["model.onnx"], "--machine", "arty-a7-100t");
        CommandRun json = await CommandRun.Of("inspect", _folder["model.onnx"], "--machine", "arty-a7-100t", "--json");

        Assert.True(text.Exit == 0, text.Error);
        Assert.Contains("'model.onnx.data'", text.Out, StringComparison.Ordinal);
        Assert.Equal("model.onnx.data", (string)Assert.Single(json.Json["missingFiles"]!.AsArray())!);
        Assert.Equal(Width * Width, (long)json.Json["parameters"]!);
        Assert.Equal(Rows * Width * Width, (long)json.Json["macs"]!);
        Assert.Equal("estimated", (string)json.Json["cost"]!["source"]!);
    }

    [Fact]
    public async Task With_its_weights_nothing_is_missing_and_the_time_is_predicted()
    {
        Write("weights/model.bin", isThere: true);

        CommandRun json = await CommandRun.Of("inspect", _folder["model.onnx"], "--machine", "arty-a7-100t", "--json");

        Assert.Empty(json.Json["missingFiles"]!.AsArray());
        Assert.Equal("predicted", (string)json.Json["cost"]!["source"]!);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("export")]
    [InlineData("compile")]
    public async Task What_needs_the_values_names_the_file_and_writes_nothing(string verb)
    {
        Write("model.onnx.data", isThere: false);
        _folder.Write("calib.npz", "never read");

        CommandRun run = await CommandRun.Of(
            [verb, _folder["model.onnx"], "--calib", _folder["calib.npz"], .. verb == "run" ? Array.Empty<string>() : ["--out", _folder["out"]]]);

        Assert.Equal(((int)ExitKind.BadInput, ""), (run.Exit, run.Out));
        Assert.Contains("'model.onnx.data'", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("../model.data")]
    [InlineData("/etc/passwd")]
    public async Task A_file_outside_of_the_folder_is_refused_even_where_it_would_not_be_read(string location)
    {
        Write(location, isThere: false);

        CommandRun inspect = await CommandRun.Of("inspect", _folder["model.onnx"]);

        Assert.Equal((int)ExitKind.BadInput, inspect.Exit);
        Assert.Contains("folder", inspect.Error, StringComparison.Ordinal);
    }

    /// <summary>A linear layer whose weights lie in a file beside the model.</summary>
    private void Write(string location, bool isThere)
    {
        var m = new TinyModel("x", 1, Rows, Width);
        string output = m.Node("MatMul", ["x", m.Weights(1, Width, Width)]);
        TensorProto weights = m.Proto.Graph.Initializer.Single();
        byte[] values = [.. weights.FloatData.SelectMany(BitConverter.GetBytes)];
        weights.FloatData.Clear();
        weights.DataLocation = 1;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        File.WriteAllBytes(_folder["model.onnx"], m.Finish(output));
        if (isThere)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[location])!);
            File.WriteAllBytes(_folder[location], values);
        }
    }
}
