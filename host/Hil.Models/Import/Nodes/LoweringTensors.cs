using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;

namespace Hil.Models.Import.Nodes;

/// <summary>Tensors in memory: new ones that a layer gives, and those that views, expressions and the host's values become when a layer reads them.</summary>
internal sealed partial class Lowering
{
    /// <summary>Rows and columns of a tensor, whose last axis is the columns; null if it has no axis or no element.</summary>
    private (int Rows, int Columns)? AsRows(string tensor)
    {
        var shape = facts.Shape(tensor);
        return shape.Length == 0 || shape.Any(d => d < 1) ? null : Rearrangement.SizeOf(shape);
    }

    /// <summary>The axis of the rows: the only one before the last that is longer than 1, or the one before the last; −1 if several are.</summary>
    private static int RowAxis(long[] shape) => shape[..^1].Count(d => d > 1) > 1 ? -1
        : Array.FindIndex(shape[..^1], d => d > 1) is >= 0 and var axis ? axis : shape.Length - 2;

    private static View PlainView(Base @base, long[] shape) => new(@base, shape, Layout.Contiguous(shape), 1);

    /// <summary>A new tensor of the shape of a node's output, given by a layer.</summary>
    private View Emit(string tensor, Func<Base, Draft> draft, Expression? like = null) =>
        Emit(tensor, draft, like is null ? AsRows(tensor)!.Value : (like.Base.Rows, like.Base.Columns), like?.Strides);

    private View Emit(string tensor, Func<Base, Draft> draft, (int Rows, int Columns) size, long[]? strides = null)
    {
        var (rows, columns) = size;
        var output = new Base { Rows = rows, Columns = columns };
        output.Producer = draft(output);
        _drafts.Add(output.Producer);
        return Shown(output, tensor, facts.Shape(tensor), strides);
    }

    /// <summary>The materialised tensor behind a name, in its own order; null (reported) if there is none.</summary>
    private Base? Materialize(string tensor)
    {
        switch (_values.GetValueOrDefault(tensor))
        {
            case View { Factor: 1, IsPlain: true } view when view.Shape.Length > 0 && Rearrangement.SizeOf(view.Shape) != (view.Base.Rows, view.Base.Columns):
                return Rearranged(tensor, view);
            case View { Factor: 1, IsPlain: true } view:
                return view.Base;
            case View { IsPlain: true } view when OwnProduct(tensor, view.Base) is { } product && product.Activation == Activation.None:
                product.Scale(view.Factor);
                view.Base.Name = product.Sum = tensor;
                _values[tensor] = view with { Factor = 1 };
                return view.Base;
            case View { Factor: 1 } view when PartOf(tensor, view) is { } part:
                return part;
            case View or FrontValue when FromHost(tensor) is { } given:
                return given;
            case Expression expression:
                return MaterializeExpression(tensor, expression);
            case null or UnknownValue:
                return null;
            case FrontValue:
                _ = !facts.IsFloat(tensor) ? Unsupported($"'{tensor}' is no float32 tensor, and nothing says what its elements mean.", "Give float32 numbers, or the elements of a quantizer.")
                    : facts.IsFront(graph.Output[0].Name) ? Unsupported("The host gives the output by itself: nothing is left for the device.", "Check the exported model.")
                    : Unsupported($"'{tensor}' has no shape [1, rows, columns] of float32.", "Export it for batch 1.");
                break;
            case Scores or Probabilities or WeightedRows:
                Unsupported("It reads attention scores in a way that is no attention.", "Use softmax(q·kᵀ·scale + mask)·v.");
                break;
            case View view:
                return Rearranged(tensor, view);
        }

        _values[tensor] = new UnknownValue();
        return null;
    }

    /// <summary>A tensor that the host computes, for the device to read; null if it is none, or if that would leave nothing to the device.</summary>
    private Base? FromHost(string tensor)
    {
        if (facts.IsFront(graph.Output[0].Name) || !facts.IsFront(tensor) || !facts.IsFloat(tensor) || AsRows(tensor) is null)
        {
            return null;
        }

        _values[tensor] = new FrontValue();
        Promote(tensor);
        return ((View)_values[tensor]).Base;
    }

    private Base? MaterializeExpression(string tensor, Expression expression)
    {
        var source = expression.Base;
        if (expression.Strides is null && (AsRows(tensor) is not { } shape || shape.Rows != source.Rows || shape.Columns != source.Columns))
        {
            Unsupported($"'{tensor}' is a mean or another reduction.", "Use means within a layer normalization only.");
        }
        else if (!expression.Function.UsesColumns && !expression.Function.UsesMean)
        {
            var known = Recognizer.AsActivation(expression.Function);
            var activation = known ?? Activation.Other;
            var function = known is null ? new ScalarFunction(x => expression.Function.Evaluate([x])[0]) { Grid = expression.Grid } : null;
            if (source.Producer is ProductDraft { Activation: Activation.None, IsBare: true } product
                && source.Name is { } sum
                && (facts.Consumers(sum).All(expression.Nodes.Contains) || fault == ImporterFault.SharedSumActivated))
            {
                (product.Activation, product.Function, product.Sum) = (activation, function, sum);
                _values[tensor] = Shown(source, tensor, expression.Shape, expression.Strides);
                return source;
            }

            var view = Emit(tensor, b => new VectorDraft(
                b, (name, output) => new Pointwise(name, source.Name!, output, activation) { Function = function }), expression);
            _values[tensor] = view;
            return view.Base;
        }
        else if (AsNormalization(expression.Function, source.Columns) is { } norm)
        {
            var view = Emit(tensor, b => new VectorDraft(
                b, (name, output) => new Normalize(name, source.Name!, output, [.. norm.Gamma], [.. norm.Beta], norm.Epsilon) { Rms = norm.Rms }));
            _values[tensor] = view;
            return view.Base;
        }
        else if (Recognizer.AsAffine(expression.Function, source.Columns) is { } affine)
        {
            var like = new View(source, expression.Shape, expression.Strides ?? Layout.Contiguous(expression.Shape), 1);
            return Placed(tensor, expression, name => EmitAffine(source, name, affine.Scale, affine.Offset, like));
        }
        else if (ByColumns(tensor, expression) is { } byColumns)
        {
            return byColumns;
        }
        else if (FromHost(tensor) is { } given)
        {
            return given;
        }
        else
        {
            var position = facts.Producer(tensor);
            problems.Add(new(
                position,
                graph.Node[position].Title(),
                graph.Node[position].OpType,
                "The element-wise operators that end here are no function the device has.",
                "Known are functions of one number, one scale and offset a column, residuals and layer normalization."));
        }

        _values[tensor] = new UnknownValue();
        return null;
    }

    private static (float[] Gamma, float[] Beta, double Epsilon, bool Rms)? AsNormalization(RowFunction function, int columns) =>
        Recognizer.AsNormalization(function, columns, rms: false) is { } byDeviation ? (byDeviation.Gamma, byDeviation.Beta, byDeviation.Epsilon, false)
        : Recognizer.AsNormalization(function, columns, rms: true) is { } byRoot ? (byRoot.Gamma, byRoot.Beta, byRoot.Epsilon, true)
        : null;

    /// <summary>The product that gives a tensor, if nothing was added yet and nobody else reads it under any of its names.</summary>
    private ProductDraft? OwnProduct(string tensor, Base @base) =>
        @base.Producer is ProductDraft product && @base.Name is { } name && IsReadOnlyBy(tensor, name) ? product : null;

    /// <summary>Nobody reads what a layer gives under any name between the layer's own and this one but what leads to it.</summary>
    private bool IsReadOnlyBy(string tensor, string own)
    {
        for (var name = tensor; facts.Consumers(name).Count == 1 || fault == ImporterFault.SharedProductChanged; name = Variable(name))
        {
            if (name == own)
            {
                return true;
            }

            if (facts.Producer(name) < 0)
            {
                return false;
            }
        }

        return false;

        string Variable(string name)
        {
            var inputs = graph.Node[facts.Producer(name)].Input;
            return inputs.FirstOrDefault(i => facts.Constant(i) is null) ?? inputs[0];
        }
    }
}
