using Hil.Models.Quantized;

namespace Hil.Models.Quality;

/// <summary>
/// The parts of a gate a·b that no tensor of the float model shows (docs/numerics.md §5.2): sums and differences of a/A and b/B, and their quarter squares. They
/// are found by what they compute, and given the values that they have without rounding.
/// </summary>
internal sealed class QuarterSquares
{
    private const int TableSize = 256;

    private readonly QuantizedGraph _graph;
    private readonly List<QLayer> _layers = [];
    private readonly Dictionary<string, string> _gates = [];

    public QuarterSquares(QuantizedGraph graph)
    {
        _graph = graph;
        var makers = graph.Layers.SelectMany(l => l.Outputs.Select(o => (o, l))).ToDictionary(p => p.o, p => p.l);
        foreach (var gate in graph.Layers.OfType<QSum>())
        {
            QLayer[] parts = [.. gate.Inputs.SelectMany(Parts)];
            if (parts is [QSum { Left: var a, Right: var b }, _, _, QSum other, _, _] && other.Left == a && other.Right == b)
            {
                _layers.AddRange(parts);
                foreach (var output in parts.SelectMany(p => p.Outputs))
                {
                    _gates[output] = graph.Tensors[gate.Output].Source;
                }
            }
        }

        // The sum, its square, and the square in 16 bits; nothing if it is none.
        QLayer[] Parts(string wide) =>
            makers.GetValueOrDefault(wide) is QMap { Table.IsEmpty: true } copy && makers.GetValueOrDefault(copy.Input) is QMap square && IsQuarterSquare(graph, square)
                && makers.GetValueOrDefault(square.Input) is QSum sum && graph.Tensors[sum.Output].Source.Length == 0
                ? [sum, square, copy]
                : [];
    }

    /// <summary>Whether a table's entries are x²/4 of the values x that its index stands for, to one step and what the ends cut off.</summary>
    public static bool IsQuarterSquare(QuantizedGraph graph, QMap map)
    {
        if (map.Table.Length != TableSize || map.Multiplier == 0)
        {
            return false;
        }

        var (input, output) = (graph.Tensors[map.Input], graph.Tensors[map.Output]);
        for (var index = sbyte.MinValue; ; index++)
        {
            var x = ((Math.ScaleB(index, map.Shift) / map.Multiplier) - map.Bias - input.ZeroPoint) * input.Scale;
            var step = Math.Clamp((x * x / 4 / output.Scale) + output.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            if (Math.Abs(map.Table[index & (TableSize - 1)] - step) > 1)
            {
                return false;
            }

            if (index == sbyte.MaxValue)
            {
                return true;
            }
        }
    }

    /// <summary>The float model's tensor that a part belongs to; null for any other tensor.</summary>
    public string? GateOf(string tensor) => _gates.GetValueOrDefault(tensor);

    /// <summary>The parts' values, from the values of the tensors that the gates multiply, by their names in the quantized graph.</summary>
    public IEnumerable<(string Tensor, float[] Values)> Values(Func<string, float[]?> valuesOf)
    {
        var parts = new Dictionary<string, float[]>();
        foreach (var layer in _layers)
        {
            float[]? values = layer switch
            {
                QSum sum when valuesOf(sum.Left) is { } a && valuesOf(sum.Right) is { } b => Sum(sum, a, b),
                QMap { Table.IsEmpty: false } square when parts.TryGetValue(square.Input, out var x) => [.. x.Select(v => v * v / 4)],
                QMap copy => parts.GetValueOrDefault(copy.Input),
                _ => null,
            };
            if (values is not null)
            {
                parts[layer.Outputs.Single()] = values;
                yield return (layer.Outputs.Single(), values);
            }
        }

        float[] Sum(QSum sum, float[] left, float[] right)
        {
            var (l, r) = (NoiseBudget.Factor(_graph, sum, sum.LeftMultiplier, sum.Left), NoiseBudget.Factor(_graph, sum, sum.RightMultiplier, sum.Right));
            return [.. left.Zip(right, (x, y) => (float)((l * x) + (r * y)))];
        }
    }
}
