using System.Collections.Immutable;
using Hil.Compression.Ranges;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>A quantized graph and what may be wrong with it.</summary>
public sealed record QuantizationResult(QuantizedGraph Graph, ImmutableArray<QuantizationWarning> Warnings);

/// <summary>
/// Int8 quantization: symmetric weights per output column, min-max ranges, int16 residual streams, late-normalised softmax, affine
/// activation tables, 15-bit model input (docs/numerics.md).
/// </summary>
public static partial class Quantizer
{
    private const int FewSamples = 16;

    /// <summary>Quantizes a graph that was imported from <paramref name="model"/>.</summary>
    public static QuantizationResult Quantize(OnnxModel model, Graph graph, TensorRanges ranges, QuantizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(ranges);
        options ??= new();
        ranges = EncodedRanges.Over(graph, ranges);
        var plan = new ScalePlan(graph, ranges, options);
        var build = new Build(graph, ranges, plan);
        foreach (var layer in graph.Layers)
        {
            build.Add(layer);
        }

        var result = build.Finish(model.Hash);
        return QuantizedGraphChecks.FirstError(result) is { } error
            ? throw new InvalidOperationException($"The quantized graph of '{graph.Name}' is not sound: {error}")
            : new QuantizationResult(result, [.. Kept(graph, plan, build), .. Warnings(graph, result, ranges, options)]);
    }

    /// <summary>What the model says of its own quantization and is not kept.</summary>
    private static IEnumerable<QuantizationWarning> Kept(Graph graph, ScalePlan plan, Build build) => graph.Encodings.Notes
        .Concat(plan.Notes)
        .Concat(build.Notes)
        .Select(n => new QuantizationWarning(n.Tensor, n.What, "Compare with `hil diff`; quantize the float model here if it matters."));

    /// <summary>
    /// Sites without headroom (int8 tensors, arguments of tables, the input) at which unseen data is likely to clip. What half of the
    /// samples clips of the other half is halved, because the share outside the range of n samples falls as 1/n.
    /// </summary>
    private static ImmutableArray<QuantizationWarning> Warnings(
        Graph graph, QuantizedGraph quantized, TensorRanges ranges, QuantizationOptions options)
    {
        const string MoreSamples = "Calibrate on more, and more varied, samples.";
        var selected = graph.Layers.OfType<SelectRows>().Select(s => s.Output).ToHashSet();
        var activated = graph.Layers.OfType<Product>().Where(p => p.Activation != Activation.None).ToDictionary(p => p.Output, p => p.Sum);
        var warnings = quantized.Tensors.Values
            .Where(t => t.Type != QType.Int16 && t.Source.Length > 0 && !selected.Contains(t.Source))
            .Where(t => graph.Encodings.Any(t.Source) is null)
            .Select(t => activated.GetValueOrDefault(t.Source, t.Source))
            .Where(t => ranges[t].ClippedShare / 2 > options.WarningShare)
            .Select(t => new QuantizationWarning(t, $"about {ranges[t].ClippedShare / 2:P3} of unseen values would be clipped.", MoreSamples));
        return ranges.Samples < FewSamples
            ? [new("calibration", $"{ranges.Samples} samples are few.", MoreSamples), .. warnings]
            : [.. warnings];
    }

    /// <summary>The quantized graph under construction.</summary>
    private sealed partial class Build
    {
        private readonly Graph _graph;
        private readonly TensorRanges _ranges;
        private readonly ScalePlan _plan;
        private readonly List<string> _inputs = [];
        private readonly ImmutableArray<QMask> _masks;
        private readonly Dictionary<string, QTensor> _tensors = [];
        private readonly Dictionary<string, QTensor> _int8 = [];
        private readonly Dictionary<string, QTensor> _int16 = [];
        private readonly List<QLayer> _layers = [];
        private readonly List<(string Tensor, string What)> _notes = [];

        public Build(Graph graph, TensorRanges ranges, ScalePlan plan)
        {
            (_graph, _ranges, _plan) = (graph, ranges, plan);
            _masks = [.. graph.Masks.Select((m, i) => new QMask($"{m.Tensor}:mask{i}", m))];
            foreach (var input in graph.Inputs)
            {
                AddInput(input.Name);
            }
        }

        public IReadOnlyList<(string Tensor, string What)> Notes => _notes;

        public void Add(Layer layer)
        {
            switch (layer)
            {
                case Product product:
                    AddProduct(product);
                    break;
                case Attention a:
                    var (query, key, value) = (Operand(a, a.Query, "query"), Operand(a, a.Key, "key"), Operand(a, a.Value, "value"));
                    var context = New(a.Output, ":8", QType.Int8, _plan.Scale8(a.Output));
                    _layers.Add(LayerQuantizer.Attention(a, query, key, value, context, _masks));
                    Give8(a.Output, context, a.Name);
                    break;
                case Normalize norm:
                    AddNormalize(norm);
                    break;
                case Pointwise pointwise:
                    var source = _int16[pointwise.Input];
                    var (index, scale, zero) = LayerQuantizer.Table(
                        pointwise.Activation, pointwise.Function, _ranges[pointwise.Input], null, _plan.Encoded8(pointwise.Output));
                    var mapped = New(pointwise.Output, ":8", QType.Int8, scale, zero);
                    _layers.Add(LayerQuantizer.Map(pointwise.Name, source, mapped, index));
                    Give8(pointwise.Output, mapped, pointwise.Name);
                    break;
                case SelectRows select:
                    AddSelect(select);
                    break;
                default:
                    AddElement(layer);
                    break;
            }
        }

        public QuantizedGraph Finish(string modelHash)
        {
            var name = _graph.Output.Name;
            var output = _plan.OutputIsNarrow ? _int8[name] : _int16[name];
            return new QuantizedGraph(
                _graph.Name, modelHash, _inputs[0], output.Name, _tensors.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. _layers])
            {
                MoreInputs = [.. _inputs.Skip(1)],
                Masks = _masks,
            };
        }

        private void AddProduct(Product p)
        {
            var input = _int8[p.Input];
            if (p.Activation != Activation.None)
            {
                if (p.Residual is not null || !p.Addend.IsEmpty)
                {
                    throw new HilException(ExitKind.Unsupported, "something is added to an activation function's result.", p.Name, "Add residuals to the output of a linear layer.");
                }

                var (index, scale, zero) = LayerQuantizer.Table(
                    p.Activation, p.Function, _ranges[p.Sum], _graph.Encodings.Narrow(p.Sum), _plan.Encoded8(p.Output));
                var activated = New(p.Output, ":8", QType.Int8, scale, zero);
                _layers.Add(LayerQuantizer.Product(p, input, activated, index, null, [], Grid(p)));
                Give8(p.Output, activated, p.Name);
                return;
            }

            var accumulates = p.Residual is not null || !p.Addend.IsEmpty;
            if (!accumulates && !_plan.Needs16(p.Output))
            {
                var narrow = Narrow(p.Output);
                _layers.Add(LayerQuantizer.Product(p, input, narrow, IndexOf(narrow, p.Output), null, [], Grid(p)));
                Give8(p.Output, narrow, p.Name);
                return;
            }

            var wide = New(p.Output, ":16", QType.Int16, _plan.Scale16(p.Output));
            var initial = p.Addend.Select(v => (short)FixedPoint.Round(v / wide.Scale, short.MaxValue)).ToImmutableArray();
            var residual = p.Residual is null ? null : Consume(p.Residual, p, ref initial);
            _layers.Add(LayerQuantizer.Product(p, input, wide, LayerQuantizer.Index.Direct(wide.Scale), residual, initial, Grid(p)));
            Give16(p.Output, wide, p.Name);
        }

        /// <summary>
        /// The residual to accumulate into: the tensor itself if this product is the last to read it, else a copy.
        /// </summary>
        private string Consume(string residual, Product product, ref ImmutableArray<short> initial)
        {
            if (!initial.IsEmpty)
            {
                throw new HilException(ExitKind.Unsupported, "a constant and a residual are added to the same product.", product.Name, "Add them to different layers.");
            }

            var tensor = _int16[residual];
            var position = _graph.Layers.IndexOf(product);
            var isReadLater = _graph.Layers.Skip(position + 1).Any(l => l.Inputs.Contains(residual)) || residual == _graph.Output.Name
                || product.Input == residual || _graph.Inputs.Any(i => i.Name == residual) || _graph.Layers.Any(l => l is SelectRows && (l.Output == residual || l.Inputs.Contains(residual)));
            if (!isReadLater)
            {
                return tensor.Name;
            }

            var copy = New(residual, $":16:{product.Output}", QType.Int16, tensor.Scale);
            _layers.Add(LayerQuantizer.Map($"{product.Name}:copy", tensor, copy, LayerQuantizer.Index.Direct(copy.Scale)));
            return copy.Name;
        }

        private void AddNormalize(Normalize norm)
        {
            if (_plan.IsSplit(norm.Output))
            {
                var both = New(norm.Output, ":16", QType.Int16, _plan.Scale16(norm.Output));
                _layers.Add(LayerQuantizer.Normalize(norm, _int16[norm.Input], null, both));
                Give16(norm.Output, both, norm.Name);
                return;
            }

            var wide = _plan.Needs16(norm.Output) ? New(norm.Output, ":16", QType.Int16, _plan.Scale16(norm.Output)) : null;
            var narrow = _plan.Needs8(norm.Output) || wide is null ? Narrow(norm.Output) : null;
            _layers.Add(LayerQuantizer.Normalize(norm, _int16[norm.Input], narrow, wide));
            if (narrow is not null)
            {
                _int8.Add(norm.Output, narrow);
            }

            if (wide is not null)
            {
                _int16.Add(norm.Output, wide);
            }
        }

        private void Give8(string tensor, QTensor given, string layer)
        {
            _int8.Add(tensor, given);
            if (_plan.Needs16(tensor))
            {
                var wide = New(tensor, ":16", QType.Int16, _plan.Scale16(tensor));
                _layers.Add(LayerQuantizer.Map($"{layer}:int16", given, wide, LayerQuantizer.Index.Direct(wide.Scale)));
                _int16.Add(tensor, wide);
            }
        }

        private void Give16(string tensor, QTensor given, string layer)
        {
            _int16.Add(tensor, given);
            if (_plan.Needs8(tensor))
            {
                var narrow = Narrow(tensor);
                _layers.Add(LayerQuantizer.Map($"{layer}:int8", given, narrow, IndexOf(narrow, tensor)));
                _int8.Add(tensor, narrow);
            }
        }

        private QTensor Narrow(string tensor) =>
            New(tensor, ":8", QType.Int8, _plan.Scale8(tensor), _plan.Encoded8(tensor)?.ZeroPoint ?? 0);

        private LayerQuantizer.Index IndexOf(QTensor narrow, string tensor) => LayerQuantizer.Index.Of(narrow.Scale, _plan.Encoded8(tensor));

        /// <summary>The integers that the model itself has for a product's weights, or null.</summary>
        private WeightGrid? Grid(Product product)
        {
            var grid = WeightGrid.Of(product, _graph.Encodings);
            if (grid is null && _graph.Encodings.Weights.ContainsKey(product.WeightsName))
            {
                _notes.Add((product.WeightsName, "its weights lie on no grid of one scale an output column; they are quantized again."));
            }
            else if (grid is { Replaced: > 0 })
            {
                _notes.Add((product.WeightsName, $"{grid.Replaced} columns hold −128 or have a scale below 1/1024 of the largest; they are quantized again."));
            }

            return grid;
        }

        private QTensor New(string source, string suffix, QType type, double scale, int zero = 0)
        {
            var shape = _graph.Tensors[source];
            var tensor = new QTensor(source + suffix, shape.RangeOf is null ? source : string.Empty, shape.Rows, shape.Columns, type, scale, zero) { Order = shape.Order };
            _tensors.Add(tensor.Name, tensor);
            return tensor;
        }
    }
}
