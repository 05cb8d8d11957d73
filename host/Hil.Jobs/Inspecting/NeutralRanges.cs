using System.Collections.Immutable;
using Hil.Compression.Ranges;
using Hil.Models.Graphs;

namespace Hil.Jobs.Inspecting;

/// <summary>
/// Ranges for a model without samples: every tensor within the same bounds. Scales and tables come out of them, so that the program has
/// its true size and cycles; what it computes means nothing.
/// </summary>
internal static class NeutralRanges
{
    /// <summary>Normalized activations rarely leave four standard deviations.</summary>
    private const double Magnitude = 4;

    public static TensorRanges Of(Graph graph) => new(1, graph.Tensors.Keys
        .Concat(graph.Layers.OfType<Product>().SelectMany(p => new[] { p.Sum, p.ProductTensor })).Distinct()
        .ToImmutableSortedDictionary(t => t, _ => new TensorRange(-Magnitude, Magnitude, 0), StringComparer.Ordinal));
}
