using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>
/// ONNX Runtime's fused activations, normalizations and products (its documentation of contrib operators) in plain operators. Each method writes to the
/// outputs of the node that it replaces, or gives false.
/// </summary>
internal static class FusedElements
{
    private const string Fused = "com.microsoft";

    public static bool BiasGelu(NodeBuilder b)
    {
        var sum = b.Node("Add", [b.Source.Input[0], b.Source.Input[1]]);
        b.Node("Gelu", [sum], b.Source.Output[0], Fused);
        return true;
    }

    public static bool FastGelu(NodeBuilder b)
    {
        var sum = b.Source.InputAt(1) is { } bias ? b.Node("Add", [b.Source.Input[0], bias]) : null;
        b.Node("FastGelu", [sum ?? b.Source.Input[0]], b.Source.Output[0], Fused);
        return true;
    }

    /// <summary>input + skip (+ bias), normalized; the sum is the fourth output.</summary>
    public static bool SkipNormalization(NodeBuilder b, string norm)
    {
        var node = b.Source;
        var isSimplified = norm.StartsWith("Simplified", StringComparison.Ordinal);
        var (beta, bias) = isSimplified ? (null, node.InputAt(3)) : (node.InputAt(3), node.InputAt(4));
        if (node.Output.Skip(1).Take(2).Any(o => o.Length > 0))
        {
            return false;
        }

        var (left, right) = (node.Input[0], node.Input[1]);
        if (bias is not null && b.Fault != ImporterFault.SkipBiasLost)
        {
            // The bias belongs to the product that it was taken from.
            var isLeft = b.Known.Maker(left)?.OpType is "MatMul" or "FusedMatMul";
            var biased = b.Node("Add", [isLeft ? left : right, bias]);
            (left, right) = isLeft ? (biased, right) : (left, biased);
        }

        var sum = b.Node("Add", [left, right], node.Output.Count > 3 && node.Output[3].Length > 0 ? node.Output[3] : null);
        string[] inputs = beta is null ? [sum, node.Input[2]] : [sum, node.Input[2], beta];
        b.Node(norm, inputs, node.Output[0], "", ("axis", -1L), ("epsilon", node.Float("epsilon", 1e-12f)));
        return true;
    }

    /// <summary>Sums of look-ups, normalized; the second output is the number of valid positions.</summary>
    public static bool EmbedNormalization(NodeBuilder b)
    {
        var node = b.Source;
        if (b.Stored(node.InputAt(3)) is not { } positions || positions.Dims.Count != 2 || node.Int("mask_index_type", 1) != 1)
        {
            return false;
        }

        var sum = b.Node("Gather", [node.Input[2], node.Input[0]], null, "", ("axis", 0L));
        string place;
        if (node.InputAt(8) is { } ids)
        {
            place = b.Node("Gather", [positions.Name, ids], null, "", ("axis", 0L));
        }
        else
        {
            var length = b.Node("Slice", [b.Node("Shape", [node.Input[0]]), b.Integers(1), b.Integers(2), b.Integers(0)]);
            place = b.Node("Slice", [positions.Name, b.Integers(0), length, b.Integers(0)]);
        }

        sum = b.Node("Add", [sum, place]);
        if (node.InputAt(1) is { } segments && node.InputAt(4) is { } table)
        {
            sum = b.Node("Add", [sum, b.Node("Gather", [table, segments], null, "", ("axis", 0L))]);
        }

        if (node.Output.Count > 2 && node.Output[2].Length > 0)
        {
            sum = b.Node("Identity", [sum], node.Output[2]);
        }

        b.Node("LayerNormalization", [sum, node.Input[5], node.Input[6]], node.Output[0], "", ("axis", -1L), ("epsilon", node.Float("epsilon", 1e-12f)));
        if (node.Output.Count > 1 && node.Output[1].Length > 0)
        {
            var count = node.InputAt(7) is { } mask ? b.Sum(b.Cast(mask, TensorData.Int32), 1) : null;
            b.Node("Reshape", [count ?? b.Cast(b.Sum(b.Node("Sub", [node.Input[0], node.Input[0]]), 1), TensorData.Int32), b.Integers(-1)], node.Output[1]);
        }

        return true;
    }

    /// <summary>alpha · A · B, either of them transposed in its last two axes.</summary>
    public static bool MatMul(NodeBuilder b)
    {
        var node = b.Source;
        var (left, right) = (Operand(node.Input[0], "A"), Operand(node.Input[1], "B"));
        if (left is null || right is null)
        {
            return false;
        }

        var alpha = node.Float("alpha", 1);
        if (alpha == 1)
        {
            b.Node("MatMul", [left, right], node.Output[0]);
        }
        else
        {
            b.Node("Mul", [b.Node("MatMul", [left, right]), b.Number(alpha)], node.Output[0]);
        }

        return true;

        // The first axis goes behind those of the batch, then the last two change places.
        string? Operand(string input, string name)
        {
            var (batch, last) = (node.Int($"transBatch{name}", 0) != 0 && b.Fault != ImporterFault.BatchTranspositionLost, node.Int($"trans{name}", 0) != 0);
            if (!batch && !last)
            {
                return input;
            }

            var rank = b.Known.Rank(input);
            if (rank < 2)
            {
                return null;
            }

            List<long> order = [.. Enumerable.Range(0, rank).Select(i => (long)i)];
            if (batch)
            {
                order.RemoveAt(0);
                order.Insert(rank - 2, 0);
            }

            if (last)
            {
                (order[rank - 2], order[rank - 1]) = (order[rank - 1], order[rank - 2]);
            }

            return b.Transpose(input, [.. order]);
        }
    }

    /// <summary>A convolution, something added (input 3), and an activation.</summary>
    public static bool Convolution(NodeBuilder b)
    {
        var node = b.Source;
        var activation = node.Text("activation");
        if (activation is not ("Relu" or "Tanh" or "Sigmoid"))
        {
            return false;
        }

        var kept = node.Attribute.Where(a => a.Name is not ("activation" or "activation_params"));
        var sum = b.Node("Conv", [.. node.Input.Take(node.InputAt(2) is null ? 2 : 3)], null, "", kept);
        if (node.InputAt(3) is { } added)
        {
            sum = b.Node("Add", [sum, added]);
        }

        b.Node(activation, [sum], node.Output[0]);
        return true;
    }

    public static bool Gemm(NodeBuilder b)
    {
        var node = b.Source;
        var activation = node.Text("activation");
        if (activation is not ("Relu" or "Tanh" or "Sigmoid"))
        {
            return false;
        }

        var sum = b.Node(
            "Gemm", [.. node.Input], null, "",
            ("alpha", node.Float("alpha", 1)), ("beta", node.Float("beta", 1)), ("transA", node.Int("transA", 0)), ("transB", node.Int("transB", 0)));
        b.Node(activation, [sum], node.Output[0]);
        return true;
    }

    /// <summary>alpha · A · B + beta · C of ONNX's Gemm, of which B is no constant.</summary>
    public static bool GemmOfActivations(NodeBuilder b)
    {
        var node = b.Source;
        string Turned(int input, string transposed) => node.Int(transposed, 0) != 0 ? b.Transpose(node.Input[input], 1, 0) : node.Input[input];
        string Scaled(string value, double factor) => factor == 1 ? value : b.Node("Mul", [value, b.Number(factor)]);

        var (alpha, beta, added) = (node.Float("alpha", 1), node.Float("beta", 1), node.InputAt(2));
        string[] factors = [Turned(0, "transA"), Turned(1, "transB")];
        if (added is null || beta == 0)
        {
            _ = alpha == 1 ? b.Node("MatMul", factors, node.Output[0]) : b.Node("Mul", [b.Node("MatMul", factors), b.Number(alpha)], node.Output[0]);
            return true;
        }

        b.Node("Add", [Scaled(b.Node("MatMul", factors), alpha), Scaled(added, beta)], node.Output[0]);
        return true;
    }
}
