using System.Globalization;
using Hil.Cli.Tests.Strangers;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Export;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Reference;
using Xunit.Abstractions;

namespace Hil.Compression.Tests.Export;

/// <summary>
/// Each operator of the QDQ model, run by ONNX Runtime on the device's own inputs, differs from the device by no more than docs/numerics.md §11
/// derives; and the whole model runs, with and without ONNX Runtime's optimizer.
/// </summary>
public sealed class QdqExportStaysWithinItsBounds(ITestOutputHelper output)
{
    /// <summary>One step in one place spreads over all later layers: the whole is only measured, and must not be nonsense.</summary>
    private const double LeastDecibels = 20;

    private static int Samples => Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1" ? 20 : 2;

    public static TheoryData<string> Exports() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "exports"), "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [InlineData(QdqOptions.WithInt16)]
    [InlineData(QdqOptions.Portable)]
    public void On_the_bundled_model(int opset) =>
        Check(TestData.Digits("digits.onnx"), TestData.Digits("calib.npz"), TestData.Digits("eval.npz"), opset);

    [SkippableFact]
    public void On_kwt1() => Check(TestData.Kwt1("kwt1_opset17.onnx"), TestData.Kwt1("calib.npz"), TestData.Kwt1("eval.npz"));

    [SkippableFact]
    public void On_fsdd() => Check(TestData.Fsdd("fsdd_ctc_opset17.onnx"), TestData.Fsdd("calib.npz"), TestData.Fsdd("eval.npz"));

    [SkippableFact]
    public void On_bert_tiny() => Check(
        TestData.Sst2("pubenc_encoder_static1x64_opset17.onnx"), TestData.Sst2("encoder_calib.npz"), TestData.Sst2("encoder_eval.npz"));

    /// <summary>Models of others with convolutions and pooling, and with attention in windows: their own samples.</summary>
    [SkippableTheory]
    [InlineData("cct1-ort")]
    [InlineData("tinyvit-torch27")]
    public void On_vision_transformers(string folder)
    {
        var model = Directory.GetFiles(TestData.Folder(Path.Combine("exporters", folder)), "*.onnx").Single();
        var samples = TestData.Path("exporters", folder, "inputs.npz");
        Check(model, samples, samples);
    }

    /// <summary>The exports of the support matrix, with random samples.</summary>
    [Theory]
    [MemberData(nameof(Exports))]
    public void On_every_architecture(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "exports", $"{name}.onnx");
        var isSymbolic = OnnxModel.Load(path).Inputs.IsEmpty;
        var samples = Path.Combine(Directory.CreateTempSubdirectory("hil").FullName, "samples.npz");
        try
        {
            RandomSamples.Write(samples, path, isSymbolic);
            Check(path, samples, samples, isSymbolic ? QdqOptions.Portable : QdqOptions.WithInt16, isSymbolic ? new() { ["seq"] = 10 } : []);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(samples)!, true);
        }
    }

    private void Check(
        string path, string calibration, string evaluation, int opset = QdqOptions.WithInt16, Dictionary<string, long>? bind = null)
    {
        var model = InputBinding.Bind(OnnxModel.Load(path), bind ?? []);
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(model, graph, Dataset.Load(calibration, graph).Take(16), null, CancellationToken.None);
        var quantized = Quantizer.Quantize(model, graph, ranges).Graph;
        var all = Dataset.Load(evaluation, graph);
        using var front = FloatReference.Front(model, graph.GivenTensors);
        IReadOnlyDictionary<string, float[]>[] samples = [.. all.Take(Math.Min(all.Count, Samples)).Inputs.Select(front.Run)];
        var comparison = new ExportComparison(quantized, new QdqOptions(opset));
        foreach (var sample in samples)
        {
            comparison.Layers(new IntegerExecutor(quantized).Run(sample));
        }

        var decibels = comparison.Whole(samples);
        comparison.Print(output);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole model: {decibels:F1} dB between device and QDQ in ONNX Runtime"));
        Assert.True(decibels > LeastDecibels, $"{decibels} dB");
    }
}
