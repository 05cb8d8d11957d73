using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>
/// Finds e/Σe with e = exp(x) or exp(x − max x), the sum and the maximum over one axis, and puts Softmax in its place (of opset 13 or later, where an axis means
/// itself alone). What nothing else reads any more is left out.
/// </summary>
internal static class SoftmaxFolding
{
    private const int FirstOpset = 13;

    /// <summary>Changes the nodes in place, and with them the list of where each came from.</summary>
    public static void Fold(GraphProto graph, long opset, List<int> origins, ImporterFault fault)
    {
        if (opset < FirstOpset || !graph.Node.Any(n => n.OpType == "Exp"))
        {
            return;
        }

        var known = new KnownTensors(graph, graph.Node);
        var before = new HashSet<string>();
        foreach (var node in graph.Node)
        {
            if (Found(node, known, fault) is not var (input, axis))
            {
                continue;
            }

            before.UnionWith(node.Input);
            node.OpType = "Softmax";
            node.Input.Clear();
            node.Input.Add(input);
            node.Attribute.Clear();
            node.Add([("axis", axis)]);
        }

        RemoveUnread(graph, before, origins);
    }

    /// <summary>Leaves out the nodes that give the named tensors, and what only they read, where nothing reads them.</summary>
    private static void RemoveUnread(GraphProto graph, HashSet<string> tensors, List<int> origins)
    {
        var reads = graph.Node.SelectMany(n => n.Input).Concat(graph.Output.Select(o => o.Name)).GroupBy(i => i).ToDictionary(g => g.Key, g => g.Count());
        var (nodes, places) = (new List<NodeProto>(), new List<int>());
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (node.Output.Any(tensors.Contains) && node.Output.All(o => reads.GetValueOrDefault(o) == 0))
            {
                tensors.UnionWith(node.Input);
                foreach (var input in node.Input)
                {
                    reads[input]--;
                }

                continue;
            }

            nodes.Add(node);
            places.Add(origins[i]);
        }

        nodes.Reverse();
        places.Reverse();
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
        origins.Clear();
        origins.AddRange(places);
    }

    private static (string Input, long Axis)? Found(NodeProto node, KnownTensors known, ImporterFault fault)
    {
        var (exponentials, sum) = node switch
        {
            { OpType: "Div", Input: [var e, var s] } => (e, s),
            { OpType: "Mul", Input: [var e, var r] } when known.Maker(r) is { OpType: "Reciprocal" } reciprocal => (e, reciprocal.InputAt(0)),
            { OpType: "Mul", Input: [var r, var e] } when known.Maker(r) is { OpType: "Reciprocal" } reciprocal => (e, reciprocal.InputAt(0)),
            _ => (null, null),
        };
        if (exponentials is null || sum is null || known.Maker(exponentials) is not { OpType: "Exp", Input.Count: 1 } exp || known.Maker(sum) is not { OpType: "ReduceSum" } total
            || (total.InputAt(0) != exponentials && fault != ImporterFault.SoftmaxOfAnySum) || AxisOf(total, known) is not { } axis)
        {
            return null;
        }

        return known.Maker(exp.Input[0]) is { OpType: "Sub", Input: [var x, var m] } && known.Maker(m) is { OpType: "ReduceMax" } maximum && maximum.InputAt(0) == x
            && AxisOf(maximum, known) == axis
            ? (x, axis)
            : (exp.Input[0], axis);
    }

    /// <summary>The one axis of a reduction that keeps it, or null.</summary>
    private static long? AxisOf(NodeProto node, KnownTensors known)
    {
        var axes = node.Ints("axes") ?? (node.InputAt(1) is not { } name ? null
            : (known.Stored(name) ?? known.Maker(name)?.Attribute.FirstOrDefault(a => a.Name == "value")?.T) is { DataType: TensorData.Int64 } stored ? TensorData.Longs(stored)
            : null);
        return axes is [var axis] && node.Int("keepdims", 1) == 1 ? axis : null;
    }
}
