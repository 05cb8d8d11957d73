using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>
/// Finds the graph's own name for each encoded tensor: a tensor and its views (reshaped, transposed) hold the same elements. Encodings
/// within a recognised pattern (inside a GELU, scores and probabilities of an attention) have no tensor: the device has its own formats there.
/// </summary>
internal static class EncodingNames
{
    /// <summary>Operators that give the elements of their first input, all of them and no others.</summary>
    public static readonly IReadOnlySet<string> Views =
        new HashSet<string>(["Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast", "Dropout"]);

    private static readonly EqualityComparer<ImmutableArray<TensorEncoding>> SameEncodings =
        EqualityComparer<ImmutableArray<TensorEncoding>>.Create((a, b) => a.AsSpan().SequenceEqual(b.AsSpan()), a => a.Length);

    public static Encodings Of(GraphProto proto, Graph graph, Encodings encodings)
    {
        if (encodings.Tensors.IsEmpty)
        {
            return encodings;
        }

        var parents = new Dictionary<string, string>();
        string Root(string tensor)
        {
            while (parents.TryGetValue(tensor, out var parent))
            {
                tensor = parent;
            }

            return tensor;
        }

        foreach (var node in proto.Node.Where(n => Views.Contains(n.OpType)))
        {
            var (input, output) = (Root(node.Input[0]), Root(node.Output[0]));
            if (input != output)
            {
                parents[output] = input;
            }
        }

        var byRoot = encodings.Tensors.GroupBy(e => Root(e.Key)).ToDictionary(g => g.Key, g => g.SelectMany(e => e.Value).ToImmutableArray());
        var names = graph.Tensors.Keys.Concat(graph.Layers.OfType<Product>().Select(p => p.Sum)).Concat(graph.Tensors.Values.Select(t => t.RangeOf).OfType<string>()).Distinct();
        ImmutableArray<TensorEncoding> Said(string name) => encodings.Tensors.GetValueOrDefault(name, byRoot.GetValueOrDefault(Root(name), []));

        // Some of a tensor's elements lie on its grid; a product of two activations before its sign does not.
        var signed = graph.Layers.OfType<ActivationProduct>().Select(p => p.Output).ToHashSet();
        var found = names
            .Select(n => (Name: n, Encodings: graph.Tensors.GetValueOrDefault(n)?.RangeOf is { } whole && !signed.Contains(n) ? Said(whole) : Said(n)))
            .Where(n => n.Encodings.Length > 0)
            .ToImmutableSortedDictionary(n => n.Name, n => n.Encodings, StringComparer.Ordinal);

        // Rows that lie on one grid stay on it where they are copied and nothing else is said of that width.
        foreach (var gather in graph.Layers.OfType<GatherRows>())
        {
            var own = found.GetValueOrDefault(gather.Output, []);
            var sources = gather.Inputs.Select(i => found.GetValueOrDefault(i, [])).Select(e => own.IsEmpty ? e : e.RemoveAll(x => x.IsNarrow));
            if (own.All(e => e.IsNarrow) && sources.Distinct(SameEncodings).ToList() is [{ Length: > 0 } same])
            {
                found = found.SetItem(gather.Output, [.. own, .. same]);
            }
        }

        return encodings with { Tensors = found };
    }
}
