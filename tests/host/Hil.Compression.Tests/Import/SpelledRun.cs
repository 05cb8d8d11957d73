using System.Globalization;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Hil.Models.Tests.Import.Quantized;

namespace Hil.Compression.Tests.Import;

/// <summary>A quantized model, imported and quantized with the scales it brings along, against ONNX Runtime.</summary>
/// <param name="Reach">How far the samples go, as a multiple of the input's range.</param>
internal sealed record SpelledRun(OnnxModel Model, Graph Graph, QuantizationResult Quantized, float Reach)
{
    private const int Samples = 6;

    /// <summary>Steps of the output: its own rounding, and one of ONNX Runtime.</summary>
    private const double Steps = 2;

    public static SpelledRun Of(OnnxModel model, float reach = 1)
    {
        var graph = OnnxImporter.Import(model);
        return new(model, graph, Quantizer.Quantize(model, graph, Ranges(model, graph, reach)), reach);
    }

    public static float[] Sample(int seed, float reach) => [.. SpelledModels.Sample(seed).Select(v => reach * v)];

    /// <summary>Ranges of what the model does not say: its float output.</summary>
    public static TensorRanges Ranges(OnnxModel model, Graph graph, float reach = 1)
    {
        var samples = new Dataset(
            "samples", string.Empty, [.. Enumerable.Range(0, 20).Select(i => ModelSample.Of(graph.Input.Name, Sample(i, reach)))], [], false, [], []);
        return RangeCalibrator.Measure(model, graph, samples, null, CancellationToken.None);
    }

    /// <summary>The first element of the output that is further from ONNX Runtime's than the steps of the output explain, or null.</summary>
    /// <param name="inputSteps">Steps of what the last product reads that may differ besides: at its ends, and where a float32 sum lies on a tie.</param>
    public string? FirstDifference(int inputSteps = 0)
    {
        var graph = Quantized.Graph;
        using var reference = new FloatReference(Model, []);
        var executor = new IntegerExecutor(graph);
        var output = graph.Tensors[graph.Output];
        // A bias is a whole number of the last product's accumulator steps.
        var last = graph.Layers.OfType<QProduct>().Last();
        var tolerance = (Steps * output.Scale) + (last.Multiplier.Max(m => Math.ScaleB(m, -last.Shift)) * graph.Tensors[last.Output].Scale / 2);
        tolerance += inputSteps * last.Multiplier.Max(m => Math.ScaleB(m, -last.Shift)) * last.Weights.Max(w => Math.Abs((int)w)) * graph.Tensors[last.Output].Scale;
        for (var sample = 0; sample < Samples; sample++)
        {
            var x = Sample(sample, Reach);
            var expected = reference.Run(x)[reference.OutputName];
            var actual = QEncoding.Decode(output, executor.Run(x)[graph.Output]);
            for (var i = 0; i < expected.Length; i++)
            {
                if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"sample {sample}, element {i}: ONNX Runtime {expected[i]}, device {actual[i]}, step {output.Scale}");
                }
            }
        }

        return null;
    }
}
