using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>
/// Attention: the product of queries and keys, its softmax, the product with values. Queries may be constant: a learned score a token whose softmax weighs the
/// tokens (sequence pooling) is one. Batches of products, over windows for example, are windows of one attention.
/// </summary>
internal sealed partial class Lowering
{
    /// <summary>Views, one after the other, that are looked through for what reads a softmax.</summary>
    private const int MostViews = 16;

    /// <summary>q·kᵀ, the heads of both slices of the columns; null if they are no queries and keys of equal heads.</summary>
    private Scores? LowerScores(View query, View key)
    {
        var (q, k) = (Heads(query, rowsFirst: true), Heads(key, rowsFirst: false));
        return q is null || k is null || fault != ImporterFault.HeadsUnchecked && (q.Value.Windows, q.Value.Heads, q.Value.Size) != (k.Value.Windows, k.Value.Heads, k.Value.Size)
            ? null
            : new Scores(q.Value.Base, k.Value.Base, q.Value.Windows, q.Value.Heads, q.Value.Size, query.Factor * key.Factor, Node.Title());
    }

    private Value LowerContext(Probabilities probabilities, View value)
    {
        var scores = probabilities.Scores;
        if (Heads(value, rowsFirst: !probabilities.KeysFirst) is not { } v || value.Factor != 1
            || (((v.Windows, v.Heads) != (scores.Windows, scores.Heads) || v.Base.Rows != scores.Key.Rows) && fault != ImporterFault.ValuesUnchecked))
        {
            return Unsupported("The values do not match the queries and keys in heads or rows.", "Use values of as many heads and rows as the keys.");
        }

        var output = new Base { Rows = scores.Query.Rows, Columns = v.Heads * v.Size };
        var (across, down) = ((long)output.Columns, (long)scores.Rows * output.Columns);
        var heads = probabilities.KeysFirst
            ? new View(output, [v.Windows, v.Heads, v.Size, scores.Rows], [down, v.Size, 1, across], 1)
            : new View(output, [v.Windows, v.Heads, scores.Rows, v.Size], [down, v.Size, across, 1], 1);
        var shape = facts.Shape(Output);
        if (Layout.Reshape(heads, shape) is not { } strides)
        {
            return Unsupported("Its result has another shape than its heads.", "Use products of [.., heads, rows, keys] and [.., heads, keys, d].");
        }

        var node = Node.Title();
        var mask = MaskOf(scores, out var bias);
        output.Producer = new VectorDraft(output, (name, tensor) => new Attention(
            name,
            scores.Query.Name!,
            scores.Key.Name!,
            v.Base.Name!,
            tensor,
            scores.Heads,
            scores.HeadSize,
            scores.Factor,
            scores.Node,
            probabilities.Node,
            node)
        {
            ValueSize = v.Size,
            Windows = v.Windows,
            Mask = mask,
            Bias = bias,
        });
        _drafts.Add(output.Producer);
        return Named(new View(output, shape, strides, 1));
    }

    /// <summary>Rows times probabilities of one query, [.., keys, d] · [.., keys, 1]; null if it is no such product.</summary>
    private WeightedRows? Weighted(NodeProto node) => (node.OpType, _values.GetValueOrDefault(node.Input[0]), _values.GetValueOrDefault(node.InputAt(1) ?? string.Empty)) switch
    {
        ("Mul", Probabilities p, View rows) => Weighted(p, rows),
        ("Mul", View rows, Probabilities p) => Weighted(p, rows),
        _ => null,
    };

    private WeightedRows? Weighted(Probabilities p, View rows) =>
        p is { KeysFirst: true, Scores: { Rows: 1, Heads: 1, Windows: 1 } } && rows.Shape.AsSpan().SequenceEqual(facts.Shape(Output)) ? new(p, rows) : null;

    /// <summary>The sum of weighted rows over the keys.</summary>
    private Value LowerSum(NodeProto node)
    {
        var axes = node.Ints("axes") ?? facts.Constant(node.InputAt(1))?.Integers;
        var rank = facts.Shape(node.Input[0]).Length;
        return _values.GetValueOrDefault(node.Input[0]) is WeightedRows weighted && axes is [var axis] && (axis < 0 ? axis + rank : axis) == rank - 2
            ? LowerContext(weighted.Probabilities with { KeysFirst = false }, weighted.Rows)
            : Unsupported("The device has no such operation.", Operators.Advice(node.OpType));
    }

    private Value LowerSoftmax(NodeProto node)
    {
        var axis = node.Int("axis", facts.Opset < 13 ? 1 : -1);
        var rank = facts.Shape(node.Input[0]).Length;
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank)
        {
            return Unsupported($"Its axis is none of the {rank} of '{node.Input[0]}'.", "Check the exported model.");
        }

        return _values.GetValueOrDefault(node.Input[0]) switch
        {
            Scores scores when axis == rank - 1 || fault == ImporterFault.SoftmaxAxisUnchecked => new Probabilities(scores, node.Title()),
            View view when LeadsToProduct(Output) && LearnedScores(view, (int)axis) is { } scores => new Probabilities(scores, node.Title()) { KeysFirst = axis != rank - 1 },
            _ => LowerSoftmaxOfRows(node, axis),
        };
    }

    /// <summary>
    /// The scores tokens · weights [keys, n], their softmax over the tokens, as those of n constant queries. A bias is the same for all keys of a query, so that
    /// the softmax does not depend on it. Null if the view is no such product.
    /// </summary>
    private Scores? LearnedScores(View view, int axis)
    {
        var (keys, n) = (view.Base.Rows, view.Base.Columns);
        var other = axis == view.Shape.Length - 1 ? axis - 1 : axis + 1;
        if (view.Base.Producer is not ProductDraft { Activation: Activation.None, IsBare: true, Window: null } product || !view.IsWhole
            || other < 0 || Math.Max(axis, other) != view.Shape.Length - 1
            || view.Shape[axis] != keys || view.Shape[other] != n || (keys > 1 && view.Strides[axis] != n))
        {
            return null;
        }

        var values = new TensorProto { Name = $"{Output}/queries", DataType = TensorData.Float, Dims = { n, product.Input.Columns } };
        values.FloatData.AddRange(product.Queries(view.Factor));
        AddedConstants.Add(values);
        return new Scores(ConstantBase(new(values.Name, [n, product.Input.Columns], [.. values.FloatData], null))!, product.Input, 1, 1, product.Input.Columns, 1, Node.Title());
    }

    /// <summary>All that reads a tensor, as it is or re-ordered, is a product with another activation, or weighs what is summed then.</summary>
    private bool LeadsToProduct(string tensor, int depth = 0) => depth < MostViews && Readers(tensor) is { Count: > 0 } readers && readers.All(r => r < graph.Node.Count && graph.Node[r] switch
    {
        { OpType: "Mul" } weighted => facts.Consumers(weighted.Output[0]).All(c => c < graph.Node.Count && graph.Node[c].OpType == "ReduceSum"),
        { OpType: "Where" or "IsNaN" } guard => LeadsToProduct(guard.Output[0], depth + 1),
        { OpType: "MatMul" } product => product.Input.Distinct().Count() == 2 && product.Input.All(i => facts.Constant(i) is null),
        { } view => Operators.IsView(view.OpType) && view.OpType != "Cast" && LeadsToProduct(view.Output[0], depth + 1),
    });

    /// <summary>Scores or probabilities in another shape or order: heads, queries and keys stay what they are; null if they do not.</summary>
    private Value? ReorderedScores(NodeProto node, Value scores)
    {
        var (from, to) = (facts.Shape(node.Input[0]), facts.Shape(Output));
        if (to.Length < 2)
        {
            return null;
        }

        if (scores is Probabilities { Scores: { Rows: 1, Heads: 1, Windows: 1, Keys: > 1 and var keys } } row && (to[^1] == keys || to[^2] == keys))
        {
            return row with { KeysFirst = to[^1] != keys };
        }

        if (node.OpType != "Transpose")
        {
            return to[^2..].AsSpan().SequenceEqual(from.AsSpan()[^2..]) ? scores : null;
        }

        long[] swap = [.. Enumerable.Range(0, to.Length - 2).Select(i => (long)i), to.Length - 1, to.Length - 2];
        return scores is Probabilities p && node.Ints("perm") is { } order && order.AsSpan().SequenceEqual(swap) ? p with { KeysFirst = !p.KeysFirst } : null;
    }
}
