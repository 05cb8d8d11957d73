using Hil.Models.Quantized;

namespace Hil.Models.Export.Bounds;

/// <summary>Layer norm, by variance and by root mean square.</summary>
public static partial class QdqBounds
{
    /// <summary>Relative error of the device's 1/√V (docs/numerics.md §6).</summary>
    private const double InverseRootError = 1.05e-4;

    private const int NormalizedFraction = 11;

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

            // By the root mean square, no mean is taken.
            (mean, absolute, square) = layer.Rms ? (0, 0, square / n) : (mean / n, absolute / n, square / n);
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
