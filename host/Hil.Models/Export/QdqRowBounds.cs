using System.Numerics.Tensors;
using Hil.Contract.Numerics;
using Hil.Models.Quantized;

namespace Hil.Models.Export;

/// <summary>The bounds of those operators that depend on the row: attention and layer norm.</summary>
public static partial class QdqBounds
{
    /// <summary>Relative error of the device's 1/Σ (docs/numerics.md §7).</summary>
    private const double RowScaleError = 3.1e-5;

    /// <summary>Relative error of the device's 1/√V (docs/numerics.md §6).</summary>
    private const double InverseRootError = 1.05e-4;

    private const int ScoreSteps = 256;
    private const int NormalizedFraction = 11;

    /// <summary>§11.5.</summary>
    private static int[] Attention(QuantizedGraph graph, QAttention a, IReadOnlyDictionary<string, int[]> elements)
    {
        var (query, value, output) = (graph.Tensors[a.Query], graph.Tensors[a.Value], graph.Tensors[a.Output]);
        var (q, k, v) = (elements[a.Query], elements[a.Key], elements[a.Value]);
        var result = new int[output.Count];
        var factor = value.Scale / output.Scale;
        var multiplier = Math.ScaleB(a.SoftmaxFactor, -a.ContextShift) / factor;
        var relative = (Math.Max(multiplier, 1 / multiplier) * (1 + RowScaleError)) - 1;
        var float32 = 2 * (a.ValidLength + 16) * Unit * sbyte.MaxValue;
        var score = Math.ScaleB(a.ScoreMultiplier, -a.ScoreShift);
        var half = 0.5 + ((a.HeadSize + 8) * Unit * a.HeadSize * sbyte.MaxValue * sbyte.MaxValue * score);
        var (errors, scores) = (new double[a.ValidLength], new double[a.ValidLength]);
        for (var head = 0; head < a.Heads; head++)
        {
            var first = head * a.HeadSize;
            var (low, high) = Extremes(v, value.Columns, first, a.HeadSize, a.ValidLength);
            for (var row = 0; row < query.Rows; row++)
            {
                for (var key = 0; key < a.ValidLength; key++)
                {
                    var dot = TensorPrimitives.Dot<int>(
                        q.AsSpan((row * query.Columns) + first, a.HeadSize), k.AsSpan((key * query.Columns) + first, a.HeadSize));
                    scores[key] = Math.Round(dot * score, MidpointRounding.ToEven);
                }

                var sum = Weights(scores, errors, half);
                for (var c = 0; c < a.HeadSize; c++)
                {
                    var drift = 0.0;
                    for (var key = 0; key < a.ValidLength; key++)
                    {
                        var element = v[(key * value.Columns) + first + c];
                        drift += errors[key] * Math.Max(element - low[c], high[c] - element);
                    }

                    var largest = Math.Max(Math.Abs(low[c]), Math.Abs(high[c]));
                    result[(row * output.Columns) + first + c] = Rounded(factor * ((drift / sum) + (largest * relative) + float32));
                }
            }
        }

        return result;
    }

    /// <summary>
    /// How far each e of the device can be from 127·2^(−t/256) of the float scores, which are within <paramref name="half"/> of the
    /// integer ones; gives Σe. A score that saturates leaves nothing to promise.
    /// </summary>
    private static double Weights(double[] scores, double[] errors, double half)
    {
        var largest = scores.Max();
        var isSaturated = largest >= short.MaxValue;
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            var t = (int)Math.Min(largest - scores[i], 16 * ScoreSteps);
            var e = t >= 16 * ScoreSteps ? 0 : Math.Round(Math.ScaleB(ConstantTables.Exponentials[t & 255], -((t >> 8) + 8)), MidpointRounding.ToEven);
            var (least, most) = (sbyte.MaxValue * double.Exp2((-t - half) / ScoreSteps), sbyte.MaxValue * double.Exp2((-t + half) / ScoreSteps));
            errors[i] = isSaturated ? double.PositiveInfinity : Math.Max(Math.Abs(e - least), Math.Abs(e - most));
            sum += e;
        }

        return sum;
    }

    private static (int[] Low, int[] High) Extremes(int[] values, int stride, int first, int columns, int rows)
    {
        var (low, high) = (new int[columns], new int[columns]);
        values.AsSpan(first, columns).CopyTo(low);
        values.AsSpan(first, columns).CopyTo(high);
        for (var row = 1; row < rows; row++)
        {
            for (var c = 0; c < columns; c++)
            {
                var element = values[(row * stride) + first + c];
                (low[c], high[c]) = (Math.Min(low[c], element), Math.Max(high[c], element));
            }
        }

        return (low, high);
    }

    /// <summary>§11.6.</summary>
    private static Dictionary<string, int[]> Normalize(QuantizedGraph graph, QNormalize layer, int[] x)
    {
        var n = graph.Tensors[layer.Input].Columns;
        var result = layer.Outputs.ToDictionary(o => o, _ => new int[x.Length]);
        for (var row = 0; row < x.Length; row += n)
        {
            var values = x.AsSpan(row, n);
            var (mean, absolute, square) = (0.0, 0.0, 0.0);
            foreach (var element in values)
            {
                (mean, absolute, square) = (mean + element, absolute + Math.Abs(element), square + ((double)element * element));
            }

            (mean, absolute, square) = (mean / n, absolute / n, square / n);
            var variance = square - (mean * mean) + (layer.Epsilon / ((double)n * n));
            var root = variance > 0 ? 1 / Math.Sqrt(variance) : 0;

            // ONNX Runtime takes the variance as the difference of two means of n rounded terms, and the mean as a sum of n.
            var relative = InverseRootError + (variance > 0 ? ((n + 6) * Unit * square / variance) : 0) + (4 * Unit);
            var shifted = (n + 2) * Unit * absolute * root;
            for (var c = 0; c < n; c++)
            {
                var standard = Math.ScaleB((values[c] - mean) * root, NormalizedFraction);
                var excess = Math.Max(0, Math.Abs(standard) - short.MaxValue);
                var error = 0.5 + excess + (relative * Math.Abs(standard)) + Math.ScaleB(shifted, NormalizedFraction);
                var size = (Math.Abs(standard) * Math.Abs(layer.Gain[c])) + Math.Abs(layer.Bias[c]);
                var difference = (error * Math.Abs(layer.Gain[c])) + (4 * Unit * size);
                foreach (var (output, shift) in new[] { (layer.Output8, layer.Shift8), (layer.Output16, layer.Shift16) })
                {
                    if (output is not null)
                    {
                        result[output][row + c] = Rounded(Math.ScaleB(difference, -shift));
                    }
                }
            }
        }

        return result;
    }
}
