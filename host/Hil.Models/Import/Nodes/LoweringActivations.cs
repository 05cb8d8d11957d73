using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>
/// Products of two activations that are no softmax attention: linear attention, bilinear forms, Gram matrices. Their batches lie where the operands have them,
/// beside each other in the columns or below each other in the rows; what lies otherwise is brought below each other.
/// </summary>
internal sealed partial class Lowering
{
    /// <summary>left · right by the rules of MatMul.</summary>
    private Value LowerActivations(string left, string right)
    {
        if (Factored(left) is not { } l || Factored(right) is not { } r)
        {
            return Unfactored(left) ?? Unfactored(right) ?? new UnknownValue();
        }

        var shape = facts.Shape(Output);
        var isColumn = r.Shape.Length == 1;
        var isRow = l.Shape.Length == 1;
        (l, r) = (isRow ? WithAxis(l, 0) : l, isColumn ? WithAxis(r, 1) : r);
        var (m, k, n) = (l.Shape[^2], l.Shape[^1], r.Shape[^1]);
        var batches = shape[..^((isRow ? 0 : 1) + (isColumn ? 0 : 1))];
        var factor = l.Factor * r.Factor;
        if (factor == 0 || r.Shape[^2] != k || shape.Any(d => d < 1))
        {
            return Unsupported($"It multiplies [{string.Join(", ", l.Shape)}] and [{string.Join(", ", r.Shape)}] times {factor}.", "Check the exported model.");
        }

        (l, r) = (Repeat(l, [.. batches, m, k]), Repeat(r, [.. batches, k, n]));
        var count = batches.Aggregate(1L, (a, b) => a * b);
        if (count > 1 && (r.Strides[..^2].Zip(batches).All(b => b.First == 0 || b.Second == 1) || fault == ImporterFault.FactorOfFirstBatch))
        {
            // One right operand for all: the left ones are the rows of one product.
            (m, count) = (m * count, 1);
            r = r with { Shape = [k, n], Strides = r.Strides[^2..] };
            l = Layout.Reshape(l, [m, k]) is { } merged ? l with { Shape = [m, k], Strides = merged } : l;
        }

        if (PlaceRows(left, l, count, m, k) is not { } rows || PlaceWeights(right, r, count, k, n) is not { } weights)
        {
            return Unsupported("It multiplies two activations that lie in an order which the device cannot bring into rows.", "Keep [batches, rows, columns] before it.");
        }

        var isBeside = count > 1 && MergesBatches(Output, count);
        var output = new Base { Rows = (int)(isBeside ? m : m * count), Columns = (int)(isBeside ? n * count : n) };
        var draft = new ActivationProductDraft(rows.Base, weights.Base, output, Math.Abs(factor))
        {
            Batches = (int)count,
            IsTransposed = weights.IsTransposed && fault != ImporterFault.TransposedFactorLost,
            IsLeftBeside = rows.IsBeside,
            IsRightBeside = weights.IsBeside,
            IsOutputBeside = isBeside,
        };
        output.Producer = draft;
        _drafts.Add(draft);
        var strides = isBeside ? [.. Layout.Contiguous(batches).Select(s => s * n), .. isRow ? [] : new[] { n * count }, .. isColumn ? [] : new[] { 1L }] : Layout.Contiguous(shape);
        if (factor > 0 || fault == ImporterFault.ProductSignLost)
        {
            return Shown(output, Output, shape, strides);
        }

        // The device's multipliers are positive: no ONNX tensor has the values before the sign.
        Shown(output, PartName(Output), shape, strides);
        output.RangeOf = Output;
        return EmitScaled(Output, output, -1, shape, strides);
    }

    /// <summary>The operand as a tensor in memory times a factor; a constant as one that a layer gives. Null if it is none.</summary>
    private View? Factored(string tensor)
    {
        if (facts.Constant(tensor) is { } constant)
        {
            return ConstantBase(constant) is { } values ? PlainView(values, constant.Dims) : null;
        }

        if (_values.GetValueOrDefault(tensor) is Expression or FrontValue)
        {
            _ = MaterializeWhole(tensor);
        }

        if (_values.GetValueOrDefault(tensor) is not View { Shape.Length: > 0 } view)
        {
            return null;
        }

        if (view.Base.Name is null && view.IsWhole)
        {
            Shown(view.Base, tensor, view.Shape, view.Strides);
        }

        return view.Base.Name is null ? null : view;
    }

    private UnknownValue? Unfactored(string tensor) => facts.Constant(tensor) is { Floats: null }
        ? Unsupported($"The constant '{tensor}' is not float32.", "Use float32.")
        : _values.GetValueOrDefault(tensor) is Scores or Probabilities or WeightedRows or View
            ? Unsupported($"It multiplies '{tensor}', which is no tensor in memory.", "Use softmax(q·kᵀ·scale + mask)·v, or products of what layers give.")
            : null;

    private static View WithAxis(View view, int at) => view with
    {
        Shape = [.. view.Shape[..at], 1, .. view.Shape[at..]],
        Strides = [.. view.Strides[..at], 0, .. view.Strides[at..]],
    };

    private static View Repeat(View view, long[] shape) => view with { Shape = shape, Strides = Repeated(view.Shape, view.Strides, shape) };

    /// <summary>The left operand's blocks [m, k] where they lie, or brought below each other.</summary>
    private (Base Base, bool IsBeside)? PlaceRows(string tensor, View view, long count, long m, long k)
    {
        if (Placed(view, count, rowsFirst: true) is { } placed)
        {
            return placed;
        }

        return EmitPart(tensor, view with { Factor = 1 }) is { } part && part.Base.Rows == count * m && part.Base.Columns == k ? (part.Base, false) : null;
    }

    /// <summary>The right operand's blocks [k, n] or transposed [n, k] where they lie, or brought below each other, in the order that it takes less to bring them to.</summary>
    private (Base Base, bool IsBeside, bool IsTransposed)? PlaceWeights(string tensor, View view, long count, long k, long n)
    {
        if (Placed(view, count, rowsFirst: true) is { } asTheyAre)
        {
            return (asTheyAre.Base, asTheyAre.IsBeside, false);
        }

        if (Placed(view, count, rowsFirst: false) is { } transposed)
        {
            return (transposed.Base, transposed.IsBeside, true);
        }

        var isTransposed = view.Strides[^2] == 1 && view.Strides[^1] != 1;
        foreach (var turned in new[] { isTransposed, !isTransposed })
        {
            var seen = turned ? view with { Shape = [.. view.Shape[..^2], n, k], Strides = [.. view.Strides[..^2], view.Strides[^1], view.Strides[^2]] } : view;
            if (EmitPart(tensor, seen with { Factor = 1 }) is { } part && part.Base.Rows == count * (turned ? n : k))
            {
                return (part.Base, false, turned);
            }
        }

        return null;
    }

    /// <summary>The tensor in which the blocks of a view lie all below each other or all beside each other; null if they do not.</summary>
    private (Base Base, bool IsBeside)? Placed(View view, long count, bool rowsFirst) =>
        Heads(view, rowsFirst) is { } h && h.Base.Name is not null && (h.Windows == 1 || h.Heads == 1) && h.Windows * h.Heads == count ? (h.Base, h.Heads > 1) : null;

    /// <summary>All that reads a tensor, as it is or scaled, puts its batches beside each other: [.., batches, rows, columns] becomes [.., rows, batches, columns].</summary>
    private bool MergesBatches(string tensor, long count, int depth = 0)
    {
        var rank = facts.Shape(tensor).Length;
        return depth < MostViews && rank >= 3 && facts.Shape(tensor)[^3] == count && Readers(tensor) is { Count: > 0 } readers
            && readers.All(r => r < graph.Node.Count && graph.Node[r] switch
            {
                { OpType: "Transpose" } turn => turn.Ints("perm") is { } order && order[^1] == rank - 1 && order[^2] == rank - 3 && order[^3] == rank - 2,
                { OpType: "Mul" or "Div" or "Identity" } scaled => scaled.Input.All(i => i == tensor || facts.Constant(i)?.Floats is [_]) && MergesBatches(scaled.Output[0], count, depth + 1),
                _ => false,
            });
    }

    /// <summary>A tensor times a number, which the product of two activations that gives it takes in, if nothing else reads what it gave.</summary>
    private View Scaled(string tensor, View view, double scale)
    {
        var factor = view.Factor * scale;
        if (!(factor > 0) || !view.IsWhole || view.Base is not { Producer: ActivationProductDraft product, Name: { } name } || (!IsReadOnlyBy(tensor, name) && fault != ImporterFault.SharedActivationScaled))
        {
            return view with { Factor = factor };
        }

        // In another shape of rows the tensor will be another one.
        var isOwn = Rearrangement.SizeOf(view.Shape) == (view.Base.Rows, view.Base.Columns) || !view.IsPlain;
        product.Factor *= factor;
        var shown = Shown(view.Base, isOwn ? Output : PartName(Output), view.Shape, view.Strides);
        view.Base.RangeOf = isOwn ? null : Output;
        return shown;
    }

    /// <summary>What reads a product of two activations, through scales, masks, addends and views, is the softmax of an attention.</summary>
    private bool LeadsToAttention(string tensor, int depth = 0) => depth < MostViews && Readers(tensor) is { Count: > 0 } readers
        && readers.All(r => r < graph.Node.Count && graph.Node[r] switch
        {
            { OpType: "Softmax" } softmax => LeadsToProduct(softmax.Output[0]),
            { OpType: "Add" or "Sub" or "Mul" or "Div" or "Max" or "Where" } scores =>
                scores.Input.All(i => i == tensor || facts.Constant(i) is not null || facts.IsFront(i)) && LeadsToAttention(scores.Output[0], depth + 1),
            { } view => Operators.IsView(view.OpType) && LeadsToAttention(view.Output[0], depth + 1),
        });

    /// <summary>The nodes that read a tensor's values, and the number of nodes for the model's output; a shape that is known reads none.</summary>
    private List<int> Readers(string tensor) =>
        [.. facts.Consumers(tensor).Where(r => r >= graph.Node.Count || graph.Node[r].Output.Any(o => o.Length > 0 && facts.Constant(o) is null))];
}
