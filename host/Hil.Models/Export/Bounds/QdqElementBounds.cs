using Hil.Models.Quantized;

namespace Hil.Models.Export.Bounds;

/// <summary>Sums, products of two tensors and rows of tensors, whose multipliers the file has as they are.</summary>
public static partial class QdqBounds
{
    /// <summary>§11.3: each part is a product of three rounded factors; one rounding more for their sum and one for the quotient.</summary>
    private static int[] Sum(QSum sum, int[] left, int[] right)
    {
        var result = new int[left.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var size = Math.Abs((double)left[i] * sum.LeftMultiplier) + Math.Abs((double)right[i] * sum.RightMultiplier);
            result[i] = Rounded(6 * Unit * Math.ScaleB(size, -sum.Shift));
        }

        return result;
    }

    /// <summary>§11.3: K rounded products of two rounded elements and a factor; their magnitudes are known.</summary>
    private static int[] ActivationProduct(QuantizedGraph graph, QActivationProduct p, int[] left, int[] right)
    {
        var (l, r, o) = p.Layouts(graph);
        var (result, k) = (new int[graph.Tensors[p.Output].Count], l.BlockColumns);
        var step = (k + 8) * Unit * Math.ScaleB(p.Multiplier, -p.Shift);
        for (var b = 0; b < p.Batches; b++)
        {
            for (var row = 0; row < o.BlockRows; row++)
            {
                for (var column = 0; column < o.BlockColumns; column++)
                {
                    var sum = 0L;
                    for (var i = 0; i < k; i++)
                    {
                        sum += Math.Abs((long)left[l.Place(b, row, i)] * right[p.IsTransposed ? r.Place(b, column, i) : r.Place(b, i, column)]);
                    }

                    result[o.Place(b, row, column)] = Rounded(step * sum);
                }
            }
        }

        return result;
    }

    private static int[] Gather(QuantizedGraph graph, QGatherRows gather, IReadOnlyDictionary<string, int[]> elements)
    {
        var output = graph.Tensors[gather.Output];
        var (result, at) = (new int[output.Count], 0);
        foreach (var run in gather.Runs)
        {
            var isCopy = QdqExport.IsCopy(run, graph.Tensors[run.Input], output);
            var factor = Math.ScaleB(run.Multiplier, -run.Shift);
            for (var row = 0; row < run.Count; row++)
            {
                foreach (var x in elements[run.Input].AsSpan((run.First + (row * run.Step)) * output.Columns, output.Columns))
                {
                    result[at++] = isCopy ? 0 : Rounded(5 * Unit * Math.Abs(x) * factor);
                }
            }
        }

        return result;
    }
}
