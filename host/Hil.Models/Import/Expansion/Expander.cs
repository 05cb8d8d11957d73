using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>
/// The same model in plain operators: local functions inlined, fused operators (ONNX Runtime's, and Attention of opset 23) spelt out, softmax put together
/// where it is spelt out. What cannot be expanded stays as it is, to be refused by name.
/// </summary>
internal static class Expander
{
    private const string Fused = "com.microsoft";

    /// <summary>Nodes that inlining may make: beyond, the functions stay.</summary>
    private const int MaximumNodes = 1 << 16;

    private const int MaximumDepth = 32;

    /// <summary>
    /// The expanded model, or the model itself if there is nothing to expand; and for each of its nodes the position in the file of the node it came from.
    /// </summary>
    public static (ModelProto Model, int[] Origins) Expand(ModelProto model, ImporterFault fault = ImporterFault.None)
    {
        var functions = model.Functions.GroupBy(f => (f.Domain, f.Name)).ToDictionary(g => g.Key, g => g.First());
        var constants = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        if (!model.Graph.Node.Any(n => functions.ContainsKey((n.Domain, n.OpType)) || IsFused(n) || n.OpType == "Exp" || IsProductOfActivations(n, constants)))
        {
            return (model, [.. Enumerable.Range(0, model.Graph.Node.Count)]);
        }

        var copy = model.Clone();
        var graph = copy.Graph;
        (NodeProto Node, int Origin)[] nodes = [.. graph.Node.Select((n, i) => (n, i))];
        if (functions.Count > 0 && FunctionInliner.Inline(graph.Node, functions, MaximumDepth, MaximumNodes) is { } inlined)
        {
            nodes = inlined;
            copy.Functions.Clear();
            foreach (var import in model.Functions.SelectMany(f => f.OpsetImport).Where(i => !copy.OpsetImport.Any(o => o.Domain == i.Domain)))
            {
                copy.OpsetImport.Add(import);
            }
        }

        var opset = copy.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;
        var known = new KnownTensors(graph, nodes.Select(n => n.Node));
        graph.Node.Clear();
        var origins = new List<int>();
        foreach (var (node, origin) in nodes)
        {
            if (Operators.IsConstant(node, constants.Contains))
            {
                constants.UnionWith(node.Output);
            }

            var (before, stored) = (graph.Node.Count, graph.Initializer.Count);
            if ((IsFused(node) || IsProductOfActivations(node, constants)) && node.Input.Count >= FewestInputs(node) && Expand(new NodeBuilder(node, opset, graph.Node, graph.Initializer, known) { Fault = fault }))
            {
                origins.AddRange(Enumerable.Repeat(origin, graph.Node.Count - before));
                continue;
            }

            while (graph.Node.Count > before)
            {
                graph.Node.RemoveAt(graph.Node.Count - 1);
            }

            while (graph.Initializer.Count > stored)
            {
                graph.Initializer.RemoveAt(graph.Initializer.Count - 1);
            }

            graph.Node.Add(node);
            origins.Add(origin);
        }

        SoftmaxFolding.Fold(graph, opset, origins, fault);
        return (copy, [.. origins]);
    }

    private static bool IsFused(NodeProto node) => node.Domain switch
    {
        Fused => node.OpType is "BiasGelu" or "FastGelu" or "SkipLayerNormalization" or "SkipSimplifiedLayerNormalization" or "EmbedLayerNormalization"
            or "Attention" or "MultiHeadAttention" or "FusedMatMul" or "FusedGemm" or "FusedConv",
        "" or "ai.onnx" => node.OpType == "Attention",
        _ => false,
    };

    /// <summary>A Gemm that is no linear layer: both of its factors depend on what the model is given.</summary>
    private static bool IsProductOfActivations(NodeProto node, HashSet<string> constants) =>
        node is { Domain: "" or "ai.onnx", OpType: "Gemm", Input: [_, var right, ..] } && !constants.Contains(right);

    /// <summary>Inputs without which an operator is not what it is called.</summary>
    private static int FewestInputs(NodeProto node) => node.OpType switch
    {
        "EmbedLayerNormalization" => 7,
        "SkipLayerNormalization" or "SkipSimplifiedLayerNormalization" => 3,
        "FastGelu" or "MultiHeadAttention" => 1,
        _ => 2,
    };

    private static bool Expand(NodeBuilder b) => (b.Source.Domain, b.Source.OpType) switch
    {
        (Fused, "BiasGelu") => FusedElements.BiasGelu(b),
        (Fused, "FastGelu") => FusedElements.FastGelu(b),
        (Fused, "SkipLayerNormalization") => FusedElements.SkipNormalization(b, "LayerNormalization"),
        (Fused, "SkipSimplifiedLayerNormalization") => FusedElements.SkipNormalization(b, "SimplifiedLayerNormalization"),
        (Fused, "EmbedLayerNormalization") => FusedElements.EmbedNormalization(b),
        (Fused, "FusedMatMul") => FusedElements.MatMul(b),
        (Fused, "FusedGemm") => FusedElements.Gemm(b),
        (Fused, "FusedConv") => FusedElements.Convolution(b),
        ("" or "ai.onnx", "Gemm") => FusedElements.GemmOfActivations(b),
        (Fused, "Attention") => FusedAttention.Packed(b),
        (Fused, "MultiHeadAttention") => FusedAttention.MultiHead(b),
        _ => FusedAttention.Standard(b),
    };
}
