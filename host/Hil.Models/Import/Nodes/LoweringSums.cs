using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Sums of two tensors, maximum pools, and softmax outside of attention.</summary>
internal sealed partial class Lowering
{
    private readonly Dictionary<string, Base> _constants = [];

    /// <summary>An element-wise operator on one or two tensors that are seen alike.</summary>
    private Value Combine(NodeProto node, List<string> sources, int bases, View? frame) => (bases, node.OpType) switch
    {
        (1, "Add" or "Sub") when ConstantOperand(node, sources, frame) is { } constant => LowerConstantSum(node, sources[0], constant, frame),
        (1, _) => LowerOnOneRow(node, sources, frame) ?? AsExpression(node, sources, frame),
        (2, "Add" or "Sub" or "Mul") when sources.Count == 2 => LowerPair(node, node.Input[0], node.Input[1], frame),
        _ => Unsupported("It combines several tensors other than by a sum, difference or product of two.", "Combine two at a time, by Add, Sub or Mul."),
    };

    /// <summary>The constant operand where it differs from row to row, as elements in rows; else null.</summary>
    private (string Name, float[] Elements)? ConstantOperand(NodeProto node, List<string> sources, View? frame)
    {
        if (sources.Count != 1 || node.Input.Count != 2 || Array.Find([.. node.Input], i => facts.Constant(i) is not null) is not { } name
            || NumbersOf(name) is not { Floats.Length: > 1 } constant)
        {
            return null;
        }

        var view = frame ?? (_values[sources[0]] switch
        {
            View { IsPlain: true } plain => plain,
            Expression e => PlainView(e.Base, e.Shape),
            _ => null,
        });
        return view is not null && facts.Shape(Output).AsSpan().SequenceEqual(view.Shape) && InRows(constant.Floats, constant.Dims, view) is { } elements
            && PerColumn(elements, view.Base.Columns) is null
            ? (name, elements)
            : null;
    }

    private Value LowerConstantSum(NodeProto node, string variable, (string Name, float[] Elements) constant, View? frame)
    {
        if (Summand(variable, frame) is not { } source)
        {
            return new UnknownValue();
        }

        if (!_constants.TryGetValue(constant.Name, out var values))
        {
            values = new Base { Name = constant.Name, Rows = source.Base.Rows, Columns = source.Base.Columns };
            values.Producer = new VectorDraft(values, (name, output) => new ConstantTensor(name, output, [.. constant.Elements]));
            _drafts.Add(values.Producer);
            _constants.Add(constant.Name, values);
        }
        else if (values.Rows != source.Base.Rows || values.Columns != source.Base.Columns)
        {
            return Unsupported($"The constant '{constant.Name}' is added to tensors of unlike shape.", "Give each sum a constant of its own.");
        }

        return node.Input[0] == variable || fault == ImporterFault.ConstantSumTurned
            ? EmitSum(source, (values, node.OpType == "Sub" ? -1 : 1), frame)
            : EmitSum((values, 1), (source.Base, node.OpType == "Sub" ? -source.Factor : source.Factor), frame);
    }

    /// <summary>left + sign · right.</summary>
    private Value EmitSum(string left, string right, double sign, View? frame) =>
        Summand(left, frame) is { } a && Summand(right, frame) is { } b && a.Base.Rows == b.Base.Rows && a.Base.Columns == b.Base.Columns
            ? EmitSum(a, (b.Base, sign * b.Factor), frame)
            : _values[left] is UnknownValue || _values[right] is UnknownValue
                ? new UnknownValue()
                : Unsupported("It adds two tensors of unlike shape.", "Export it with operands of one shape.");

    private View EmitSum((Base Base, double Factor) left, (Base Base, double Factor) right, View? frame)
    {
        var output = new Base { Rows = left.Base.Rows, Columns = left.Base.Columns };
        output.Producer = new VectorDraft(output, (name, tensor) => new Sum(name, left.Base.Name!, right.Base.Name!, tensor, left.Factor, right.Factor));
        _drafts.Add(output.Producer);
        return Shown(output, Output, facts.Shape(Output), frame?.Strides);
    }

    /// <summary>A tensor and the factor on it.</summary>
    private (Base Base, double Factor)? Summand(string tensor, View? frame) => _values.GetValueOrDefault(tensor) is View view && (frame is null ? view.IsPlain : view.IsWhole)
        ? (view.Base, fault == ImporterFault.SummandFactorLost ? 1 : view.Factor)
        : (frame is null ? Materialize(tensor) : MaterializeWhole(tensor)) is { } @base ? (@base, 1) : null;

    private Value LowerMaximumPool(NodeProto node)
    {
        var shape = facts.Shape(node.Input[0]);
        var isGlobal = node.OpType == "GlobalMaxPool";
        var kernel = isGlobal ? shape[2..] : node.Ints("kernel_shape") ?? [];
        if (shape.Length < 3 || Geometry(isGlobal ? new NodeProto { Input = { node.Input[0] }, Output = { Output } } : node, kernel) is not { } window)
        {
            return Unsupported("It takes the largest of windows that are not known.", "Pool [1, channels, height, width] with explicit pads.");
        }

        if (MaterializeGrid(node.Input[0]) is not { } source)
        {
            return new UnknownValue();
        }

        if (!(source.Factor > 0) && fault != ImporterFault.NegativePoolUnchecked)
        {
            return Unsupported("It takes the largest of values that are scaled by a negative number.", "Scale the weights of the layer before.");
        }

        var output = new Base { Rows = window.Outputs, Columns = source.Base.Columns };
        output.Producer = new VectorDraft(output, (name, tensor) => new MaximumPool(name, source.Base.Name!, tensor, window));
        _drafts.Add(output.Producer);
        // Without the factor no ONNX tensor has these values; they are some of the source's.
        var result = facts.Shape(Output);
        Shown(output, source.Factor == 1 ? Output : PartName(Output), result, GridStrides(result));
        output.RangeOf = source.Factor == 1 ? null : RangeOf(source.Base);
        return new View(output, result, GridStrides(result), source.Factor);
    }

    /// <summary>Softmax of the rows of a tensor, over the axis that is its columns.</summary>
    private Value LowerSoftmaxOfRows(NodeProto node, long axis)
    {
        var input = node.Input[0];
        if (_values.GetValueOrDefault(input) is Expression && MaterializeWhole(input) is null)
        {
            return new UnknownValue();
        }

        if (_values.GetValueOrDefault(input) is not View { IsWhole: true } view || !(view.Factor > 0 || fault == ImporterFault.NegativeSoftmaxUnchecked))
        {
            return Unsupported("It is a softmax of no tensor in memory, or of one scaled by a negative number.", "Take it of what a layer gives.");
        }

        // The axis must be the columns; else the tensor is brought into an order in which it is.
        int[] order = [.. Enumerable.Range(0, view.Shape.Length).Where(a => a != axis), (int)axis];
        var turned = view with { Shape = [.. order.Select(a => view.Shape[a])], Strides = [.. order.Select(a => view.Strides[a])], Factor = 1 };
        var isColumns = (view.Shape[axis] == view.Base.Columns && (view.Shape[axis] == 1 || view.Strides[axis] == 1)) || fault == ImporterFault.RowsSoftmaxAxisIgnored;
        var rows = isColumns ? view : EmitPart(input, turned);
        if (rows is null)
        {
            return Unsupported("It is a softmax over an axis that cannot become the last.", "Transpose so that it is over the last axis.");
        }

        var strides = view.Strides;
        if (!isColumns)
        {
            var contiguous = Layout.Contiguous(turned.Shape);
            strides = [.. Enumerable.Range(0, order.Length).Select(a => contiguous[Array.IndexOf(order, a)])];
        }

        var output = new Base { Rows = rows.Base.Rows, Columns = rows.Base.Columns };
        output.Producer = new VectorDraft(output, (name, tensor) => new SoftmaxRows(name, rows.Base.Name!, tensor, view.Factor));
        _drafts.Add(output.Producer);
        return Shown(output, Output, view.Shape, isColumns && view.IsPlain ? null : strides);
    }
}
