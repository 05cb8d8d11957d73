using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import;

/// <summary>
/// One pass over the nodes in order. Each tensor becomes a <see cref="Value"/>; a layer is made as soon as it is certain, and later nodes
/// (bias, activation, residual) are fused to it. Patterns are found by what the values are, never by names.
/// </summary>
internal sealed partial class Lowering(GraphProto graph, OnnxFacts facts, List<UnsupportedNode> problems)
{
    private readonly Dictionary<string, Value> _values = [];
    private readonly List<Draft> _drafts = [];
    private int _position;

    private NodeProto Node => graph.Node[_position];

    private string Output => Node.Output[0];

    /// <summary>The graph; meaningless if problems were added.</summary>
    public Graph? Run(string name, string input)
    {
        if (InputView(input) is not { } view)
        {
            problems.Add(new(-1, input, "model", "The input has no shape [1, rows, columns].", "Export it for batch 1."));
            return null;
        }

        var source = view.Base;
        _values[input] = view;
        for (_position = 0; _position < graph.Node.Count; _position++)
        {
            var node = Node;
            if (node.Output.All(o => o.Length == 0 || facts.Constant(o) is not null))
            {
                continue;
            }

            if (node.OpType == "Split")
            {
                LowerSplit(node);
                continue;
            }

            _values[Output] = node.Input.Any(i => _values.GetValueOrDefault(i) is UnknownValue) ? new UnknownValue() : Lower(node);
            foreach (var other in node.Output.Skip(1).Where(o => o.Length > 0 && facts.Consumers(o).Count > 0))
            {
                _values[other] = Unsupported($"Its output '{other}' is used.", "Use only its first output.");
            }
        }

        _position = graph.Node.Count - 1;
        var output = graph.Output[0].Name;
        var result = facts.Constant(output) is not null ? null : MaterializeWhole(output);
        if (problems.Count == 0 && result is { Producer: null } && _values[output] is View same)
        {
            // Nothing but rearrangement: the device copies.
            result = EmitRearranged(output, [result], Rearrangement.Of(same), same.Shape)?.Base;
        }

        if (problems.Count == 0 && result?.Producer is null)
        {
            problems.Add(new(-1, output, "model", "The output does not depend on the input.", "Check the exported model."));
        }

        return problems.Count > 0 ? null : Build(name, source, result!);
    }

    private Value Lower(NodeProto node) => node.OpType switch
    {
        _ when node.OpType == "ReduceMean" && !IsMeanOfRow(node) => LowerMeanOfRows(node, MeanAxes(node)),
        _ when Operators.IsElementWise(node.OpType) => LowerElementWise(node),
        _ when Operators.IsView(node.OpType) => LowerView(node),
        "MatMul" => LowerMatMul(node),
        "Gemm" => LowerGemm(node),
        "Softmax" => LowerSoftmax(node),
        "LayerNormalization" => LowerNormalization(node),
        "Concat" => LowerConcat(node),
        "Gather" => LowerGather(node),
        "Slice" => LowerSlice(node),
        "Expand" => LowerExpand(node),
        "Where" => LowerWhere(node),
        "Conv" => LowerConvolution(node),
        "MaxPool" or "GlobalMaxPool" => LowerMaximumPool(node),
        "AveragePool" or "GlobalAveragePool" => LowerAveragePool(node),
        "BatchNormalization" => LowerBatchNormalization(node),
        _ => Unsupported("The device has no such operation.", Operators.Advice(node.OpType)),
    };

    private Graph Build(string name, Base input, Base output)
    {
        var bases = _drafts.Select(d => d.Output).Prepend(input).ToList();
        if (bases.Find(b => b.Name is null) is { } nameless)
        {
            problems.Add(new(-1, NodeName(nameless), "Attention", "Its heads are never put side by side.", "Transpose and reshape the result of attention to [1, rows, columns]."));
            return null!;
        }

        var tensors = bases.ToImmutableSortedDictionary(b => b.Name!, b => new Tensor(b.Name!, b.Rows, b.Columns) { Order = b.Order, RangeOf = b.RangeOf }, StringComparer.Ordinal);
        ImmutableArray<Layer> layers = [.. _drafts.Select(d => d.Build(NodeName(d.Output)))];
        return new Graph(name, tensors[input.Name!], tensors[output.Name!], tensors, layers);
    }

    private string NodeName(Base output)
    {
        var position = output.Name is null ? -1 : facts.Producer(output.Name);
        return position < 0 ? output.Name ?? string.Empty : graph.Node[position].Title();
    }

    private UnknownValue Unsupported(string reason, string whatToDo)
    {
        var node = Node;
        problems.Add(new(_position, node.Title(), node.OpType, reason, whatToDo));
        return new UnknownValue();
    }

    /// <summary>Rows and columns of a tensor, whose last axis is the columns; null if it has no axis or no element.</summary>
    private (int Rows, int Columns)? AsRows(string tensor)
    {
        var shape = facts.Shape(tensor);
        return shape.Length == 0 || shape.Any(d => d < 1) ? null : Rearrangement.SizeOf(shape);
    }

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
            case Expression expression:
                return MaterializeExpression(tensor, expression);
            case null or UnknownValue:
                return null;
            case Scores or Probabilities:
                Unsupported("It reads attention scores in a way that is no attention.", "Use softmax(q·kᵀ·scale)·v without masks.");
                break;
            case View view:
                return Rearranged(tensor, view);
        }

        _values[tensor] = new UnknownValue();
        return null;
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
            var function = known is null ? new ScalarFunction(x => expression.Function.Evaluate([x])[0]) : null;
            if (source.Producer is ProductDraft { Activation: Activation.None, IsBare: true } product
                && source.Name is { } sum
                && facts.Consumers(sum).All(expression.Nodes.Contains))
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
        else if (Recognizer.AsNormalization(expression.Function, source.Columns) is { } norm)
        {
            var view = Emit(tensor, b => new VectorDraft(
                b, (name, output) => new Normalize(name, source.Name!, output, [.. norm.Gamma], [.. norm.Beta], norm.Epsilon)));
            _values[tensor] = view;
            return view.Base;
        }
        else if (Recognizer.AsAffine(expression.Function, source.Columns) is { } affine)
        {
            var like = new View(source, expression.Shape, expression.Strides ?? Layout.Contiguous(expression.Shape), 1);
            var view = EmitAffine(source, tensor, affine.Scale, affine.Offset, like);
            _values[tensor] = view;
            return view.Base;
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

    /// <summary>The product that gives a tensor, if nothing was added yet and nobody else reads it under any of its names.</summary>
    private ProductDraft? OwnProduct(string tensor, Base @base)
    {
        if (@base.Producer is not ProductDraft product)
        {
            return null;
        }

        for (var name = tensor; facts.Consumers(name).Count == 1; name = graph.Node[facts.Producer(name)].Input[0])
        {
            if (name == @base.Name)
            {
                return product;
            }

            if (facts.Producer(name) < 0)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The axes of a mean, all of them where none are given.</summary>
    private long[] MeanAxes(NodeProto node) =>
        (node.Ints("axes") ?? facts.Constant(node.InputAt(1))?.Integers) is { Length: > 0 } axes
            ? axes
            : [.. Enumerable.Range(0, facts.Shape(node.Input[0]).Length).Select(i => (long)i)];

    private bool IsMeanOfRow(NodeProto node)
    {
        var rank = facts.Shape(node.Input[0]).Length;
        return MeanAxes(node) is [var axis] && (axis == -1 || axis == rank - 1) && node.Int("keepdims", 1) == 1;
    }
}
