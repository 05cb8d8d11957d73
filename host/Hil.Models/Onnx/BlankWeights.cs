using Google.Protobuf;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Onnx;

/// <summary>
/// Makes a model with blank tensors (<see cref="Skeleton"/>) cheap to run for its shapes: blank tensors become nodes that give zeros when they are wanted, and
/// those that are only factors of products, or tables of look-ups, shrink to one row. What the model gives stays the same: zeros, of the same shapes.
/// </summary>
internal static class BlankWeights
{
    /// <summary>Changes a graph, its nodes included.</summary>
    public static void Compute(GraphProto graph)
    {
        TensorProto[] blank = [.. graph.Initializer.Where(Skeleton.IsBlank)];
        if (blank.Length == 0)
        {
            return;
        }

        var readers = new Dictionary<string, List<NodeProto>>();
        foreach (var node in graph.Node)
        {
            foreach (var input in node.Input.Distinct())
            {
                (readers.TryGetValue(input, out var list) ? list : readers[input] = []).Add(node);
            }
        }

        // Messages are equal by their contents, which change here.
        var before = new Dictionary<NodeProto, NodeProto>(ReferenceEqualityComparer.Instance);
        var given = graph.Output.Select(o => o.Name).ToHashSet();
        List<NodeProto> nodes = [];
        foreach (var tensor in blank)
        {
            List<NodeProto> own = readers.GetValueOrDefault(tensor.Name) ?? [];
            long[] dims = [.. tensor.Dims];
            var axis = given.Contains(tensor.Name) || dims.Length != 2 ? -1 : ThinAxis(tensor, own);
            if (axis >= 0)
            {
                dims[axis] = 1;
                own.ForEach(n => Thin(n, before, graph));
            }

            nodes.Add(Zeros(graph, tensor, dims));
        }

        foreach (var node in graph.Node)
        {
            if (before.TryGetValue(node, out var thin))
            {
                nodes.Add(thin);
            }

            nodes.Add(node);
        }

        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    /// <summary>The axis of a matrix that may shrink to one element, or −1.</summary>
    private static int ThinAxis(TensorProto tensor, List<NodeProto> readers)
    {
        if (readers.Count == 0 || readers.Exists(n => n.Domain is not ("" or "ai.onnx")))
        {
            return -1;
        }

        int[] axes = [.. readers.Select(n => n.OpType switch
        {
            "MatMul" when IsOnlyInput(n, tensor, 1) => 0,
            "Gemm" when IsOnlyInput(n, tensor, 1) => n.Int("transB", 0) != 0 ? 1 : 0,
            "Gather" when IsOnlyInput(n, tensor, 0) && n.Int("axis", 0) == 0 => 0,
            _ => -1,
        }).Distinct()];
        return axes is [var axis] && readers.DistinctBy(n => n.OpType).Count() == 1 ? axis : -1;
    }

    private static bool IsOnlyInput(NodeProto node, TensorProto tensor, int index) =>
        node.Input.Count > 1 && node.Input[index] == tensor.Name && node.Input.Count(i => i == tensor.Name) == 1;

    /// <summary>Products read one column of their other factor, look-ups take the first row.</summary>
    private static void Thin(NodeProto node, Dictionary<NodeProto, NodeProto> before, GraphProto graph)
    {
        var title = $"{node.Output[0]}:thin";
        var thin = new NodeProto { Name = title, Output = { title } };
        if (node.OpType == "Gather")
        {
            thin.OpType = "Sub";
            thin.Input.AddRange([node.Input[1], node.Input[1]]);
            node.Input[1] = title;
        }
        else
        {
            thin.OpType = "Slice";
            thin.Input.Add(node.Input[0]);
            var axis = node.OpType == "Gemm" && node.Int("transA", 0) != 0 ? 0 : -1;
            foreach (var (name, value) in new[] { ("start", 0L), ("end", 1L), ("axis", axis) })
            {
                graph.Initializer.Add(new TensorProto { Name = $"{title}:{name}", DataType = TensorData.Int64, Dims = { 1 }, Int64Data = { value } });
                thin.Input.Add($"{title}:{name}");
            }

            node.Input[0] = title;
        }

        before.Add(node, thin);
    }

    private static NodeProto Zeros(GraphProto graph, TensorProto tensor, long[] dims)
    {
        graph.Initializer.Remove(tensor);
        if (graph.Input.FirstOrDefault(i => i.Name == tensor.Name) is { } listed)
        {
            // Older files list initialisers as inputs too.
            graph.Input.Remove(listed);
        }

        graph.Initializer.Add(new TensorProto { Name = tensor.Name + ":shape", DataType = TensorData.Int64, Dims = { dims.Length }, Int64Data = { dims } });
        var elementBytes = tensor.RawData.Length / (int)TensorData.Count(tensor.Dims);
        var zero = new TensorProto { DataType = tensor.DataType, RawData = ByteString.CopyFrom(new byte[elementBytes]), Dims = { 1 } };
        return new NodeProto
        {
            OpType = "ConstantOfShape",
            Name = tensor.Name + ":zeros",
            Input = { tensor.Name + ":shape" },
            Output = { tensor.Name },
            Attribute = { new AttributeProto { Name = "value", T = zero, Type = 4 } },
        };
    }
}
