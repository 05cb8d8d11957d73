using System.Text;
using Hil.Contract;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Tests;

public sealed class ProjectsAreReadStrictly : IDisposable
{
    private const string Whole = """
        {
          "schema": "hil.project/1",
          "model": "models\\m.onnx",
          "data": "eval.npz",
          "machine": "icebreaker",
          "samples": 8,
          "pruneBlocks": 0.25,
          "metric": "f1:1",
          "gates": { "maxCycleErrorPercent": 1, "maxQualityLoss": 0.02, "minAgreement": 0.9, "minSqnrDb": 20, "maxCycles": 5e6, "maxMilliseconds": 100, "maxEnergyMicrojoules": 9 }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Project Parse(string json) => ProjectFile.Parse(Encoding.UTF8.GetBytes(json), "hil.json");

    [Fact]
    public void Every_key_reaches_the_job()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "models"));
        _folder.File(Path.Combine("models", "m.onnx"), "model");
        _folder.File("eval.npz", "data");
        JobSpec spec = Parse(Whole).ToJob(_folder.Path).Spec;
        Assert.Equal(["data", "machine", "model"], spec.Inputs.Keys);
        Assert.Equal("m.onnx", spec.Inputs[JobSpec.Model].Name);
        JobOptions expected = JobOptions.Default with
        {
            Samples = 8,
            PruneBlocks = 0.25,
            Metric = "f1:1",
            MaxCycleErrorPercent = 1,
            MaxQualityLoss = 0.02,
            MinAgreement = 0.9,
            MinSqnrDb = 20,
            MaxCycles = 5e6,
            MaxMilliseconds = 100,
            MaxEnergyMicrojoules = 9,
        };
        Assert.Equal(expected, spec.Options);
    }

    [Fact]
    public void What_is_written_reads_back_and_says_no_more()
    {
        byte[] written = ProjectFile.Write(Parse(Whole));
        Assert.Equal(written, ProjectFile.Write(ProjectFile.Parse(written, "hil.json")));
        Assert.DoesNotContain("null", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.DoesNotContain("\r", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_newlines_change_nothing()
    {
        byte[] windows = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Whole.ReplaceLineEndings("\r\n"))];
        Assert.Equal(ProjectFile.Write(Parse(Whole)), ProjectFile.Write(ProjectFile.Parse(windows, "hil.json")));
    }

    [Theory]
    [InlineData("hil.project/1", "hil.project/2", "hil.project/1")]
    [InlineData("\"samples\"", "\"sample\"", "sample")]
    [InlineData("minSqnrDb", "minSqnr", "minSqnr")]
    [InlineData("\"samples\": 8", "\"samples\": 0", "samples")]
    [InlineData("\"samples\": 8", "\"samples\": \"8\"", "samples")]
    [InlineData("\"minAgreement\": 0.9", "\"minAgreement\": 90", "minAgreement")]
    [InlineData("\"f1:1\"", "\"best\"", "accuracy")]
    [InlineData("\"models\\\\m.onnx\"", "\"\"", "model")]
    [InlineData("\"models\\\\m.onnx\"", "null", "model")]
    [InlineData("\"machine\": \"icebreaker\",", "\"machine\": \"icebreaker\"", "project")]
    public void What_is_wrong_is_named(string right, string wrong, string named)
    {
        Assert.Contains(right, Whole, StringComparison.Ordinal);
        var error = Assert.Throws<HilException>(() => Parse(Whole.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Equal((ExitKind.BadInput, "hil.json"), (error.Kind, error.Where));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        var error = Assert.Throws<HilException>(() => Parse(Whole).ToJob(_folder.Path));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.EndsWith("m.onnx", error.Where, StringComparison.Ordinal);
    }
}
