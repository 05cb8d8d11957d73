using Hil.Models.Quantized;

namespace Hil.Models.Export.Bounds;

/// <summary>
/// The largest difference, in steps of a tensor, between what the device gives and what the QDQ form of the same layer gives in float32,
/// from the same input elements: the formulas of docs/numerics.md §11.
/// </summary>
public static partial class QdqBounds
{
    /// <summary>Half a unit in the last place of a float32 number, relative to it.</summary>
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>What nothing is promised beyond: the whole range of int16.</summary>
    private const int NoBound = ushort.MaxValue;

    /// <summary>
    /// For each output tensor of a layer, one bound an element. <paramref name="elements"/> holds the integers of the layer's inputs
    /// (of a wide input, 128·hi + lo; of a mask, 1 for each key that counts), row-major.
    /// </summary>
    public static IReadOnlyDictionary<string, int[]> Steps(QuantizedGraph graph, QLayer layer, IReadOnlyDictionary<string, int[]> elements)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(elements);
        return layer switch
        {
            QProduct p => new Dictionary<string, int[]> { [p.Output] = Product(graph, p) },
            QMap m => new Dictionary<string, int[]> { [m.Output] = Map(graph, m) },
            QAttention a => new Dictionary<string, int[]> { [a.Output] = Attention(graph, a, elements) },
            QNormalize n => Normalize(graph, n, elements[n.Input]),
            QSelectRows s => new Dictionary<string, int[]> { [s.Output] = new int[graph.Tensors[s.Output].Count] },
            QSum s => new Dictionary<string, int[]> { [s.Output] = Sum(s, elements[s.Left], elements[s.Right]) },
            QSoftmax s => new Dictionary<string, int[]> { [s.Output] = Softmax(graph, s, elements[s.Input]) },
            QGatherRows g => new Dictionary<string, int[]> { [g.Output] = Gather(graph, g, elements) },
            QActivationProduct p => new Dictionary<string, int[]> { [p.Output] = ActivationProduct(graph, p, elements[p.Left], elements[p.Right]) },
            QConstant or QMaximumPool or QTranspose => layer.Outputs.ToDictionary(o => o, o => new int[graph.Tensors[o].Count]),
            _ => throw new ArgumentException($"{layer.GetType().Name} has no bound.", nameof(layer)),
        };
    }

    /// <summary>Two real numbers that differ by δ round to integers that differ by at most ⌊δ⌋ + 1.</summary>
    private static int Rounded(double difference) =>
        double.IsFinite(difference) && difference < NoBound - 1 ? (int)Math.Floor(difference) + 1 : NoBound;

    /// <summary>§11.1: the sum of K + 1 rounded products, each of two rounded factors.</summary>
    private static int[] Product(QuantizedGraph graph, QProduct p)
    {
        var (input, output) = (graph.Tensors[p.Input], graph.Tensors[p.Output]);
        var largest = input.Type == QType.Wide15 ? QTensor.Wide15Maximum : -(double)sbyte.MinValue;
        var columns = new int[p.N];
        for (var c = 0; c < p.N; c++)
        {
            var (sum, magnitude) = (0L, 0L);
            for (var r = 0; r < p.K; r++)
            {
                sum += p.Weights[(r * p.N) + c];
                magnitude += Math.Abs((long)p.Weights[(r * p.N) + c]);
            }

            var step = Math.ScaleB(p.Multiplier[c], -p.Shift);
            var bias = Math.Abs(p.Bias[c] + ((double)input.ZeroPoint * sum)) + (Math.Abs(p.Meaning?.Offset ?? 0) / Math.Max(step, double.Epsilon));
            var total = ((largest + Math.Abs(input.ZeroPoint)) * magnitude) + bias;
            columns[c] = Through(p.Table.AsSpan(), Rounded((p.K + 8) * Unit * total * step), p.Meaning is not null);
        }

        var result = new int[output.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var row = i / p.N;
            result[i] = row >= p.OutputRowOffset && row < p.OutputRowOffset + (p.Window?.Outputs ?? input.Rows) ? columns[i % p.N] : 0;
        }

        return result;
    }

    /// <summary>§11.4: what a table makes of an index that is so many steps off, and one step where the file has the function in float32.</summary>
    private static int Through(ReadOnlySpan<sbyte> table, int steps, bool isFunction)
    {
        if (table.IsEmpty)
        {
            return steps;
        }

        var largest = 0;
        for (var i = -128; i < 128; i++)
        {
            for (var j = i + 1; j <= Math.Min(127, i + steps); j++)
            {
                largest = Math.Max(largest, Math.Abs(table[i & 255] - table[j & 255]));
            }
        }

        return largest + (isFunction ? 1 : 0);
    }

    /// <summary>§11.3: the multiplier of the map against the quotient of the two scales, over all elements that do not saturate.</summary>
    private static int[] Map(QuantizedGraph graph, QMap m)
    {
        var (input, output) = (graph.Tensors[m.Input], graph.Tensors[m.Output]);
        var result = new int[output.Count];
        if (m.Table.IsEmpty && input.Source == output.Source && input.Scale == output.Scale && input.Type == output.Type)
        {
            return result;
        }

        if (!m.Table.IsEmpty && m.Meaning is null)
        {
            // The file has the map's own multiplier and bias: float32 roundings are all that differs.
            var factor = Math.ScaleB(m.Multiplier, -m.Shift);
            var size = 256 + (2 * factor * (Math.Abs((double)m.Bias) + Math.Abs(input.ZeroPoint)));
            Array.Fill(result, Through(m.Table.AsSpan(), Rounded(8 * Unit * size), isFunction: false));
            return result;
        }

        var (step, offset) = m.Meaning is { } meaning ? (meaning.Scale, meaning.Offset) : (output.Scale, 0);
        var limit = output.Type == QType.Int16 ? short.MaxValue : 128;
        var largest = Math.Min(input.Type == QType.Int16 ? short.MaxValue : 256, (limit + Math.Abs(offset) + 1) * step / input.Scale);
        var difference = 0.0;
        foreach (var x in new[] { -largest, largest })
        {
            var real = (x * input.Scale / step) + offset;
            var device = (x + input.ZeroPoint + m.Bias) * Math.ScaleB(m.Multiplier, -m.Shift);
            difference = Math.Max(difference, Math.Abs(real - device));
        }

        Array.Fill(result, Through(m.Table.AsSpan(), Rounded(difference + (4 * Unit * (limit + Math.Abs(offset) + 1))), m.Meaning is not null));
        return result;
    }
}
