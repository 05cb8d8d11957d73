using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>The part of a model that some of its tensors depend on.</summary>
internal static class SubModel
{
    /// <summary>
    /// A copy that gives exactly <paramref name="outputs"/>: only the nodes, initialisers and inputs that they need. Values are shared, not copied.
    /// </summary>
    public static ModelProto For(ModelProto model, IEnumerable<string> outputs)
    {
        var graph = model.Graph;
        string[] wanted = [.. outputs];
        var needed = wanted.ToHashSet();
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(n => n.Output.Any(needed.Contains)))
        {
            nodes.Add(node);
            needed.UnionWith(node.Input);
        }

        nodes.Reverse();
        var copy = new ModelProto { IrVersion = model.IrVersion, Graph = new GraphProto { Name = graph.Name } };
        copy.OpsetImport.AddRange(model.OpsetImport);
        copy.Functions.AddRange(model.Functions);
        copy.Graph.Node.AddRange(nodes);
        copy.Graph.Initializer.AddRange(graph.Initializer.Where(t => needed.Contains(t.Name)));
        copy.Graph.Input.AddRange(graph.Input.Where(i => needed.Contains(i.Name)));
        var own = graph.Output.ToDictionary(o => o.Name);
        copy.Graph.Output.AddRange(wanted.Select(o => own.GetValueOrDefault(o) ?? new ValueInfoProto { Name = o }));
        return copy;
    }
}
