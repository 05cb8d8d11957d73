using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Element-wise operators on tensors that are seen in another order than they lie in, channels before positions among them.</summary>
internal sealed partial class Lowering
{
    /// <summary>The tensor behind a name, in whatever order its elements are seen; null (reported) if there is none.</summary>
    private Base? MaterializeWhole(string tensor)
    {
        switch (_values.GetValueOrDefault(tensor))
        {
            case View { Factor: 1, IsWhole: true } view:
                return view.Base;
            case View { IsWhole: true } view when OwnProduct(tensor, view.Base) is { Activation: Activation.None } product:
                product.Scale(view.Factor);
                product.Sum = tensor;
                _values[tensor] = Shown(view.Base, tensor, view.Shape, view.Strides);
                return view.Base;
            case View { IsWhole: true } view when view.Base.Name is not null:
                var scaled = EmitScaled(tensor, view.Base, view.Factor, view.Shape, view.IsPlain ? null : view.Strides);
                _values[tensor] = scaled;
                return scaled.Base;
            default:
                return Materialize(tensor);
        }
    }

    /// <summary>The common shape and order of tensors of which at least one does not lie in the order in which it is seen; null if there is none.</summary>
    private View? Frame(IReadOnlyList<string> sources)
    {
        View? frame = null;
        var isOdd = false;
        foreach (var source in sources)
        {
            isOdd |= _values.GetValueOrDefault(source) is View { IsPlain: false } or Expression { Strides: not null };
            var view = _values.GetValueOrDefault(source) switch
            {
                View { IsWhole: true } v => v,
                Expression e => new View(e.Base, e.Shape, e.Strides ?? Layout.Contiguous(e.Shape), 1),
                _ => null,
            };
            if (view is not { IsWhole: true } || (frame is not null && !IsAlike(view, frame)))
            {
                return null;
            }

            frame ??= view with { Factor = 1 };
        }

        return isOdd ? frame : null;
    }

    private static bool IsAlike(View a, View b) =>
        a.Shape.AsSpan().SequenceEqual(b.Shape) && Enumerable.Range(0, a.Shape.Length).All(i => a.Shape[i] == 1 || a.Strides[i] == b.Strides[i]);

    private Value LowerOnFrame(NodeProto node, List<string> sources, View frame)
    {
        if (sources is [var single] && _values[single] is View view)
        {
            if (ScaleOf(node, single) is { } scale)
            {
                return Scaled(single, view, scale);
            }

            if (FusedOnFrame(node, single, view) is { } fused)
            {
                return fused;
            }
        }

        if (!facts.Shape(Output).AsSpan().SequenceEqual(frame.Shape))
        {
            return Unsupported("It repeats a tensor to a larger shape.", "Export it with operands of one shape.");
        }

        var bases = sources.Select(s => _values[s] is View v ? v.Base : ((Expression)_values[s]).Base).Distinct().Count();
        return Combine(node, sources, bases, frame);
    }

    /// <summary>A constant a column, or a constant tensor, fused to the product before it; or null.</summary>
    private View? FusedOnFrame(NodeProto node, string variable, View view)
    {
        var isFirst = node.Input[0] == variable;
        if (node.Input.Count != 2 || view.Factor != 1 || facts.Constant(node.Input[isFirst ? 1 : 0]) is not { Floats: { } values } constant
            || OwnProduct(variable, view.Base) is not { Residual: null } product
            || !facts.Shape(Output).AsSpan().SequenceEqual(view.Shape) || InRows(values, constant.Dims, view) is not { } elements)
        {
            return null;
        }

        if (product is { Activation: Activation.None, IsBare: true } && PerColumn(elements, view.Base.Columns) is { } row)
        {
            switch (node.OpType)
            {
                case "Add":
                    product.Affine(null, row);
                    break;
                case "Sub" when isFirst:
                    product.Affine(null, [.. row.Select(v => -v)]);
                    break;
                case "Mul":
                    product.Affine(row, null);
                    break;
                case "Div" when isFirst && row.All(v => v != 0):
                    product.Affine([.. row.Select(v => 1 / v)], null);
                    break;
                default:
                    return null;
            }

            product.Sum = Output;
            return Shown(view.Base, Output, view.Shape, view.Strides);
        }

        if (node.OpType != "Add" || product.Activation != Activation.None)
        {
            return null;
        }

        product.ProductTensor ??= view.Base.Name;
        product.Addend = product.Addend.Length == 0 ? elements : [.. product.Addend.Zip(elements, (a, b) => a + b)];
        return Shown(view.Base, Output, view.Shape, view.Strides);
    }

    /// <summary>A constant repeated to a view's shape, its values where the view's elements lie; null if it does not fit.</summary>
    private static float[]? InRows(float[] values, long[] dims, View view) =>
        Layout.Broadcast(values, dims, view.Shape) is { } all ? new TensorOrder([.. view.Shape], [.. view.Strides]).ToElements<float>(all) : null;

    /// <summary>The one row that all rows are equal to, or null.</summary>
    private static float[]? PerColumn(float[] elements, int columns)
    {
        var row = elements[..columns];
        for (var first = columns; first < elements.Length; first += columns)
        {
            if (!elements.AsSpan(first, columns).SequenceEqual(row))
            {
                return null;
            }
        }

        return row;
    }

    /// <summary>scale · x + offset for each channel: folded into the product before it, or a product of its own.</summary>
    private Value LowerBatchNormalization(NodeProto node)
    {
        float[]?[] constants = [.. Enumerable.Range(1, 4).Select(i => facts.Constant(node.InputAt(i))?.Floats)];
        if (constants is not [{ } gamma, { } beta, { } mean, { } variance] || node.Int("training_mode", 0) != 0)
        {
            return Unsupported("Its statistics are no constants.", "Export the model for inference.");
        }

        var epsilon = node.Float("epsilon", 1e-5f);
        float[] scale = [.. gamma.Zip(variance, (g, v) => (float)(g / Math.Sqrt(v + (double)epsilon)))];
        float[] offset = [.. beta.Select((b, i) => b - (mean[i] * scale[i]))];
        var input = node.Input[0];
        if (_values.GetValueOrDefault(input) is View { Factor: 1, IsWhole: true } view && view.Base.Columns == scale.Length
            && OwnProduct(input, view.Base) is { Activation: Activation.None, IsBare: true } product)
        {
            product.Affine(scale, offset);
            product.Sum = Output;
            return Shown(view.Base, Output, view.Shape, view.Strides);
        }

        if (facts.Shape(input).Length < 3 || MaterializeGrid(input, isBatch: true) is not { } source)
        {
            return facts.Shape(input).Length < 3 ? Unsupported("It normalizes no channels.", "Fold it into the layer before it.") : new UnknownValue();
        }

        return EmitAffine(source.Base, Output, [.. scale.Select(s => (float)(s * source.Factor))], offset, ((View)_values[input]) with { Factor = 1 });
    }

    /// <summary>scale[c] · x + offset[c] as a product with a diagonal matrix.</summary>
    private View EmitAffine(Base source, string tensor, float[] scale, float[] offset, View like)
    {
        var n = source.Columns;
        var matrix = new float[n * n];
        for (var i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = scale[i];
        }

        var output = new Base { Rows = source.Rows, Columns = n };
        output.Producer = new ProductDraft(source, output, string.Empty, matrix, tensor) { Bias = offset };
        _drafts.Add(output.Producer);
        return Shown(output, tensor, like.Shape, like.Strides);
    }
}
