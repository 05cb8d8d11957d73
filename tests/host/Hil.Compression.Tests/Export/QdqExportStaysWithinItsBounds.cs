using System.Globalization;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Export;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
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

    [SkippableTheory]
    [InlineData(QdqOptions.WithInt16)]
    [InlineData(QdqOptions.Portable)]
    public void On_the_bundled_model(int opset) =>
        Check(TestData.Digits("digits.onnx"), TestData.Digits("calib.npz"), TestData.Digits("eval.npz"), opset);

    [SkippableFact]
    public void On_kwt1() =>
        Check(TestData.Kwt1("kwt1_opset17.onnx"), TestData.Kwt1("calib.npz"), TestData.Kwt1("eval.npz"), QdqOptions.WithInt16);

    [SkippableFact]
    public void On_fsdd() =>
        Check(TestData.Fsdd("fsdd_ctc_opset17.onnx"), TestData.Fsdd("calib.npz"), TestData.Fsdd("eval.npz"), QdqOptions.WithInt16);

    private static int Samples => Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1" ? 20 : 2;

    private void Check(string modelPath, string calibration, string evaluation, int opset)
    {
        var model = OnnxModel.Load(modelPath);
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(model, graph, Dataset.Load(calibration, graph).Take(24), null, CancellationToken.None);
        var quantized = Quantizer.Quantize(model, graph, ranges).Graph;
        var options = new QdqOptions(opset);
        var data = Dataset.Load(evaluation, graph).Take(Samples);
        using var layers = new QdqLayerRuntime(quantized, options);
        var executor = new IntegerExecutor(quantized);
        var seen = new SortedDictionary<string, Worst>(StringComparer.Ordinal);
        for (var sample = 0; sample < data.Count; sample++)
        {
            var device = executor.Run(data.Inputs[sample][graph.Input.Name].Span);
            foreach (var layer in quantized.Layers)
            {
                Compare(quantized, layer, device, layers.Run(layer, device), seen);
            }
        }

        foreach (var (kind, worst) in seen)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind,-24} largest {worst.Difference,5} of {worst.BoundThere,5}, bound up to {worst.Bound,6}, equal {worst.Equal / (double)worst.Elements:P3}"));
        }

        WholeModel(quantized, options, data, executor);
    }

    private static void Compare(
        QuantizedGraph graph, QLayer layer, Dictionary<string, int[]> device, IReadOnlyDictionary<string, int[]> qdq, SortedDictionary<string, Worst> seen)
    {
        foreach (var (tensor, bounds) in QdqBounds.Steps(graph, layer, device))
        {
            var (expected, actual) = (device[tensor], qdq[tensor]);
            var kind = $"{layer.GetType().Name} {graph.Tensors[tensor].Type}{(layer is QProduct { Meaning: not null } ? " table" : string.Empty)}";
            var worst = seen.GetValueOrDefault(kind) ?? new();
            for (var i = 0; i < expected.Length; i++)
            {
                var difference = Math.Abs(expected[i] - actual[i]);
                Assert.True(
                    difference <= bounds[i], $"{layer.Name}, {tensor}[{i}]: device {expected[i]}, ONNX Runtime {actual[i]}, bound {bounds[i]}");
                worst.Elements++;
                worst.Equal += difference == 0 ? 1 : 0;
                worst.Bound = Math.Max(worst.Bound, bounds[i]);
                (worst.Difference, worst.BoundThere) = difference > worst.Difference ? (difference, bounds[i]) : (worst.Difference, worst.BoundThere);
            }

            seen[kind] = worst;
        }
    }

    private void WholeModel(QuantizedGraph graph, QdqOptions options, Dataset data, IntegerExecutor executor)
    {
        var exported = OnnxModel.Parse(QdqExport.Write(graph, options), "export", "export.onnx");
        var tensor = graph.Tensors[graph.Output];
        using var runtime = new FloatReference(exported, []);
        var (signal, noise) = (0.0, 0.0);
        for (var sample = 0; sample < data.Count; sample++)
        {
            var expected = QEncoding.Decode(tensor, executor.Run(data.Inputs[sample][graph.Tensors[graph.Input].Source].Span)[graph.Output]);
            var actual = runtime.Run(data.Inputs[sample])[tensor.Source];
            signal += expected.Sum(v => (double)v * v);
            noise += expected.Zip(actual).Sum(p => Math.Pow(p.First - p.Second, 2));
        }

        var decibels = 10 * Math.Log10(signal / Math.Max(noise, 1e-30));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole model: {decibels:F1} dB between device and QDQ in ONNX Runtime"));
        Assert.True(decibels > LeastDecibels, $"{decibels} dB");
    }

    private sealed class Worst
    {
        public int Difference { get; set; }

        public int BoundThere { get; set; }

        public int Bound { get; set; }

        public long Elements { get; set; }

        public long Equal { get; set; }
    }
}
