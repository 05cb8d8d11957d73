using Hil.Contract.Numerics;
using Hil.Models.Quantized;

namespace Hil.Compression.Tests;

/// <summary>The element-wise and rearranging layers on plain integers, straight from docs/numerics.md.</summary>
internal static class IntegerElements
{
    public static int[] Run(QuantizedGraph graph, QLayer layer, IReadOnlyDictionary<string, int[]> tensors) => layer switch
    {
        QSum s => [.. tensors[s.Left].Zip(tensors[s.Right], (a, b) =>
            Saturate16(IntegerExecutor.Rhe(((long)a * s.LeftMultiplier) + ((long)b * s.RightMultiplier), s.Shift)))],
        QConstant c => [.. c.Values.Select(v => (int)v)],
        QMaximumPool p => Pool(p, tensors[p.Input], graph.Tensors[p.Input].Columns),
        QSoftmax s => Softmax(s, tensors[s.Input], graph.Tensors[s.Input].Columns),
        QGatherRows g => [.. g.Runs.SelectMany(r => Enumerable.Range(0, r.Count).SelectMany(i => Row(r, tensors[r.Input], r.First + (i * r.Step), graph.Tensors[g.Output].Columns)))],
        QTranspose t => Transpose(tensors[t.Input], graph.Tensors[t.Input].Rows, graph.Tensors[t.Input].Columns),
        QActivationProduct p => ActivationProduct(graph, p, tensors[p.Left], tensors[p.Right]),
        _ => throw new NotSupportedException(layer.GetType().Name),
    };

    private static IEnumerable<int> Row(QRowRun run, int[] x, int row, int columns) =>
        x[(row * columns)..((row + 1) * columns)].Select(v => Saturate16(IntegerExecutor.Rhe((long)v * run.Multiplier, run.Shift)));

    private static int[] Pool(QMaximumPool p, int[] x, int columns)
    {
        var result = new int[p.Window.Outputs * columns];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Enumerable.Range(0, p.Window.Taps).Select(t => p.Window.Source(i / columns, t)).Where(s => s >= 0)
                .Max(s => x[(s * columns) + (i % columns)]);
        }

        return result;
    }

    private static int[] Softmax(QSoftmax s, int[] x, int columns)
    {
        var result = new int[x.Length];
        for (var row = 0; row < x.Length; row += columns)
        {
            int[] scores = [.. x[row..(row + columns)].Select(v => Saturate16(IntegerExecutor.Rhe((long)v * s.ScoreMultiplier, s.ScoreShift)))];
            var max = scores.Max();
            int[] e = [.. scores.Select(v => max - v >= 16 * 256 ? 0 : (int)IntegerExecutor.Rhe(ConstantTables.Exponentials[(max - v) & 255], ((max - v) >> 8) + 8))];
            var sum = e.Sum(v => (long)v);
            var z = 63 - (int)long.LeadingZeroCount(sum);
            var m = Math.Min(65535, (((2L * s.Factor) << z) + sum) / (2 * sum));
            for (var c = 0; c < columns; c++)
            {
                result[row + c] = Saturate16(IntegerExecutor.Rhe(e[c] * m, Math.Min(63, s.Shift + z)));
            }
        }

        return result;
    }

    private static int[] Transpose(int[] x, int rows, int columns) =>
        [.. Enumerable.Range(0, x.Length).Select(i => x[(i % rows * columns) + (i / rows)])];

    private static int[] ActivationProduct(QuantizedGraph graph, QActivationProduct p, int[] left, int[] right)
    {
        var (l, r, o) = p.Layouts(graph);
        var result = new int[graph.Tensors[p.Output].Count];
        var limit = graph.Tensors[p.Output].Type == QType.Int8 ? 127 : 32767;
        for (var b = 0; b < p.Batches; b++)
        {
            for (var m = 0; m < o.BlockRows; m++)
            {
                for (var n = 0; n < o.BlockColumns; n++)
                {
                    var sum = 0L;
                    for (var k = 0; k < l.BlockColumns; k++)
                    {
                        sum += left[l.Place(b, m, k)] * right[p.IsTransposed ? r.Place(b, n, k) : r.Place(b, k, n)];
                    }

                    var y = IntegerExecutor.Rhe(Math.Clamp(sum, int.MinValue, int.MaxValue) * p.Multiplier, p.Shift);
                    result[o.Place(b, m, n)] = (int)Math.Clamp(y, -limit, limit);
                }
            }
        }

        return result;
    }

    private static int Saturate16(long x) => (int)Math.Clamp(x, -32767, 32767);
}
