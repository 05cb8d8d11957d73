using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>
/// Attention and MultiHeadAttention of ONNX Runtime and Attention of ONNX 23, spelt as softmax(q·kᵀ·scale + mask)·v. Caches, packed inputs, grouped
/// queries and soft caps are left as they are.
/// </summary>
internal static class FusedAttention
{
    private const float LeavesOut = -1000;

    /// <summary>One product gives queries, keys and values side by side.</summary>
    public static bool Packed(NodeBuilder b)
    {
        var node = b.Source;
        var heads = node.Int("num_heads", 0);
        if (b.Stored(node.InputAt(1)) is not { Dims: [var inputs, var columns] } weights || weights.DataType != TensorData.Float || heads < 1
            || node.InputAt(4) is not null || node.Int("do_rotary", 0) != 0 || node.Output.Skip(1).Any(o => o.Length > 0) || !HasKnownMask(b, 3))
        {
            return false;
        }

        long[] sizes = node.Ints("qkv_hidden_sizes") is { Length: 3 } given ? given : [columns / 3, columns / 3, columns / 3];
        if (sizes.Any(s => s < 1 || s % heads != 0) || sizes.Sum() != columns || sizes[0] != sizes[1])
        {
            return false;
        }

        var matrix = Skeleton.IsBlank(weights) ? null : TensorData.Floats(weights);
        var bias = b.Stored(node.InputAt(2)) is { } stored && stored.DataType == TensorData.Float ? Values(stored) : null;
        if (node.InputAt(2) is not null && bias?.Length != columns)
        {
            return false;
        }

        var parts = new string[3];
        for (var (i, first) = (0, 0L); i < 3; first += sizes[i++])
        {
            var size = sizes[i];
            var part = matrix is null
                ? b.Blank(inputs, size)
                : b.Floats([.. Enumerable.Range(0, (int)(inputs * size)).Select(j => matrix[(j / size * columns) + first + (j % size)])], inputs, size);
            parts[i] = b.Node("MatMul", [node.Input[0], part]);
            if (bias is not null)
            {
                parts[i] = b.Node("Add", [parts[i], b.Floats(bias[(int)first..(int)(first + size)], size)]);
            }
        }

        var scale = node.Float("scale", 0);
        var scores = Scores(b, parts[0], parts[1], heads, Given(b, scale) ? scale : 1 / Math.Sqrt(sizes[0] / heads));
        if (node.InputAt(5) is { } added)
        {
            scores = b.Node("Add", [scores, added]);
        }

        if (node.InputAt(3) is { } mask)
        {
            scores = b.Node("Where", [Counts(b, mask, parts[1]), scores, b.Number(node.Float("mask_filter_value", -10000))]);
        }

        return Finish(b, node.Int("unidirectional", 0) != 0 ? Causal(b, scores) : scores, parts[2], heads);
    }

    /// <summary>Queries, keys and values come apart, their biases side by side.</summary>
    public static bool MultiHead(NodeBuilder b)
    {
        var node = b.Source;
        var heads = node.Int("num_heads", 0);
        if (heads < 1 || node.InputAt(1) is not { } key || node.InputAt(2) is not { } value || Enumerable.Range(6, 4).Any(i => node.InputAt(i) is not null)
            || node.Output.Skip(1).Any(o => o.Length > 0) || !HasKnownMask(b, 4))
        {
            return false;
        }

        string[] parts = [node.Input[0], key, value];
        for (var i = 0; i < 3; i++)
        {
            // Only tensors of three axes have their heads side by side; a transposition in place refuses others at the latest when shapes are known.
            switch (b.Known.Rank(parts[i]))
            {
                case 3:
                    break;
                case 0:
                    parts[i] = b.Transpose(parts[i], 0, 1, 2);
                    break;
                default:
                    if (b.Fault == ImporterFault.AxesOfKeysUnchecked)
                    {
                        break;
                    }

                    return false;
            }
        }

        if (node.InputAt(3) is { } biasName)
        {
            if (b.Stored(biasName) is not { } stored || stored.DataType != TensorData.Float || stored.Dims.Count != 1)
            {
                return false;
            }

            // Values may be of another width; keys have that of the queries, which their shapes say, or which is a third.
            var bias = Values(stored);
            var size = b.Known.Shape(node.Input[0]) is [.., > 0 and var width] ? (int)width : bias.Length / 3;
            if (bias.Length <= 2 * size)
            {
                return false;
            }

            int[] ends = [0, size, 2 * size, bias.Length];
            for (var i = 0; i < 3; i++)
            {
                parts[i] = b.Node("Add", [parts[i], b.Floats(bias[ends[i]..ends[i + 1]], ends[i + 1] - ends[i])]);
            }
        }

        var scale = node.Float("scale", 0);
        var scores = Scores(b, parts[0], parts[1], heads, Given(b, scale) ? scale : null);
        if (node.InputAt(5) is { } added)
        {
            scores = b.Node("Add", [scores, added]);
        }

        if (node.InputAt(4) is { } mask)
        {
            scores = b.Node("Where", [Counts(b, mask, parts[1]), scores, b.Number(node.Float("mask_filter_value", -10000))]);
        }

        return Finish(b, node.Int("unidirectional", 0) != 0 ? Causal(b, scores) : scores, parts[2], heads);
    }

    /// <summary>Attention of the ONNX operator set 23, of three axes (heads side by side) or four.</summary>
    public static bool Standard(NodeBuilder b)
    {
        var node = b.Source;
        var (heads, keyHeads) = (node.Int("q_num_heads", 0), node.Int("kv_num_heads", 0));
        if (Enumerable.Range(4, 3).Any(i => node.InputAt(i) is not null) || node.Output.Skip(1).Any(o => o.Length > 0) || (node.Float("softcap", 0) != 0 && b.Fault != ImporterFault.SoftCapUnchecked)
            || heads != keyHeads || node.Input.Count < 3)
        {
            return false;
        }

        var scale = node.Float("scale", 0);
        var scores = Scores(b, node.Input[0], node.Input[1], heads, Given(b, scale) ? scale : null);
        scores = node.Int("is_causal", 0) != 0 ? Causal(b, scores) : scores;
        if (node.InputAt(3) is { } mask)
        {
            scores = b.Known.IsBool(mask) ? b.Node("Where", [mask, scores, b.Number(double.NegativeInfinity)]) : b.Node("Add", [scores, mask]);
        }

        return Finish(b, scores, node.Input[2], heads);
    }

    /// <summary>
    /// The mask, if there is one, is a number of keys or one number a key as far as its shape is known, and what it leaves out is left out: a value that is not
    /// far below all scores would be added.
    /// </summary>
    private static bool HasKnownMask(NodeBuilder b, int position) => b.Source.InputAt(position) is not { } mask
        || (b.Known.Shape(mask) is null or [0 or 1] or [0 or 1, _] && b.Source.Float("mask_filter_value", -10000) <= LeavesOut);

    /// <summary>A scale that is written; 0 is none.</summary>
    private static bool Given(NodeBuilder b, float scale) => b.Fault == ImporterFault.NegativeScaleIgnored ? scale > 0 : scale != 0;

    // Of a skeleton, whose values are left out, zeros.
    private static float[] Values(TensorProto tensor) => Skeleton.IsBlank(tensor) ? new float[TensorData.Count(tensor.Dims)] : TensorData.Floats(tensor);

    private static string Split(NodeBuilder b, string tensor, long heads, params long[] order) =>
        heads == 0 ? tensor : b.Transpose(b.Reshape(tensor, 0, 0, heads, -1), order);

    private static string Scores(NodeBuilder b, string query, string key, long heads, double? scale)
    {
        var q = Split(b, query, heads, 0, 2, 1, 3);
        var k = heads == 0 ? b.Transpose(key, 0, 1, 3, 2) : Split(b, key, heads, 0, 2, 3, 1);
        var factor = scale is { } known
            ? b.Number(known)
            : b.Node("Div", [b.Number(1), b.Node("Sqrt", [b.Cast(b.Node("Gather", [b.Node("Shape", [q]), b.Integers(3)], null, "", ("axis", 0L)), TensorData.Float)])]);
        return b.Node("Mul", [b.Node("MatMul", [q, k]), factor]);
    }

    /// <summary>Whether a key counts, [1, 1, 1, keys]: a mask of [batch, keys], or a number of keys.</summary>
    private static string Counts(NodeBuilder b, string mask, string key)
    {
        // Keys before the mask's number, or all of a mask of as many numbers as there are keys: the shapes tell, so both are folded there.
        var keys = b.Node("Slice", [b.Node("Shape", [key]), b.Integers(1), b.Integers(2), b.Integers(0)]);
        var ones = b.Node("Expand", [b.Integers(1), keys]);
        var places = b.Node("CumSum", [ones, b.Integers(0)]);
        var whole = b.Node("Reshape", [b.Cast(mask, TensorData.Int64), b.Integers(1, 1, 1, -1)]);
        var first = b.Node("Mul", [whole, b.Node("Expand", [b.Integers(1), keys])]);
        var perKey = b.Node("Greater", [first, b.Integers(0)]);
        var below = b.Node("Not", [b.Node("Less", [first, places])]);
        var count = b.Node("Slice", [b.Node("Shape", [whole]), b.Integers(3), b.Integers(4), b.Integers(0)]);
        var isPerKey = b.Node("Equal", [count, keys]);
        return b.Node("Or", [b.Node("And", [isPerKey, perKey]), b.Node("And", [b.Node("Not", [isPerKey]), below])]);
    }

    private static string Causal(NodeBuilder b, string scores)
    {
        if (b.Fault == ImporterFault.CausalLost)
        {
            return scores;
        }

        var shape = b.Node("Slice", [b.Node("Shape", [scores]), b.Integers(2), b.Integers(4), b.Integers(0)]);
        var ones = b.Node("Expand", [b.Integers(1), shape]);
        var (rows, columns) = (b.Node("CumSum", [ones, b.Integers(0)]), b.Node("CumSum", [ones, b.Integers(1)]));
        return b.Node("Where", [b.Node("Not", [b.Node("Greater", [columns, rows])]), scores, b.Number(-10000)]);
    }

    private static bool Finish(NodeBuilder b, string scores, string value, long heads)
    {
        var probabilities = b.Node("Softmax", [scores], null, "", ("axis", 3L));
        var v = Split(b, value, heads, 0, 2, 1, 3);
        if (heads == 0)
        {
            b.Node("MatMul", [probabilities, v], b.Source.Output[0]);
            return true;
        }

        var context = b.Transpose(b.Node("MatMul", [probabilities, v]), 0, 2, 1, 3);
        b.Node("Reshape", [context, b.Integers(0, 0, -1)], b.Source.Output[0]);
        return true;
    }
}
