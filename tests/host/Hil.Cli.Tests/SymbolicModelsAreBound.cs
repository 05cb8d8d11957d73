using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Onnx;
using Hil.Models.Tests.Import;

namespace Hil.Cli.Tests;

/// <summary><c>--bind</c> on the verbs that write something down: the project keeps it, and an export has the lengths that it says.</summary>
public sealed class SymbolicModelsAreBound : IDisposable
{
    private const int Width = 6;
    private const int Length = 5;

    private readonly Folder _folder = new();

    public SymbolicModelsAreBound()
    {
        var m = new TinyModel("x", 1, 0, Width);
        File.WriteAllBytes(_folder["model.onnx"], m.Finish(m.Node("MatMul", ["x", m.Weights(1, Width, 4)])));
        float[] values = [.. Enumerable.Range(0, 8 * Length * Width).Select(i => MathF.Sin(i))];
        File.WriteAllBytes(_folder["calib.npz"], NpzFile.Write([NpyArray.Of("x", [8, Length, Width], values)]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_keeps_the_lengths_and_the_project_runs_with_them()
    {
        CommandRun init = await CommandRun.Of("init", _folder["model.onnx"], "--bind", "seq=5", "--data", _folder["calib.npz"], "--out", _folder["hil.json"], "--json");
        Assert.Equal(0, init.Exit);
        Assert.Equal(Length, (long)init.Json["project"]!["bind"]!["seq"]!);

        CommandRun run = await CommandRun.Of("run", "--project", _folder["hil.json"], "--samples", "1", "--json");
        Assert.True(run.Exit == 0, run.Error);
        // An input of 15 bits is multiplied in two halves.
        Assert.Equal(2 * Length * Width * 4, (long)run.Json["macs"]!);
    }

    [Theory]
    [InlineData("seq=5")]
    [InlineData(null)]
    public async Task An_export_has_the_lengths_that_were_bound_or_that_the_samples_show(string? bind)
    {
        CommandRun export = await CommandRun.Of(
            ["export", _folder["model.onnx"], "--calib", _folder["calib.npz"], "--out", _folder["q.onnx"], "--json", .. bind is null ? Array.Empty<string>() : ["--bind", bind]]);

        Assert.True(export.Exit == 0, export.Error);
        Assert.Equal([1L, Length, Width], Assert.Single(OnnxModel.Load(_folder["q.onnx"]).Inputs).Shape.Select(d => (long)d));
    }

    [Theory]
    [InlineData("seq=7", ExitKind.BadInput, "seq")]
    [InlineData("tokens=5", ExitKind.Usage, "tokens")]
    [InlineData("seq=many", ExitKind.Usage, "many")]
    public async Task A_length_that_contradicts_the_samples_or_the_model_is_refused_and_nothing_is_written(string bind, ExitKind expected, string named)
    {
        CommandRun export = await CommandRun.Of("export", _folder["model.onnx"], "--calib", _folder["calib.npz"], "--bind", bind, "--out", _folder["q.onnx"]);

        Assert.Equal(((int)expected, ""), (export.Exit, export.Out));
        Assert.Contains(named, export.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["q.onnx"]));
    }
}
