using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Views and element-wise operators: bias, scales, residuals, and functions to be recognised.</summary>
internal sealed partial class Lowering
{
    private Value LowerView(NodeProto node)
    {
        var input = node.Input[0];
        if (fault != ImporterFault.CastsUnchecked && node.OpType == "Cast" && node.Attribute.FirstOrDefault(a => a.Name == "to")?.I != 1)
        {
            return Unsupported("It casts to another type than float32.", "Export the model in float32.");
        }

        if (_values[input] is Expression && Materialize(input) is null)
        {
            return new UnknownValue();
        }

        var shape = facts.Shape(Output);
        if (facts.Shape(input).Aggregate(1.0, (n, d) => n * d) != shape.Aggregate(1.0, (n, d) => n * d))
        {
            return Unsupported($"Its shape [{string.Join(", ", shape)}] does not hold the elements of '{input}'.", "Check the exported model.");
        }

        switch (_values[input])
        {
            case View view when node.OpType == "Transpose":
                var order = node.Ints("perm") ?? [.. Enumerable.Range(0, shape.Length).Select(i => (long)(shape.Length - 1 - i))];
                return Named(view with { Shape = shape, Strides = [.. order.Select(a => view.Strides[a])] });
            case View view when Layout.Reshape(view, shape) is { } strides:
                return Named(view with { Shape = shape, Strides = strides });
            case (Scores or Probabilities) and var scores when ReorderedScores(node, scores) is { } reordered:
                return reordered;
            case View:
                return LowerPlaces(i => (input, i));
            default:
                return Unsupported("It re-orders attention scores.", "Reshape and transpose only to split and merge heads.");
        }
    }

    /// <summary>A tensor that had no name yet takes that of the first view in its own order.</summary>
    private View Named(View view)
    {
        if (view.Base.Name is null && view.IsPlain)
        {
            view.Base.Name = Output;
        }

        return view;
    }

    private Value LowerElementWise(NodeProto node)
    {
        var sources = node.Input.Where(i => facts.Constant(i) is null).Distinct().ToList();
        if (sources.Find(s => _values[s] is Scores) is { } name)
        {
            return LowerOnScores(node, name, (Scores)_values[name]);
        }

        if (Weighted(node) is { } weighted)
        {
            return weighted;
        }

        if (sources.Any(s => _values[s] is not (View or Expression)))
        {
            return Unsupported("It works on attention scores.", "Use softmax(q·kᵀ·scale + mask)·v.");
        }

        if (Frame(sources) is { } frame)
        {
            return LowerOnFrame(node, sources, frame);
        }

        if (sources is [var single] && _values[single] is View view)
        {
            if (ScaleOf(node, single) is { } scale)
            {
                return Scaled(single, view, scale);
            }

            if (node.OpType == "Add" && node.Input.Count == 2 && Fused(node, single, view) is { } fused)
            {
                return fused;
            }
        }

        // A part of a tensor becomes one of its own, such as half of what a layer gives.
        foreach (var part in sources.Where(s => _values[s] is View { IsWhole: false }))
        {
            if (!IsOwn(part))
            {
                return new UnknownValue();
            }
        }

        var bases = sources.Select(s => _values[s] is View v ? v.Base : ((Expression)_values[s]).Base).Distinct().Count();
        return Combine(node, sources, bases, null);
    }

    /// <summary>Makes a part of a tensor one of its own; what is a number times it stays a number times it. False (reported) if the device cannot bring it there.</summary>
    private bool IsOwn(string part)
    {
        var view = (View)_values[part];
        if (view.Factor != 1 && facts.Producer(part) is >= 0 and var position && graph.Node[position].Input.FirstOrDefault(i => facts.Constant(i) is null) is { } unscaled
            && _values[unscaled] is View source && source.Shape.AsSpan().SequenceEqual(view.Shape) && (source.IsWhole || IsOwn(unscaled)))
        {
            var own = (View)_values[unscaled];
            _values[part] = own with { Factor = own.Factor * view.Factor / source.Factor };
            return true;
        }

        if (Materialize(part) is not { } tensor)
        {
            return false;
        }

        _values[part] = PlainView(tensor, view.Shape);
        return true;
    }

    /// <summary>
    /// A tensor in memory that no product gives to this node alone, or that the model stores before it is multiplied by a number: a sum takes the number in.
    /// </summary>
    private bool IsNoProduct(string tensor)
    {
        if (_values.GetValueOrDefault(tensor) is Expression && facts.Producer(tensor) is >= 0 and var position && graph.Node[position] is { OpType: "Mul", Input: [var stored, var factor] }
            && isEncoded(stored) && facts.Constant(factor)?.Floats is [var number] && _values.GetValueOrDefault(stored) is Expression && Materialize(stored) is not null)
        {
            var own = (View)_values[stored];
            _values[tensor] = own with { Factor = own.Factor * number };
        }

        return _values.GetValueOrDefault(tensor) is View view && (OwnProduct(tensor, view.Base) is null || (view.Factor != 1 && isEncoded(view.Base.Name!)));
    }

    /// <summary>s if the node computes s·x with a constant number s.</summary>
    private double? ScaleOf(NodeProto node, string variable)
    {
        if (node.OpType is not ("Mul" or "Div") || node.Input.Count != 2)
        {
            return null;
        }

        var isFirst = node.Input[0] == variable;
        var constant = facts.Constant(node.Input[isFirst ? 1 : 0]);
        return constant?.Floats is not [var number] || constant.Dims.Length > facts.Shape(variable).Length ? null
            : node.OpType == "Mul" ? number
            : (isFirst || fault == ImporterFault.DivisionTurned) && number != 0 ? 1.0 / number
            : null;
    }

    /// <summary>A bias or a constant tensor fused to the product before it, or null.</summary>
    private View? Fused(NodeProto node, string variable, View view)
    {
        var other = facts.Constant(node.Input[0] == variable ? node.Input[1] : node.Input[0]);
        if (other?.Floats is not { } values || (values.Length == 1 && view.Base.Columns > 1) || !view.IsPlain
            || OwnProduct(variable, view.Base) is not { Residual: null } product)
        {
            return null;
        }

        var (rows, columns) = (view.Base.Rows, view.Base.Columns);
        var isRow = other.Dims.Length <= view.Shape.Length && other.Dims is [.., var last] && last == values.Length && last == columns && view.Shape[^1] == columns;
        if (isRow && product is { Activation: Activation.None, IsBare: true })
        {
            product.Affine(view.Factor == 1 ? null : [.. Enumerable.Repeat((float)view.Factor, columns)], null);
            return WithBias(product, view, values);
        }

        if (view.Factor != 1 || product.Activation != Activation.None || Layout.Broadcast(values, other.Dims, view.Shape) is not { } addend)
        {
            return null;
        }

        if (product.IsBare && PerColumn(addend, columns) is { } row)
        {
            return WithBias(product, view, row);
        }

        product.ProductTensor ??= view.Base.Name;
        product.Addend = product.Addend.Length == 0 ? addend : [.. product.Addend.Zip(addend, (a, b) => a + b)];
        view.Base.Name = Output;
        return rows * columns == addend.Length ? PlainView(view.Base, view.Shape) : null;
    }

    private View WithBias(ProductDraft product, View view, float[] row)
    {
        product.Affine(null, row);
        product.Sum = view.Base.Name = Output;
        return PlainView(view.Base, view.Shape);
    }

    private Value AsExpression(NodeProto node, List<string> sources, View? frame = null)
    {
        // A mean is over what are the rows of a tensor in memory: several axes seen as one are brought into one row.
        if (node.OpType == "ReduceMean" && _values[node.Input[0]] is View { IsPlain: true } seen && Rearrangement.SizeOf(seen.Shape) != (seen.Base.Rows, seen.Base.Columns)
            && Materialize(node.Input[0]) is null)
        {
            return new UnknownValue();
        }

        var arguments = new List<RowFunction>();
        var nodes = new HashSet<int> { _position };
        Base? source = null;
        foreach (var input in node.Input.Take(node.OpType == "ReduceMean" || UnaryFunctions.IsKnown(node.OpType) ? 1 : int.MaxValue))
        {
            switch (NumbersOf(input), input.Length > 0 ? _values.GetValueOrDefault(input) : null)
            {
                case ({ Floats: { } values } constant, _) when frame is not null && InRows(values, constant.Dims, frame) is { } elements
                    && PerColumn(elements, frame.Base.Columns) is { } row:
                    arguments.Add(RowFunction.Constant(row.All(v => v == row[0]) ? row[..1] : row));
                    break;
                case ({ Floats: { } values } constant, _)
                    when frame is null && (values.Length == 1 ? values : constant.Dims[^1] == facts.Shape(Output)[^1] ? PerColumn(values, (int)constant.Dims[^1]) : null) is { } row:
                    arguments.Add(RowFunction.Constant(row));
                    break;
                case (null, View view) when view.IsPlain || frame is not null:
                    source = view.Base;
                    AddNodesBetween(view.Base, input, nodes);
                    arguments.Add(RowFunction.Variable(view.Factor));
                    break;
                case (null, Expression expression):
                    source = expression.Base;
                    nodes.UnionWith(expression.Nodes);
                    arguments.Add(expression.Function);
                    break;
                default:
                    return Unsupported($"Its operand '{input}' is no number, row or plain tensor.", "Use constants of one value, or one a column.");
            }
        }

        return source is not null && sources.Count > 0 && Function(node, arguments) is { } function
            ? new Expression(source, facts.Shape(Output), function, nodes) { Strides = frame?.Strides }
            : Unsupported("It is used in a form that is not known.", Operators.Advice(node.OpType));
    }

    /// <summary>A constant with its values as float32, whatever its type.</summary>
    private Constant? NumbersOf(string tensor) =>
        facts.Constant(tensor) is { } c ? c with { Floats = c.Floats ?? c.Integers?.Select(i => (float)i).ToArray() } : null;

    private RowFunction? Function(NodeProto node, List<RowFunction> arguments) => !UnaryFunctions.IsKnown(node.OpType)
        ? RowFunction.Apply(node, [.. arguments])
        : UnaryFunctions.Of(node, name => facts.Constant(name)?.Floats is [var number] ? number : null) is { } function
            ? RowFunction.Unary(function, arguments[0])
            : null;

    /// <summary>Adds the nodes that scale or rename a tensor on its way from its layer to <paramref name="name"/>.</summary>
    private void AddNodesBetween(Base @base, string name, HashSet<int> nodes)
    {
        while (name != @base.Name && facts.Producer(name) is >= 0 and var position)
        {
            nodes.Add(position);
            name = graph.Node[position].Input.FirstOrDefault(i => facts.Constant(i) is null) ?? string.Empty;
        }
    }

    /// <summary>The sum of two tensors, fused to the product that gives one of them.</summary>
    private Value LowerResidual(string left, string right, View? frame = null)
    {
        if (IsNoProduct(left) & IsNoProduct(right))
        {
            return EmitSum(left, right, 1, frame);
        }

        Func<string, Base?> materialize = frame is null ? Materialize : MaterializeWhole;
        if (materialize(left) is not { } a || materialize(right) is not { } b)
        {
            return new UnknownValue();
        }

        var candidates = new[] { (Name: right, Base: b, Other: a), (Name: left, Base: a, Other: b) }
            .Where(c => OwnProduct(c.Name, c.Base) is { Residual: null, Activation: Activation.None } && c.Base.Rows == c.Other.Rows && c.Base.Columns == c.Other.Columns)
            .OrderByDescending(c => _drafts.IndexOf(c.Base.Producer!))
            .ToList();
        if (candidates.Count == 0)
        {
            return EmitSum(left, right, 1, frame);
        }

        var (_, output, other) = candidates[0];
        var product = (ProductDraft)output.Producer!;
        product.ProductTensor ??= output.Name;
        product.Residual = other;
        var view = Shown(output, Output, facts.Shape(Output), frame?.Strides);
        if (other.Producer is { } producer && _drafts.IndexOf(producer) > _drafts.IndexOf(product))
        {
            // Nobody has read the product yet, so that it may wait for the tensor that is added.
            _drafts.Remove(product);
            _drafts.Add(product);
        }

        return view;
    }
}
