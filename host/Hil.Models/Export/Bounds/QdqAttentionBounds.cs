using System.Numerics.Tensors;
using Hil.Models.Quantized;

namespace Hil.Models.Export.Bounds;

/// <summary>Attention, row by row and head by head (§11.5).</summary>
public static partial class QdqBounds
{
    /// <summary>Relative error of the device's 1/Σ (docs/numerics.md §7).</summary>
    private const double RowScaleError = 3.1e-5;

    private const int ScoreSteps = 256;

    private static int[] Attention(QuantizedGraph graph, QAttention a, IReadOnlyDictionary<string, int[]> elements)
    {
        var (value, output) = (graph.Tensors[a.Value], graph.Tensors[a.Output]);
        var v = elements[a.Value];
        var result = new int[output.Count];
        var factor = value.Scale / output.Scale;
        var relative = FactorError(a.SoftmaxFactor, a.ContextShift, factor);
        var float32 = Float32Error(a.ValidLength) * sbyte.MaxValue;
        var scores = new AttentionScores(graph, a, elements);
        var errors = new double[a.ValidLength];
        for (var head = 0; head < a.Heads; head++)
        {
            for (var row = 0; row < output.Rows; row++)
            {
                scores.Compute(head, row);
                var sum = Weights(scores, errors);
                for (var c = head * a.ValueSize; c < (head + 1) * a.ValueSize; c++)
                {
                    result[(row * output.Columns) + c] = sum == 0 ? 0 : Rounded(factor * Drift(c, sum));
                }
            }
        }

        return result;

        // How far a column's average can be off, in steps of the values.
        double Drift(int column, double sum)
        {
            int Element(int key) => v[((scores.FirstKey + key) * value.Columns) + column];
            var (low, high) = (int.MaxValue, int.MinValue);
            for (var key = 0; key < errors.Length; key++)
            {
                (low, high) = scores.Counts[key] ? (Math.Min(low, Element(key)), Math.Max(high, Element(key))) : (low, high);
            }

            var drift = 0.0;
            for (var key = 0; key < errors.Length; key++)
            {
                drift += scores.Counts[key] ? errors[key] * Math.Max(Element(key) - low, high - Element(key)) : 0;
            }

            return (drift / sum) + (Math.Max(Math.Abs(low), Math.Abs(high)) * relative) + float32;
        }
    }

    /// <summary>The softmax alone: the value of one key, of which the others have 0.</summary>
    private static int[] Softmax(QuantizedGraph graph, QSoftmax s, int[] x)
    {
        var (columns, output) = (graph.Tensors[s.Input].Columns, graph.Tensors[s.Output]);
        var result = new int[x.Length];
        var step = Math.ScaleB(s.ScoreMultiplier, -s.ScoreShift);
        var relative = FactorError(s.Factor, s.Shift, 1 / output.Scale);
        var float32 = Float32Error(columns);
        var scores = new RowScores(columns);
        var errors = new double[columns];
        for (var row = 0; row < x.Length; row += columns)
        {
            scores.Clear(0.5);
            for (var c = 0; c < columns; c++)
            {
                scores.Set(c, x[row + c] * step, bias: 0);
            }

            var sum = Weights(scores, errors);
            var all = errors.Sum();
            for (var c = 0; c < columns; c++)
            {
                // |d_k·(1 − p) − p·Σ d_i| over the p that the real weight can be.
                var probability = Math.Min(1, (scores.Exponential(c) + errors[c]) / Math.Max(sum - all, double.Epsilon));
                var drift = Math.Max(errors[c], (errors[c] * (1 - probability)) + (probability * (all - errors[c]))) / sum;
                result[row + c] = Rounded((drift + (probability * (relative + float32))) / output.Scale);
            }
        }

        return result;
    }

    /// <summary>Relative error of the factor on a row against the quotient of the two scales, and of the row scale.</summary>
    private static double FactorError(ushort multiplier, int shift, double factor)
    {
        var ratio = Math.ScaleB(multiplier, -shift) / factor;
        return (Math.Max(ratio, 1 / ratio) * (1 + RowScaleError)) - 1;
    }

    /// <summary>Of exponentials and a quotient of two sums of n terms in float32, relative to the largest term.</summary>
    private static double Float32Error(int n) => 2 * (n + 16) * Unit;

    /// <summary>
    /// How far each e of the device can be from 127·2^(−t/256) of the float scores; gives Σe. A score that saturates so that it matters leaves
    /// nothing to promise.
    /// </summary>
    private static double Weights(RowScores scores, double[] errors)
    {
        var sum = 0.0;
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] = 0;
            if (!scores.Counts[i])
            {
                continue;
            }

            var (t, half, e) = (scores.Below(i), scores.Half, scores.Exponential(i));
            var least = sbyte.MaxValue * double.Exp2((-t - half) / ScoreSteps);
            var most = sbyte.MaxValue * double.Exp2((-t + half) / ScoreSteps);
            errors[i] = scores.IsSaturated(i) ? double.PositiveInfinity : Math.Max(Math.Abs(e - least), Math.Abs(e - most));
            sum += e;
        }

        return sum;
    }

    /// <summary>The scores of one row of an attention.</summary>
    private sealed class AttentionScores(QuantizedGraph graph, QAttention a, IReadOnlyDictionary<string, int[]> elements) : RowScores(a.ValidLength)
    {
        private readonly QTensor _query = graph.Tensors[a.Query];
        private readonly int[] _q = elements[a.Query];
        private readonly int[] _k = elements[a.Key];
        private readonly int[]? _mask = a.Mask is { } mask ? elements[mask] : a.Keys.IsEmpty ? null : [.. a.Keys.Select(k => (int)k)];
        private readonly double _step = Math.ScaleB(a.ScoreMultiplier, -a.ScoreShift);

        /// <summary>First row of the keys of the row's window.</summary>
        public int FirstKey { get; private set; }

        public void Compute(int head, int row)
        {
            var queries = _query.Rows / a.Windows;
            var (window, local) = Math.DivRem(row, queries);
            var columns = _query.Columns;
            FirstKey = window * (graph.Tensors[a.Key].Rows / a.Windows);
            Clear(0.5 + ((a.HeadSize + 8) * Unit * a.HeadSize * sbyte.MaxValue * sbyte.MaxValue * _step));
            var query = _q.AsSpan((row * columns) + (head * a.HeadSize), a.HeadSize);
            for (var key = 0; key < a.ValidLength; key++)
            {
                if (key >= a.FirstLength + (a.Causal ? local : 0) || (_mask is not null && _mask[key] == 0))
                {
                    continue;
                }

                var dot = TensorPrimitives.Dot<int>(query, _k.AsSpan(((FirstKey + key) * columns) + (head * a.HeadSize), a.HeadSize));
                Set(key, dot * _step, a.Bias.IsEmpty ? 0 : a.Bias[((((((window * a.Heads) + head) * queries) + local) * a.ValidLength) + key) % a.Bias.Length]);
            }
        }
    }
}
