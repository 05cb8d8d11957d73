using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import;

/// <summary>Which nodes of the model were matched to each layer: all between the layer's inputs and its output, constants left out.</summary>
internal static class LayerNodes
{
    /// <summary>By the layer's output: operator and name of each node, in the order of the file.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Of(GraphProto proto, Graph graph)
    {
        var producers = new Dictionary<string, int>();
        for (var i = 0; i < proto.Node.Count; i++)
        {
            foreach (var output in proto.Node[i].Output)
            {
                producers[output] = i;
            }
        }

        var dependent = Dependent(proto, graph);
        return graph.Layers.ToImmutableSortedDictionary(
            l => l.Output,
            l => Between(proto, producers, dependent, graph.Tensors.Keys.ToHashSet(), l.Output).Select(i => $"{proto.Node[i].OpType} '{proto.Node[i].Title()}'").ToImmutableArray(),
            StringComparer.Ordinal);
    }

    private static SortedSet<int> Between(
        GraphProto proto, Dictionary<string, int> producers, HashSet<string> dependent, HashSet<string> borders, string output)
    {
        var found = new SortedSet<int>();
        var open = new Stack<string>([output]);
        while (open.TryPop(out var tensor))
        {
            if (producers.TryGetValue(tensor, out var position) && found.Add(position))
            {
                foreach (var input in proto.Node[position].Input.Where(i => dependent.Contains(i) && !borders.Contains(i)))
                {
                    open.Push(input);
                }
            }
        }

        return found;
    }

    /// <summary>Tensors that depend on what the device is given.</summary>
    private static HashSet<string> Dependent(GraphProto proto, Graph graph)
    {
        var found = new HashSet<string> { graph.Input.Name };
        foreach (var node in proto.Node.Where(n => n.Input.Any(found.Contains)))
        {
            found.UnionWith(node.Output);
        }

        return found;
    }
}
