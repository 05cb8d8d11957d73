using System.Globalization;
using Hil.Models.Data;
using Hil.Models.Export;
using Hil.Models.Export.Bounds;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Xunit.Abstractions;

namespace Hil.Compression.Tests.Export;

/// <summary>A quantized graph on plain integers against its QDQ form in ONNX Runtime: layer by layer within the bounds, and as a whole.</summary>
internal sealed class ExportComparison(QuantizedGraph graph, QdqOptions options)
{
    private readonly SortedDictionary<string, Worst> _seen = new(StringComparer.Ordinal);

    /// <summary>Every element of every layer, from the device's own inputs.</summary>
    public void Layers(IReadOnlyDictionary<string, int[]> device)
    {
        using var layers = new QdqLayerRuntime(graph, options);
        foreach (var layer in graph.Layers)
        {
            Compare(layer, device, layers.Run(layer, device));
        }
    }

    /// <summary>Signal to noise of the whole export against the device, over samples of what the host gives by ONNX tensor.</summary>
    public double Whole(IEnumerable<IReadOnlyDictionary<string, float[]>> samples)
    {
        var exported = OnnxModel.Parse(QdqExport.Write(graph, options), "export", "export.onnx");
        var output = graph.Tensors[graph.Output];
        using var runtime = new FloatReference(exported, []);
        var executor = new IntegerExecutor(graph);
        var (signal, noise) = (0.0, 0.0);
        foreach (var given in samples)
        {
            var expected = QEncoding.Decode(output, executor.Run(given)[graph.Output]);
            var actual = runtime.Run(Sample(given))[output.Source];
            signal += expected.Sum(v => (double)v * v);
            noise += expected.Zip(actual).Sum(p => Math.Pow(p.First - p.Second, 2));
        }

        return 10 * Math.Log10(signal / Math.Max(noise, 1e-30));
    }

    public void Print(ITestOutputHelper to)
    {
        foreach (var (kind, worst) in _seen)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind,-24} largest {worst.Difference,5} of {worst.BoundThere,5}, bound up to {worst.Bound,6}, equal {worst.Equal / (double)worst.Elements:P3}"));
        }
    }

    /// <summary>The export's own inputs: of a mask the last row, which a causal one has whole.</summary>
    private ModelSample Sample(IReadOnlyDictionary<string, float[]> given)
    {
        var inputs = graph.Inputs.Select(i => graph.Tensors[i].Source).ToDictionary(s => s, s => (ReadOnlyMemory<float>)given[s]);
        foreach (var source in graph.Masks.Select(m => m.Source))
        {
            inputs[source.Tensor] = given[source.Tensor].AsMemory(given[source.Tensor].Length - source.Keys);
        }

        return new ModelSample(inputs);
    }

    private void Compare(QLayer layer, IReadOnlyDictionary<string, int[]> device, IReadOnlyDictionary<string, int[]> qdq)
    {
        foreach (var (tensor, bounds) in QdqBounds.Steps(graph, layer, device))
        {
            var (expected, actual) = (device[tensor], qdq[tensor]);
            Assert.Equal(expected.Length, actual.Length);
            var kind = Kind(layer, graph.Tensors[tensor]);
            var worst = _seen.GetValueOrDefault(kind) ?? new();
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

            _seen[kind] = worst;
        }
    }

    private static string Kind(QLayer layer, QTensor tensor)
    {
        var more = layer switch
        {
            QProduct { Table.IsEmpty: false } or QMap { Table.IsEmpty: false } => " table",
            QProduct { Window: not null } => " window",
            QNormalize { Rms: true } => " rms",
            QAttention { Windows: > 1 } => " windows",
            QAttention { Bias.IsEmpty: false } => " bias",
            QAttention { Causal: true } => " causal",
            QAttention { IsMasked: true } => " masked",
            _ => string.Empty,
        };
        return $"{layer.GetType().Name} {tensor.Type}{more}";
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
