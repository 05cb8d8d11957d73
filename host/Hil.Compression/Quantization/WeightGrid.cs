using System.Collections.Immutable;
using Hil.Models.Graphs;

namespace Hil.Compression.Quantization;

/// <summary>Weights that were quantized elsewhere: the integers, and the value of one step in each column.</summary>
/// <param name="Weights">K × N, row-major; −127 … 127 in the columns that are kept.</param>
/// <param name="Scales">N values; null for a column that has to be quantized again.</param>
internal sealed record WeightGrid(sbyte[] Weights, double?[] Scales)
{
    private const int Limit = 127;

    /// <summary>Weights are float32 products of an integer and a scale: this far from an integer they may be.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Columns whose scale is a smaller share of the largest have no bits left in the multiplier.</summary>
    private const double SmallestShare = 1.0 / 1024;

    /// <summary>The grid of a product's weights, or null if the model does not say one, or they do not lie on it.</summary>
    public static WeightGrid? Of(Product layer, Encodings encodings)
    {
        if (!encodings.Weights.TryGetValue(layer.WeightsName, out var scales) || (scales.Length != 1 && scales.Length != layer.N) || scales.Any(s => !(s > 0)))
        {
            return null;
        }

        // Number factors of the model may have been multiplied into the weights: the largest weight then tells the common factor.
        var largest = layer.Weights.Select((w, i) => Math.Abs(w) / Scale(scales, i % layer.N)).Max();
        return Enumerable.Range(0, Limit + 2)
            .Select(i => i == 0 ? 1.0 : largest / (Limit + 2 - i))
            .Select(factor => Of(layer, scales, factor))
            .FirstOrDefault(grid => grid is not null);
    }

    /// <summary>The columns that are not kept, for a warning.</summary>
    public int Replaced => Scales.Count(s => s is null);

    private static WeightGrid? Of(Product layer, ImmutableArray<double> scales, double factor)
    {
        var weights = new sbyte[layer.Weights.Length];
        var kept = Enumerable.Range(0, layer.N).Select(c => (double?)(Scale(scales, c) * factor)).ToArray();
        var least = scales.Max() * factor * SmallestShare;
        for (var i = 0; i < weights.Length; i++)
        {
            var column = i % layer.N;
            var steps = layer.Weights[i] / (Scale(scales, column) * factor);
            var integer = Math.Round(steps);
            if (!(Math.Abs(steps - integer) <= Tolerance))
            {
                return null;
            }

            if (Math.Abs(integer) > Limit || kept[column] < least)
            {
                kept[column] = null;
                continue;
            }

            weights[i] = (sbyte)integer;
        }

        return new WeightGrid(weights, kept);
    }

    private static double Scale(ImmutableArray<double> scales, int column) => scales[scales.Length == 1 ? 0 : column];
}
