using Hil.Models.Quantized;

namespace Hil.Models.Quality;

/// <summary>
/// How much noise a layer may add: what the roundings of its own output, index, weights, standardized rows and softmax weights amount to, as independent errors
/// of one step's width (variance step²/12). A tensor's budget is <see cref="Margin"/> times what came in and what the layer may add.
/// </summary>
public sealed class NoiseBudget(QuantizedGraph graph)
{
    /// <summary>Power: 6 dB for errors that are not independent, and for functions steeper than 1.</summary>
    public const double Margin = 4;

    private const double Uniform = 1.0 / 12;

    /// <summary>A softmax weight e is a whole number up to this (docs/numerics.md §7).</summary>
    private const double LargestSoftmaxWeight = 127;

    private readonly Dictionary<string, (double Sum, long Count)> _power = [];
    private readonly Dictionary<string, (double Noise, double Signal)> _normalized = [];
    private readonly Dictionary<string, string> _copied = graph.Layers
        .Where(l => l is QTranspose or QSelectRows or QMap { Table.IsEmpty: true }).ToDictionary(l => l.Outputs.Single(), l => l.Inputs.Single());
    private readonly ILookup<string, QNormalize> _norms = graph.Layers.OfType<QNormalize>().ToLookup(n => n.Input);

    /// <summary>Takes in the float values of one tensor of one sample.</summary>
    public void Add(string tensor, ReadOnlySpan<float> values)
    {
        var (sum, count) = _power.GetValueOrDefault(tensor);
        foreach (var value in values)
        {
            sum += (double)value * value;
        }

        _power[tensor] = (sum, count + values.Length);
        if (_norms[tensor].FirstOrDefault() is { } norm)
        {
            var t = graph.Tensors[tensor];
            AddRows(norm, t, t.Order is { } order ? order.ToElements(values) : values);
        }
    }

    /// <summary>
    /// By how much a layer makes the noise-to-signal ratio of its input larger. A layer norm subtracts each row's mean, which is signal but not noise, and
    /// divides both by the row's own √(variance + ε): by power(x)·mean(1/(variance + ε))/mean(variance/(variance + ε)). In a product of two activations the noise of
    /// each meets the power of the other K times, whatever of the signal cancels in the sum. A sum adds the noise of both parts, whatever cancels; x²/4 has
    /// the slope x/2.
    /// </summary>
    public double Gain(QLayer layer) => layer switch
    {
        QNormalize n when _normalized.TryGetValue(n.Input, out var rows) && rows.Signal > 0 => MeanSquare(n.Input) * rows.Noise / rows.Signal,
        QActivationProduct p when MeanSquare(p.Output) is > 0 and var signal && MeanSquare(p.Left) > 0 && MeanSquare(p.Right) > 0 => 2 * p.Layouts(graph).Left.BlockColumns * Squared(Factor(p)) * MeanSquare(p.Left) * MeanSquare(p.Right) / signal,
        QSum s when MeanSquare(s.Output) is > 0 and var signal && MeanSquare(s.Left) + MeanSquare(s.Right) > 0 =>
            ((Squared(Factor(graph, s, s.LeftMultiplier, s.Left)) * MeanSquare(s.Left)) + (Squared(Factor(graph, s, s.RightMultiplier, s.Right)) * MeanSquare(s.Right))) / signal,
        QMap m when MeanSquare(m.Output) is > 0 and var signal && QuarterSquares.IsQuarterSquare(graph, m) => Squared(MeanSquare(m.Input)) / 4 / signal,
        _ => 1,
    };

    /// <summary>What a sum multiplies the values of one of its parts by: 1 where it adds them as they are.</summary>
    internal static double Factor(QuantizedGraph graph, QSum sum, short multiplier, string part) =>
        Math.ScaleB(multiplier, -sum.Shift) * graph.Tensors[sum.Output].Scale / graph.Tensors[part].Scale;

    private double Factor(QActivationProduct p) => Math.ScaleB(p.Multiplier, -p.Shift) * graph.Tensors[p.Output].Scale / (graph.Tensors[p.Left].Scale * graph.Tensors[p.Right].Scale);

    /// <summary>The noise-to-signal ratio that the layer itself may add to one of its outputs.</summary>
    public double Own(QLayer layer, string tensor)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var output = graph.Tensors[tensor];
        var signal = MeanSquare(tensor);
        if (signal == 0)
        {
            return 1;
        }

        var rounding = Squared(output.Scale) * Uniform;
        var more = layer switch
        {
            QProduct p => Index(p.Meaning) + Weights(p, output),
            QMap m when QuarterSquares.IsQuarterSquare(graph, m) => Squared(Math.ScaleB(graph.Tensors[m.Input].Scale, m.Shift) / m.Multiplier) * Uniform * MeanSquare(m.Input) / 4,
            QMap m => Index(m.Meaning),
            QAttention a => a.ValidLength * Uniform / Squared(LargestSoftmaxWeight) * MeanSquare(a.Value),
            QNormalize n => Standard(n, tensor, output),
            QSoftmax => Uniform / Squared(LargestSoftmaxWeight),
            _ => 0,
        };
        return (rounding + more) / signal;
    }

    private void AddRows(QNormalize norm, QTensor tensor, ReadOnlySpan<float> values)
    {
        var n = tensor.Columns;
        var epsilon = Math.Max(norm.Epsilon * Squared(tensor.Scale / n), double.Epsilon);
        var (noise, signal) = _normalized.GetValueOrDefault(tensor.Name);
        for (var at = 0; at < values.Length; at += n)
        {
            var (sum, squares) = (0.0, 0.0);
            foreach (var value in values.Slice(at, n))
            {
                (sum, squares) = (sum + value, squares + Squared(value));
            }

            var variance = Math.Max(0, norm.Rms ? squares / n : (squares / n) - Squared(sum / n));
            (noise, signal) = (noise + (1 / (variance + epsilon)), signal + (variance / (variance + epsilon)));
        }

        _normalized[tensor.Name] = (noise, signal);
    }

    private static double Squared(double x) => x * x;

    /// <summary>Of a tensor that the float model does not have, that of the one it is a copy of; 0 where nothing is known.</summary>
    private double MeanSquare(string tensor) => _power.TryGetValue(tensor, out var power) && power.Count > 0 ? power.Sum / power.Count
        : _copied.TryGetValue(tensor, out var source) ? MeanSquare(source)
        : 0;

    private static double Index(TableMeaning? meaning) => meaning is null ? 0 : Squared(meaning.Scale) * Uniform;

    /// <summary>The rounding of x̂, times its gain.</summary>
    private static double Standard(QNormalize n, string tensor, QTensor output) =>
        n.Gain.Average(g => Squared(Math.ScaleB(g, tensor == n.Output8 ? -n.Shift8 : -n.Shift16) * output.Scale)) * Uniform;

    /// <summary>K roundings of weights, each times an input.</summary>
    private double Weights(QProduct p, QTensor output)
    {
        var step = p.Meaning?.Scale ?? output.Scale;
        var columns = p.Multiplier.Average(m => Squared(Math.ScaleB(m, -p.Shift) * step / graph.Tensors[p.Input].Scale));
        return p.K * columns * Uniform * MeanSquare(p.Input);
    }
}
