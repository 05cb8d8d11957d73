using System.Numerics.Tensors;
using Hil.Contract.Numerics;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Tests;

/// <summary>
/// Runs a quantized graph on plain integers, straight from docs/numerics.md: the judge of quantization that needs no compiler.
/// </summary>
internal sealed class IntegerExecutor(QuantizedGraph graph)
{
    private readonly Dictionary<string, int[]> _weights =
        graph.Layers.OfType<QProduct>().ToDictionary(p => p.Output, p => p.Weights.Select(w => (int)w).ToArray());

    /// <summary>All tensors of one sample, by name.</summary>
    public Dictionary<string, int[]> Run(ReadOnlySpan<float> input) =>
        Run(new Dictionary<string, float[]> { [graph.Tensors[graph.Input].Source] = input.ToArray() });

    /// <summary>The same for what the host gives, by ONNX tensor.</summary>
    public Dictionary<string, int[]> Run(IReadOnlyDictionary<string, float[]> given)
    {
        var tensors = graph.Inputs.ToDictionary(i => i, i => QEncoding.Encode(graph.Tensors[i], given[graph.Tensors[i].Source]));
        foreach (var mask in graph.Masks)
        {
            tensors[mask.Name] = MaskBits.Keys(mask.Source, given[mask.Source.Tensor]);
        }

        foreach (var layer in graph.Layers)
        {
            switch (layer)
            {
                case QProduct p:
                    tensors[p.Output] = Product(p, tensors);
                    break;
                case QAttention a:
                    tensors[a.Output] = Attention(a, tensors);
                    break;
                case QNormalize n:
                    Normalize(n, tensors);
                    break;
                case QMap m:
                    tensors[m.Output] = [.. tensors[m.Input].Select(x =>
                        Finish(Rhe(Saturate32((long)x + m.Bias) * m.Multiplier, m.Shift), m.Table, graph.Tensors[m.Output].Type))];
                    break;
                case QSelectRows s:
                    var columns = graph.Tensors[s.Output].Columns;
                    tensors[s.Output] = tensors[s.Input].AsSpan(s.First * columns, s.Count * columns).ToArray();
                    break;
                default:
                    tensors[layer.Outputs.Single()] = IntegerElements.Run(graph, layer, tensors);
                    break;
            }
        }

        return tensors;
    }

    /// <summary>p·2⁻ˢ rounded half to even.</summary>
    public static long Rhe(long p, int s)
    {
        if (s == 0)
        {
            return p;
        }

        var quotient = p >> s;
        var rest = p - (quotient << s);
        var half = 1L << (s - 1);
        return rest > half || (rest == half && (quotient & 1) == 1) ? quotient + 1 : quotient;
    }

    private static long Saturate32(long x) => Math.Clamp(x, int.MinValue, int.MaxValue);

    private static int Finish(long y, IReadOnlyList<sbyte> table, QType type) =>
        table.Count > 0 ? table[(int)Math.Clamp(y, -128, 127) & 255]
        : type == QType.Int16 ? (int)Math.Clamp(y, -32767, 32767)
        : (int)Math.Clamp(y, -127, 127);

    private int[] Product(QProduct p, Dictionary<string, int[]> tensors)
    {
        var (x, output) = (tensors[p.Input], graph.Tensors[p.Output]);
        var weights = _weights[p.Output];
        var result = p.Residual is { } residual ? [.. tensors[residual]]
            : p.Initial.IsEmpty ? new int[output.Count]
            : p.Initial.Select(v => (int)v).ToArray();
        var accumulator = new int[p.N];
        x = Rows(p, x, graph.Tensors[p.Input]);
        for (var row = 0; row < x.Length / p.K; row++)
        {
            Array.Clear(accumulator);
            for (var k = 0; k < p.K; k++)
            {
                TensorPrimitives.MultiplyAdd(weights.AsSpan(k * p.N, p.N), x[(row * p.K) + k], accumulator, accumulator);
            }

            for (var c = 0; c < p.N; c++)
            {
                var y = Rhe(Saturate32((long)accumulator[c] + p.Bias[c]) * p.Multiplier[c], p.Shift);
                var place = ((row + p.OutputRowOffset) * p.N) + c;
                var value = Finish(y, p.Table, output.Type);
                result[place] = p.Accumulates ? Math.Clamp(result[place] + value, -32767, 32767) : value;
            }
        }

        return result;
    }

    /// <summary>The rows of the product: those of the input, or what a window sees of them.</summary>
    private static int[] Rows(QProduct p, int[] x, QTensor input)
    {
        if (p.Window is not { } window)
        {
            return x;
        }

        var result = new int[window.Outputs * p.K];
        for (var i = 0; i < result.Length; i++)
        {
            var (tap, channel) = Math.DivRem(i % p.K, input.Columns);
            var source = window.Source(i / p.K, tap);
            result[i] = source < 0 ? input.ZeroPoint : x[(source * input.Columns) + channel];
        }

        return result;
    }

    private int[] Attention(QAttention a, Dictionary<string, int[]> tensors)
    {
        var (q, k, v) = (tensors[a.Query], tensors[a.Key], tensors[a.Value]);
        var (rows, queries, keysOfWindow) = (graph.Tensors[a.Query].Rows, graph.Tensors[a.Query].Rows / a.Windows, graph.Tensors[a.Key].Rows / a.Windows);
        var (columns, width) = (a.Heads * a.HeadSize, a.Heads * a.ValueSize);
        int[]? keys = a.Mask is { } mask ? tensors[mask] : a.Keys.IsEmpty ? null : [.. a.Keys.Select(x => (int)x)];
        var result = new int[rows * width];
        var (scores, e) = (new int[a.ValidLength], new int[a.ValidLength]);
        for (var h = 0; h < a.Heads; h++)
        {
            for (var row = 0; row < rows; row++)
            {
                var window = row / queries;
                var first = window * keysOfWindow;
                bool Counts(int key) => key < a.FirstLength + (a.Causal ? row : 0) && (keys is null || keys[key] != 0);
                var query = q.AsSpan((row * columns) + (h * a.HeadSize), a.HeadSize);
                for (var key = 0; key < a.ValidLength; key++)
                {
                    var dot = TensorPrimitives.Dot<int>(query, k.AsSpan(((first + key) * columns) + (h * a.HeadSize), a.HeadSize));
                    scores[key] = (int)Math.Clamp(Rhe((long)dot * a.ScoreMultiplier, a.ScoreShift), -32767, 32767);
                    if (!a.Bias.IsEmpty)
                    {
                        var bias = a.Bias[(((((window * a.Heads) + h) * queries) + (row % queries)) * a.ValidLength + key) % a.Bias.Length];
                        scores[key] = Math.Clamp(scores[key] + bias, -32767, 32767);
                    }
                }

                var max = Enumerable.Range(0, e.Length).Where(Counts).Select(key => scores[key]).DefaultIfEmpty(0).Max();
                for (var key = 0; key < e.Length; key++)
                {
                    var t = max - scores[key];
                    e[key] = t >= 16 * 256 || !Counts(key) ? 0 : (int)Rhe(ConstantTables.Exponentials[t & 255], (t >> 8) + 8);
                }

                var sum = e.Sum(x => (long)x);
                var z = sum == 0 ? 0 : 63 - long.LeadingZeroCount(sum);
                var m = sum == 0 ? 0 : Math.Min(65535, (((2L * a.SoftmaxFactor) << (int)z) + sum) / (2 * sum));
                var accumulator = new int[a.ValueSize];
                for (var key = 0; key < e.Length; key++)
                {
                    TensorPrimitives.MultiplyAdd(v.AsSpan(((first + key) * width) + (h * a.ValueSize), a.ValueSize), e[key], accumulator, accumulator);
                }

                for (var c = 0; c < a.ValueSize; c++)
                {
                    var y = Rhe(accumulator[c] * m, Math.Min(63, a.ContextShift + (int)z));
                    result[(row * width) + (h * a.ValueSize) + c] = (int)Math.Clamp(y, -127, 127);
                }
            }
        }

        return result;
    }

    private void Normalize(QNormalize layer, Dictionary<string, int[]> tensors)
    {
        var x = tensors[layer.Input];
        var n = graph.Tensors[layer.Input].Columns;
        var (narrow, wide) = (new int[x.Length], new int[x.Length]);
        for (var row = 0; row < x.Length; row += n)
        {
            var values = x.AsSpan(row, n);
            long sum = 0, squares = 0;
            foreach (var value in values)
            {
                sum += value;
                squares += (long)value * value;
            }

            sum = layer.Rms ? 0 : sum;

            var variance = (n * squares) - (sum * sum) + layer.Epsilon;
            var (y, b) = variance == 0 ? (0L, 10) : InverseRoot(variance);
            for (var c = 0; c < n; c++)
            {
                var standard = Math.Clamp(Rhe(((n * (long)values[c]) - sum) * y, (b / 2) + 12), -32767, 32767);
                var q = (standard * layer.Gain[c]) + layer.Bias[c];
                narrow[row + c] = (int)Math.Clamp(Rhe(q, layer.Shift8), -127, 127);
                wide[row + c] = (int)Math.Clamp(Rhe(q, layer.Shift16), -32767, 32767);
            }
        }

        if (layer.Output8 is { } output8)
        {
            tensors[output8] = narrow;
        }

        if (layer.Output16 is { } output16)
        {
            tensors[output16] = wide;
        }
    }

    private static (long Y, int B) InverseRoot(long v)
    {
        var bits = 64 - (int)long.LeadingZeroCount(v);
        var b = (2 * ((bits + 1) / 2)) - 16;
        var m = b >= 0 ? v >> b : v << -b;
        var y0 = (long)ConstantTables.ReciprocalRootSeeds[(int)(m >> 9) - 32] << 7;
        var p = ((y0 * y0 >> 16) * m) >> 15;
        return (Math.Min(65535, ((y0 * (98304 - p)) + 32768) >> 16), b);
    }
}
