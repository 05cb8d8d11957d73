using System.Collections.Immutable;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;

namespace Hil.Compression.Tests.Export;

/// <summary>A device that computes one layer wrongly: the report names its tensor, and not those that only inherit the damage.</summary>
public sealed class DiffNamesTheFirstWrongTensor(DiffNamesTheFirstWrongTensor.Digits digits) : IClassFixture<DiffNamesTheFirstWrongTensor.Digits>
{
    [SkippableFact]
    public void A_sound_device_is_within_every_budget() =>
        Assert.All(digits.Report(digits.Quantized), t => Assert.True(t.IsWithinBudget && t.IsSeen && t.LargestSteps <= t.BoundSteps, t.ToString()));

    [SkippableTheory]
    [InlineData("encoder.1.attn.v.add:8")]
    [InlineData("encoder.2.ffn.gelu:8")]
    [InlineData("encoder.0.norm2:8")]
    [InlineData("encoder.3.attn.context_rows:8")]
    public void A_wrong_layer_is_the_first_beyond_its_budget(string tensor)
    {
        var report = digits.Report(digits.Broken(tensor));

        var first = report.First(t => !t.IsWithinBudget);
        Assert.Equal(tensor, first.Tensor);
        Assert.True(first.Beyond > 0);
        Assert.NotEmpty(first.Nodes);
    }

    [SkippableFact]
    public void A_fault_in_a_tensor_that_is_not_seen_shows_in_the_next_one_that_is()
    {
        const string Wrong = "encoder.1.ffn.gelu:8";

        var report = digits.Report(digits.Broken(Wrong), hidden: [Wrong]);

        Assert.False(report.Single(t => t.Tensor == Wrong).IsSeen);
        Assert.Equal("encoder.1.ffn.residual:16", report.First(t => !t.IsWithinBudget).Tensor);
    }

    [SkippableFact]
    public void Each_layer_names_the_nodes_that_it_was_matched_from()
    {
        var graph = digits.Graph;

        Assert.Equal(
            ["MatMul", "Add", "Add"],
            graph.Matched["encoder.0.ffn.residual"].Select(n => n.Split(' ')[0]));
        Assert.All(graph.Layers, l => Assert.Contains(graph.Matched[l.Output], n => n.EndsWith($"'{l.Name}'", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void Swapped_axes_are_warned_of_and_right_ones_are_not()
    {
        var (data, input) = (digits.Data, digits.Graph.Input);
        ReadOnlyMemory<float>[] swapped = [.. First(data).Select(s => new ReadOnlyMemory<float>(
            [.. Enumerable.Range(0, input.Count).Select(i => s.Span[(i % input.Rows * input.Columns) + (i / input.Rows)])]))];

        Assert.Null(LayoutCheck.Warning(First(data), First(digits.Calibration), input.Rows, input.Columns));
        Assert.Contains("swapped", LayoutCheck.Warning(swapped, First(digits.Calibration), input.Rows, input.Columns), StringComparison.Ordinal);
    }

    private ReadOnlyMemory<float>[] First(Dataset set) => [.. set.Inputs.Select(s => s[digits.Graph.Input.Name])];

    /// <summary>The bundled model, quantized once for all tests.</summary>
    public sealed class Digits
    {
        private readonly Lazy<(OnnxModel Model, Graph Graph, QuantizedGraph Quantized, Dataset Data, Dataset Calibration)> _all = new(Load);

        public Graph Graph => _all.Value.Graph;

        public QuantizedGraph Quantized => _all.Value.Quantized;

        public Dataset Data => _all.Value.Data;

        public Dataset Calibration => _all.Value.Calibration;

        /// <summary>The graph of a device with a fault in the layer that gives a tensor.</summary>
        public QuantizedGraph Broken(string tensor) => Quantized with
        {
            Layers = [.. Quantized.Layers.Select(l => l.Outputs.Contains(tensor) ? Fault(l) : l)],
        };

        public IReadOnlyList<TensorDiff> Report(QuantizedGraph device, ImmutableArray<string> hidden = default)
        {
            using var diff = new ModelDiff(Quantized, Graph);
            using var reference = new FloatReference(_all.Value.Model, diff.Sources);
            var seen = new IntegerExecutor(device).Run(Data.Inputs[0][Graph.Input.Name].Span);
            foreach (var name in hidden.IsDefault ? [] : hidden)
            {
                seen.Remove(name);
            }

            diff.Add(seen, reference.Run(Data.Inputs[0]));
            return diff.Report();
        }

        private static QLayer Fault(QLayer layer) => layer switch
        {
            QProduct { Table.IsEmpty: false } p => p with { Table = [.. p.Table.Select((t, i) => i < 128 ? t : (sbyte)0)] },
            QProduct p => p with { Shift = p.Shift - 1 },
            QNormalize n => n with { Gain = [.. n.Gain.Select((g, c) => c % 4 == 0 ? (short)-g : g)] },
            QAttention a => a with { ScoreShift = a.ScoreShift + 2 },
            _ => throw new ArgumentException(layer.Name, nameof(layer)),
        };

        private static (OnnxModel, Graph, QuantizedGraph, Dataset, Dataset) Load()
        {
            var model = OnnxModel.Load(TestData.Digits("digits.onnx"));
            var graph = OnnxImporter.Import(model);
            var calibration = Dataset.Load(TestData.Digits("calib.npz"), graph).Take(16);
            var quantized = Quantizer.Quantize(model, graph, RangeCalibrator.Measure(model, graph, calibration, null, CancellationToken.None)).Graph;
            return (model, graph, quantized, Dataset.Load(TestData.Digits("eval.npz"), graph).Take(8), calibration);
        }
    }
}
