using Hil.Models.Quantized;

namespace Hil.Models.Quality;

/// <summary>How far one tensor of a quantized graph is from the float model, over all samples given.</summary>
/// <param name="Tensor">Name in the quantized graph.</param>
/// <param name="Layer">Layer that gives it; null for the input.</param>
/// <param name="SqnrDb">10·log₁₀(Σ float²/Σ (float − device)²).</param>
/// <param name="Saturated">Elements at a limit of their type whose float value is more than half a step beyond it.</param>
/// <param name="Elements">Elements compared.</param>
public sealed record TensorNoise(string Tensor, string? Layer, double SqnrDb, long Saturated, long Elements)
{
    /// <summary>Share of saturated elements.</summary>
    public double SaturatedShare => Elements == 0 ? 0 : (double)Saturated / Elements;
}

/// <summary>
/// Collects noise per layer: give it, sample by sample, the integers of a device's tensors and the float model's tensors.
/// A tensor that is never given is not reported.
/// </summary>
public sealed class NoiseMeter
{
    private readonly QuantizedGraph _graph;
    private readonly Dictionary<string, Sums> _sums = [];

    /// <summary>Prepares to compare tensors of a graph.</summary>
    public NoiseMeter(QuantizedGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _graph = graph;
    }

    /// <summary>ONNX names of the float tensors that <see cref="Add"/> compares with.</summary>
    public IEnumerable<string> Sources => _graph.Tensors.Values.Select(t => t.Source).Where(s => s.Length > 0).Distinct();

    /// <summary>
    /// Compares one tensor of one sample. <paramref name="device"/> holds the elements as integers (of a wide input, 128·hi + lo),
    /// <paramref name="reference"/> the values of <see cref="QTensor.Source"/>; both row-major, each in its own order. Rows from <paramref name="validRows"/>
    /// on are left out.
    /// </summary>
    public void Add(string tensor, ReadOnlySpan<int> device, ReadOnlySpan<float> reference, int validRows = int.MaxValue)
    {
        if (!_graph.Tensors.TryGetValue(tensor, out var t) || device.Length != t.Count || reference.Length != t.Count)
        {
            throw new ArgumentException($"'{tensor}' is no tensor of the graph, or has another shape.", nameof(tensor));
        }

        var (low, high) = t.Type switch
        {
            QType.Int8 => (t.ZeroPoint == 0 ? -127 : -128, 127),
            QType.Int16 => (-short.MaxValue, short.MaxValue),
            _ => (-QTensor.Wide15Maximum, QTensor.Wide15Maximum),
        };
        if (t.Order is { } order)
        {
            reference = order.ToElements(reference);
        }

        if (!_sums.TryGetValue(tensor, out var sums))
        {
            _sums.Add(tensor, sums = new Sums());
        }

        var count = Math.Min(validRows, t.Rows) * t.Columns;
        for (var i = 0; i < count; i++)
        {
            var value = t.Scale * (device[i] - t.ZeroPoint);
            var difference = reference[i] - value;
            sums.Signal += (double)reference[i] * reference[i];
            sums.Noise += difference * difference;
            sums.Saturated += (device[i] <= low && difference < -t.Scale / 2) || (device[i] >= high && difference > t.Scale / 2) ? 1 : 0;
        }

        sums.Elements += count;
    }

    /// <summary>The tensors given so far, in the order in which the layers give them.</summary>
    public IReadOnlyList<TensorNoise> Report() =>
    [
        .. _graph.Inputs.Select(i => (Tensor: i, Layer: (string?)null))
            .Concat(_graph.Layers.SelectMany(l => l.Outputs.Select(o => (Tensor: o, Layer: (string?)l.Name))))
            .Where(t => _sums.ContainsKey(t.Tensor))
            .Select(t => new TensorNoise(
                t.Tensor,
                t.Layer,
                Metrics.Decibels(_sums[t.Tensor].Signal, _sums[t.Tensor].Noise),
                _sums[t.Tensor].Saturated,
                _sums[t.Tensor].Elements)),
    ];

    private sealed class Sums
    {
        public double Signal { get; set; }

        public double Noise { get; set; }

        public long Saturated { get; set; }

        public long Elements { get; set; }
    }
}
