using System.Collections.Immutable;
using Hil.Models.Export;
using Hil.Models.Export.Bounds;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Models.Quality;

/// <summary>One tensor of a device, against the float model and against the QDQ form of its layer.</summary>
/// <param name="Tensor">Name in the quantized graph.</param>
/// <param name="Layer">Layer that gives it.</param>
/// <param name="IsSeen">The device showed it; else it is what the QDQ form gives from the tensors that were seen before it.</param>
/// <param name="SqnrDb">Signal to quantization noise against the float model.</param>
/// <param name="BudgetDb">The least that it may be, given the noise of the layer's inputs.</param>
/// <param name="Saturated">Elements at a limit whose float value lies beyond it.</param>
/// <param name="LargestSteps">Largest difference from the QDQ form run on the device's own inputs; null where one of them or the tensor was not seen.</param>
/// <param name="BoundSteps">What docs/numerics.md §11 allows at that element.</param>
/// <param name="Beyond">Elements beyond their bound.</param>
/// <param name="Nodes">The ONNX nodes that the layer stands for.</param>
public sealed record TensorDiff(
    string Tensor, string Layer, bool IsSeen, double SqnrDb, double BudgetDb, long Saturated, int? LargestSteps, int? BoundSteps, long Beyond, ImmutableArray<string> Nodes)
{
    /// <summary>It is as good as its inputs allow, and no element is beyond its bound.</summary>
    public bool IsWithinBudget => SqnrDb >= BudgetDb && Beyond == 0;
}

/// <summary>
/// Compares a device with the float model layer by layer. Give it samples, then ask for the report. A layer is judged by what it adds to the noise
/// that its inputs already have, so that the first tensor beyond its budget is where something went wrong, not where it was noticed. A tensor that
/// the device never has whole in its memory is computed by its layer's QDQ form: a fault of the device in it shows in the next tensor that was seen.
/// </summary>
public sealed class ModelDiff(QuantizedGraph graph, Graph model) : IDisposable
{
    private readonly NoiseMeter _meter = new(graph);
    private readonly NoiseBudget _budget = new(graph);
    private readonly QdqLayerRuntime _qdq = new(graph);
    private readonly Dictionary<string, Steps> _steps = [];
    private readonly HashSet<string> _unseen = [];
    private readonly QuarterSquares _squares = new(graph);
    private readonly Dictionary<string, QLayer> _layerOf = graph.Layers.SelectMany(l => l.Outputs.Select(o => (o, l))).ToDictionary(p => p.o, p => p.l);

    /// <summary>ONNX names of the float tensors that <see cref="Add"/> wants.</summary>
    public IEnumerable<string> Sources => _meter.Sources;

    /// <summary>
    /// One sample: the device's tensors as integers by name, as many as were seen, with the inputs and masks that it was given (1 for each key that counts), and the
    /// float model's by ONNX name; all row-major.
    /// </summary>
    public void Add(IReadOnlyDictionary<string, int[]> device, IReadOnlyDictionary<string, float[]> floats)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(floats);
        var values = new Dictionary<string, int[]>(device);
        foreach (var layer in graph.Layers.Where(l => QdqExport.Reads(l).All(values.ContainsKey)))
        {
            var qdq = _qdq.Run(layer, values);
            if (QdqExport.Reads(layer).Concat(layer.Outputs).All(device.ContainsKey))
            {
                var bounds = QdqBounds.Steps(graph, layer, device);
                foreach (var output in layer.Outputs)
                {
                    Compare(output, device[output], qdq[output], bounds[output]);
                }
            }

            foreach (var output in layer.Outputs.Where(o => values.TryAdd(o, qdq[o])))
            {
                _unseen.Add(output);
            }
        }

        foreach (var name in graph.Tensors.Keys)
        {
            if (Reference(name, floats) is { } expected)
            {
                _budget.Add(name, expected);
                if (values.TryGetValue(name, out var elements))
                {
                    _meter.Add(name, elements, expected);
                }
            }
        }

        foreach (var (name, expected) in _squares.Values(ElementsOf))
        {
            _budget.Add(name, expected);
            if (values.TryGetValue(name, out var elements))
            {
                _meter.Add(name, elements, expected);
            }
        }

        float[]? ElementsOf(string name) => Reference(name, floats) is not { } expected ? null
            : graph.Tensors[name].Order is { } order ? order.ToElements<float>(expected)
            : expected;
    }

    /// <summary>Every tensor of a layer, in the order in which the layers give them.</summary>
    public IReadOnlyList<TensorDiff> Report()
    {
        var noise = _meter.Report().ToDictionary(n => n.Tensor);
        return
        [
            .. from layer in graph.Layers
               from tensor in layer.Outputs
               where noise.ContainsKey(tensor)
               let source = _squares.GateOf(tensor) ?? graph.Tensors[tensor].Source
               let steps = _steps.GetValueOrDefault(tensor)
               select new TensorDiff(
                   tensor,
                   layer.Name,
                   !_unseen.Contains(tensor),
                   noise[tensor].SqnrDb,
                   Budget(layer, tensor, noise),
                   noise[tensor].Saturated,
                   steps?.Largest,
                   steps?.Bound,
                   steps?.Beyond ?? 0,
                   model.Matched.GetValueOrDefault(source, [])),
        ];
    }

    /// <summary>A tensor's values in the float model; where the model itself quantizes them, as far as its quantizer reaches. Null if it has none.</summary>
    private float[]? Reference(string name, IReadOnlyDictionary<string, float[]> floats) =>
        !floats.TryGetValue(graph.Tensors[name].Source, out var values) || values.Length != graph.Tensors[name].Count ? null
        : LimitsOf(name) is { } limits ? [.. values.Select(v => Math.Clamp(v, (float)limits.Low, (float)limits.High))]
        : values;

    private TensorEncoding? LimitsOf(string name) => graph.Tensors[name] switch
    {
        { Type: QType.Int8 } t => model.Encodings.Narrow(t.Source),
        { Source: var source } when _layerOf.GetValueOrDefault(name) is QMap { Table.IsEmpty: true, Input: var copied } && graph.Tensors[copied].Source == source => LimitsOf(copied),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _qdq.Dispose();

    /// <summary>Decibels: what came in by the noisiest input and what the layer may add, with the margin.</summary>
    private double Budget(QLayer layer, string tensor, Dictionary<string, TensorNoise> noise) => -10 * Math.Log10(Allowed(layer, tensor, noise));

    private double Allowed(QLayer layer, string tensor, Dictionary<string, TensorNoise> noise) =>
        NoiseBudget.Margin * ((layer.Inputs.Select(i => Coming(i, noise)).DefaultIfEmpty(0).Max() * _budget.Gain(layer)) + _budget.Own(layer, tensor));

    // What stands for no tensor of the float model cannot be measured: it is taken to be as noisy as it may be.
    private double Coming(string input, Dictionary<string, TensorNoise> noise) =>
        noise.TryGetValue(input, out var known) ? Ratio(known.SqnrDb)
        : _layerOf.TryGetValue(input, out var layer) ? Allowed(layer, input, noise)
        : 0;

    private static double Ratio(double decibels) => Math.Pow(10, -decibels / 10);

    private void Compare(string tensor, int[] device, int[] qdq, int[] bounds)
    {
        if (!_steps.TryGetValue(tensor, out var steps))
        {
            _steps.Add(tensor, steps = new Steps());
        }

        for (var i = 0; i < device.Length; i++)
        {
            var difference = Math.Abs(device[i] - qdq[i]);
            var isBeyond = difference > bounds[i];
            var isFirstBeyond = isBeyond && steps.Beyond == 0;
            steps.Beyond += isBeyond ? 1 : 0;
            if (isFirstBeyond || ((isBeyond || steps.Beyond == 0) && difference >= steps.Largest))
            {
                (steps.Largest, steps.Bound) = (difference, bounds[i]);
            }
        }
    }

    private sealed class Steps
    {
        public int Largest { get; set; }

        public int Bound { get; set; }

        public long Beyond { get; set; }
    }
}
