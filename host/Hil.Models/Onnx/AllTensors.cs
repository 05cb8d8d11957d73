using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>Every tensor that is stored in a model: of graphs, of the attributes of nodes, of their subgraphs, and of local functions.</summary>
internal static class AllTensors
{
    /// <summary>Each with a phrase that says where it stands.</summary>
    public static IEnumerable<(TensorProto Tensor, string Place)> Of(ModelProto model) =>
        Of(model.Graph).Concat(model.Functions.SelectMany(f => Of(f.Node).Select(t => (t.Tensor, $"function '{f.Name}', {t.Place}"))));

    /// <summary>The nodes of a graph, and of every subgraph in it.</summary>
    public static IEnumerable<NodeProto> Nodes(IEnumerable<NodeProto> nodes) =>
        nodes.SelectMany(n => n.Attribute.SelectMany(Graphs).SelectMany(g => Nodes(g.Node)).Prepend(n));

    private static IEnumerable<(TensorProto Tensor, string Place)> Of(GraphProto graph) =>
        graph.Initializer.Select(t => (t, $"initialiser '{t.Name}'")).Concat(Of(graph.Node));

    private static IEnumerable<(TensorProto Tensor, string Place)> Of(IEnumerable<NodeProto> nodes) =>
        from node in nodes
        from attribute in node.Attribute
        from tensor in (attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T))
            .Select(t => (t, $"node '{node.Name}', attribute '{attribute.Name}'")).Concat(Graphs(attribute).SelectMany(Of))
        select tensor;

    private static IEnumerable<GraphProto> Graphs(AttributeProto attribute) =>
        attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);
}
