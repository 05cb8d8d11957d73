using Hil.Contract;
using Hil.Models.Import;

namespace Hil.Models.Tests.Import.Expansion;

/// <summary>Nodes that lack inputs, as broken files have them, are refused like any other bad input.</summary>
public sealed class FusedNodesWithoutInputs
{
    public static TheoryData<string, long, int> Nodes()
    {
        var nodes = new TheoryData<string, long, int>();
        (string Op, long Opset)[] all =
        [
            ("BiasGelu", 0), ("FastGelu", 0), ("SkipLayerNormalization", 0), ("SkipSimplifiedLayerNormalization", 0), ("EmbedLayerNormalization", 0),
            ("Attention", 0), ("MultiHeadAttention", 0), ("FusedMatMul", 0), ("FusedGemm", 0), ("FusedConv", 0), ("Attention", 23), ("Exp", 17), ("Div", 17),
        ];
        foreach (var (op, opset) in all)
        {
            for (var inputs = 0; inputs < 4; inputs++)
            {
                nodes.Add(op, opset, inputs);
            }
        }

        return nodes;
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Give_no_graph(string op, long opset, int inputs)
    {
        var m = new FusedModel(1, 5, 8);
        var e = m.Tiny.Node("Exp", []);
        var sum = m.Tiny.Node("ReduceSum", []);
        m.Fused(op, [.. new[] { e, sum, e }.Take(inputs)], [], opset, ("num_heads", 2), ("q_num_heads", 2), ("kv_num_heads", 2), ("activation", "Relu"));

        try
        {
            Assert.Null(OnnxImporter.TryImport(m.Parse(), out var unsupported));
            Assert.NotEmpty(unsupported);
        }
        catch (HilException refused)
        {
            Assert.NotEmpty(refused.WhatToDo);
        }
    }
}
