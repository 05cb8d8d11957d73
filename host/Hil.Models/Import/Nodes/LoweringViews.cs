using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Parts of tensors, tensors put together, repeated and chosen: seen where they lie as far as strides can say it, else brought to another place.</summary>
internal sealed partial class Lowering
{
    private Value LowerGeneralSlice(NodeProto node)
    {
        long[]? starts = Integers(1, "starts"), ends = Integers(2, "ends");
        if (starts is null || ends is null || starts.Length != ends.Length)
        {
            return Unsupported("Its bounds are no constants.", "Slice with constant bounds.");
        }

        var axes = Integers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = Integers(4, "steps") ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (Seen(node.Input[0]) is not { } view)
        {
            return Unseen(node.Input[0]);
        }

        var (shape, strides, offset) = (facts.Shape(Output), (long[])view.Strides.Clone(), view.Offset);
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = axes[i] < 0 ? axes[i] + view.Shape.Length : axes[i];
            var length = view.Shape[axis];
            var start = Math.Clamp(starts[i] < 0 && fault != ImporterFault.NegativeStartsCut ? starts[i] + length : starts[i], 0, steps[i] < 0 ? length - 1 : length);
            offset += start * strides[axis];
            strides[axis] *= steps[i];
        }

        return new View(view.Base, shape, strides, view.Factor) { Offset = offset };

        long[]? Integers(int position, string attribute) => node.Ints(attribute) ?? facts.Constant(node.InputAt(position))?.Integers;
    }

    private Value LowerGeneralGather(NodeProto node)
    {
        if (facts.Constant(node.Input[0]) is not null || facts.Constant(node.Input[1]) is not { Integers: { } indices } constant)
        {
            return Unsupported("Its indices are no constants.", "Look up embeddings on the host.");
        }

        if (Seen(node.Input[0]) is not { } view)
        {
            return Unseen(node.Input[0]);
        }

        var axis = (int)node.Int("axis", 0);
        axis = axis < 0 ? axis + view.Shape.Length : axis;
        var (inner, rank) = (view.Shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b), constant.Dims.Length);
        long[] order = [.. indices.Select(i => i < 0 ? i + view.Shape[axis] : i)];
        if (order.Length == 1)
        {
            long[] ones = [.. Enumerable.Repeat(0L, rank)];
            return new View(view.Base, facts.Shape(Output), [.. view.Strides[..axis], .. ones, .. view.Strides[(axis + 1)..]], view.Factor)
            {
                Offset = view.Offset + (order[0] * view.Strides[axis]),
            };
        }

        return LowerPlaces(i =>
        {
            var (outer, rest) = Math.DivRem(i, order.Length * inner);
            return (node.Input[0], (int)((((outer * view.Shape[axis]) + order[rest / inner]) * inner) + (rest % inner)));
        });
    }

    private Value LowerGeneralConcat(NodeProto node)
    {
        var shape = facts.Shape(Output);
        var axis = (int)node.Int("axis", 0);
        axis = axis < 0 ? axis + shape.Length : axis;
        var inner = shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b);
        return LowerPlaces(i =>
        {
            var (outer, rest) = Math.DivRem(i, shape[axis] * inner);
            var (position, column) = Math.DivRem(rest, inner);
            foreach (var input in node.Input)
            {
                var length = facts.Shape(input)[axis];
                if (position < length)
                {
                    return (input, (int)((((outer * length) + position) * inner) + column));
                }

                position -= length;
            }

            throw new InvalidOperationException($"'{Output}' is longer than what it is made of.");
        });
    }

    /// <summary>A constant around a tensor.</summary>
    private Value LowerPad(NodeProto node)
    {
        var (input, shape) = (node.Input[0], facts.Shape(Output));
        var fill = node.InputAt(2) is { } given ? facts.Constant(given)?.Floats : [0];
        if (node.Text("mode") is not ("" or "constant") || fill is not [var value] || facts.Constant(node.InputAt(1))?.Integers is not { } pads)
        {
            return Unsupported("It does not put one constant number around a tensor.", "Pad with constant zeros.");
        }

        var inner = facts.Shape(input);
        long[] axes = node.InputAt(3) is { } named ? facts.Constant(named)?.Integers ?? [] : [.. Enumerable.Range(0, inner.Length).Select(i => (long)i)];
        if (axes.Length == 0 || pads.Length != 2 * axes.Length || pads.Any(p => p < 0))
        {
            return Unsupported("It cuts off, or how much it pads is not constant.", "Pad with constant, positive widths.");
        }

        var before = new long[inner.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            before[axes[i] < 0 ? axes[i] + inner.Length : axes[i]] = pads[fault == ImporterFault.PadsTurned ? i + axes.Length : i];
        }

        var row = new TensorProto { Name = $"{Output}/fill", DataType = TensorData.Float, Dims = { shape[^1] } };
        row.FloatData.AddRange(Enumerable.Repeat(value, (int)shape[^1]));
        AddedConstants.Add(row);
        _values[row.Name] = PlainView(ConstantBase(new(row.Name, [shape[^1]], [.. row.FloatData], null))!, [shape[^1]]);
        var strides = Layout.Contiguous(inner);
        return LowerPlaces(i =>
        {
            var (rest, element, isInside) = ((long)i, 0L, true);
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                var at = (rest % shape[axis]) - before[axis];
                isInside &= at >= 0 && at < inner[axis];
                element += at * strides[axis];
                rest /= shape[axis];
            }

            return isInside ? (input, (int)element) : (row.Name, (int)(i % shape[^1]));
        });
    }

    private Value LowerExpand(NodeProto node) => Seen(node.Input[0]) is { } view
        ? new View(view.Base, facts.Shape(Output), Repeated(view.Shape, view.Strides, facts.Shape(Output)), view.Factor) { Offset = view.Offset }
        : Unseen(node.Input[0]);

    /// <summary>One of two tensors by a constant condition, element by element.</summary>
    private Value LowerChoice(NodeProto node)
    {
        if (facts.Constant(node.Input[0]) is not { Integers: { } condition } constant)
        {
            return Unsupported("Its condition is no constant.", "Choose by constants, or mask the keys of an attention.");
        }

        var shape = facts.Shape(Output);
        var views = node.Input.Select(i => facts.Shape(i)).Select(dims => new View(null!, shape, Repeated(dims, Layout.Contiguous(dims), shape), 1)).ToList();
        return LowerPlaces(i =>
        {
            var chosen = condition[views[0].ElementAt(i)] != 0 ? 1 : 2;
            return (node.Input[chosen], views[chosen].ElementAt(i));
        });
    }

    /// <summary>Strides of a tensor repeated to a shape by the rules of ONNX broadcasting.</summary>
    private static long[] Repeated(long[] dims, long[] strides, long[] shape)
    {
        var result = new long[shape.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            var target = shape.Length - dims.Length + i;
            result[target] = dims[i] == 1 && shape[target] != 1 ? 0 : strides[i];
        }

        return result;
    }

    private UnknownValue Unseen(string tensor) => _values.GetValueOrDefault(tensor) is null or UnknownValue
        ? new UnknownValue()
        : Unsupported($"It takes a part of '{tensor}', which is no tensor in memory.", "Rearrange outside of attention.");
}
