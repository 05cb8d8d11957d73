using System.Text.Json;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Export;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;

namespace Hil.Compression.Tests.Export;

/// <summary>
/// A model that was exported and is imported again, without any calibration, is the same quantized graph to the last integer, scale and name: so is its program.
/// </summary>
public sealed class ExportComesBackAsTheSameModel
{
    [SkippableTheory]
    [InlineData(QdqOptions.Portable)]
    public void The_bundled_model(int opset) => Check(TestData.Digits("digits.onnx"), TestData.Digits("calib.npz"), opset);

    [SkippableFact]
    public void The_bundled_model_with_zero_blocks() => Check(TestData.Digits("digits_block50.onnx"), TestData.Digits("calib.npz"), QdqOptions.Portable);

    [SkippableFact]
    public void Kwt1() => Check(TestData.Kwt1("kwt1_opset17.onnx"), TestData.Kwt1("calib.npz"), QdqOptions.Portable);

    [SkippableFact]
    public void Fsdd() => Check(TestData.Fsdd("fsdd_ctc_opset17.onnx"), TestData.Fsdd("calib.npz"), QdqOptions.Portable);

    private static void Check(string modelPath, string calibration, int opset)
    {
        var model = OnnxModel.Load(modelPath);
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(model, graph, Dataset.Load(calibration, graph).Take(16), null, CancellationToken.None);
        var before = Quantizer.Quantize(model, graph, ranges).Graph;

        var exported = OnnxModel.Parse(QdqExport.Write(before, new QdqOptions(opset)), before.Name, "export.onnx");
        var again = OnnxImporter.Import(exported);
        var result = Quantizer.Quantize(exported, again, EncodedRanges.Of(again));

        Assert.Empty(result.Warnings);
        Assert.Equal(before.Layers.Select(l => l.Name), result.Graph.Layers.Select(l => l.Name));
        Assert.Equal(before.Tensors.Values, result.Graph.Tensors.Values);
        foreach (var (a, b) in before.Layers.Zip(result.Graph.Layers))
        {
            Assert.Equal(JsonSerializer.Serialize(a), JsonSerializer.Serialize(b));
        }

        Assert.Equal(QuantizedGraphFile.Write(before), QuantizedGraphFile.Write(result.Graph with { ModelHash = before.ModelHash }));
    }
}
