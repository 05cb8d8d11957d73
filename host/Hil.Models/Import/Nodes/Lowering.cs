using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Import.Nodes;

/// <summary>
/// One pass over the nodes in order. Each tensor becomes a <see cref="Value"/>; a layer is made as soon as it is certain, and later nodes
/// (bias, activation, residual) are fused to it. Patterns are found by what the values are, never by names.
/// </summary>
internal sealed partial class Lowering(GraphProto graph, OnnxFacts facts, Func<string, bool> isEncoded, List<UnsupportedNode> problems, ImporterFault fault)
{
    private readonly Dictionary<string, Value> _values = [];
    private readonly List<Draft> _drafts = [];

    /// <summary>What the host can give to the device, by name; only what a layer reads is given.</summary>
    private readonly Dictionary<string, Base> _given = [];
    private int _position;

    private NodeProto Node => graph.Node[_position];

    private string Output => Node.Output[0];

    /// <summary>The graph; meaningless if problems were added.</summary>
    public Graph? Run(string name, ImmutableArray<ModelInput> inputs)
    {
        foreach (var input in inputs)
        {
            _values[input.Name] = new FrontValue();
            if (facts.IsFloat(input.Name) && GivenView(input.Name) is { } view)
            {
                _values[input.Name] = view;
                _given[input.Name] = view.Base;
            }
        }

        var read = Read();
        for (_position = 0; _position < graph.Node.Count; _position++)
        {
            var node = Node;
            if (node.Output.All(o => o.Length == 0 || facts.Constant(o) is not null) || !node.Output.Any(read.Contains))
            {
                continue;
            }

            _values[Output] = LowerNode(node);
            foreach (var other in node.Output.Skip(1).Where(o => o.Length > 0 && facts.Consumers(o).Count > 0 && !_values.ContainsKey(o)))
            {
                _values[other] = facts.IsFront(other) ? new FrontValue() : Unsupported($"Its output '{other}' is used.", "Use only its first output.");
            }
        }

        _position = graph.Node.Count - 1;
        var output = graph.Output[0].Name;
        if (ElementsOf(output, inputs) is { } elements)
        {
            Promote(elements);
            _values[output] = _values[elements];
        }

        var result = facts.Constant(output) is not null ? null : MaterializeWhole(output);
        if (problems.Count == 0 && result is { Producer: null } && _values[output] is View same)
        {
            // Nothing but rearrangement: the device copies.
            result = EmitRearranged(output, [result], Rearrangement.Of(same), same.Shape)?.Base;
        }

        if (result?.Producer is not null && _values[output] is View { IsWhole: true } last && last.Base == result)
        {
            InOrderOf(output, last);
        }

        if (problems.Count == 0 && result?.Producer is null)
        {
            problems.Add(new(-1, output, "model", "The output does not depend on a layer that the device runs.", "Check the exported model."));
        }

        return problems.Count > 0 ? null : Build(name, inputs, result!);
    }

    /// <summary>Tensors on which the output depends: nodes that give none of them are not looked at.</summary>
    private HashSet<string> Read()
    {
        var read = graph.Output.Select(o => o.Name).ToHashSet();
        foreach (var node in graph.Node.Reverse().Where(n => n.Output.Any(read.Contains)))
        {
            read.UnionWith(node.Input);
        }

        return read;
    }

    /// <summary>The output's tensor, under the output's name where a view that comes after its own name shows it in another order.</summary>
    private static void InOrderOf(string output, View last)
    {
        var order = last.IsPlain ? null : new TensorOrder([.. last.Shape], [.. last.Strides]);
        if (order?.ToString() != last.Base.Order?.ToString())
        {
            Shown(last.Base, output, last.Shape, last.Strides);
            last.Base.RangeOf = null;
        }
    }

    /// <summary>The tensor of which an output is a copy, if that is what the elements of a quantized model input mean and nothing more: the device can hold those.</summary>
    private string? ElementsOf(string output, ImmutableArray<ModelInput> inputs)
    {
        var copied = facts.Producer(output) is >= 0 and var last && graph.Node[last].OpType == "Identity" ? graph.Node[last].Input[0] : null;
        var tensor = copied ?? output;
        while (facts.Producer(tensor) is >= 0 and var position && graph.Node[position] is { OpType: "Cast" or "Sub" or "Mul" } node
            && node.Input.Skip(1).All(i => facts.Constant(i) is not null))
        {
            tensor = node.Input[0];
        }

        return inputs.Any(i => i.Name == tensor && OrtTensors.IsElement(i.ElementType)) ? copied : null;
    }

    private Value LowerNode(NodeProto node)
    {
        if (node.Input.Any(i => _values.GetValueOrDefault(i) is UnknownValue))
        {
            return new UnknownValue();
        }

        if (facts.IsFront(Output) && facts.IsLookedUp(Output))
        {
            return new FrontValue();
        }

        foreach (var input in node.Input)
        {
            Promote(input);
        }

        var before = problems.Count;
        var value = Lower(node);
        if (value is UnknownValue && facts.IsFront(Output))
        {
            // The device cannot do it, the host can.
            problems.RemoveRange(before, problems.Count - before);
            return new FrontValue();
        }

        return value;
    }

    /// <summary>Lets the device read what the host computes, if it is a float tensor of rows.</summary>
    private void Promote(string tensor)
    {
        if (_values.GetValueOrDefault(tensor) is FrontValue && facts.IsFloat(tensor) && AsRows(tensor) is not null && GivenView(tensor) is { } view)
        {
            _given[tensor] = view.Base;
            _values[tensor] = view;
        }
    }

    private Value Lower(NodeProto node) => node.OpType switch
    {
        _ when node.OpType == "ReduceMean" && !IsMeanOfRow(node) => LowerMeanOfRows(node, MeanAxes(node)),
        "Cast" or "Gather" or "DequantizeLinear" when OfIndex(node) is { } index => index.IsIndex ? index : Looked(index),
        "QuantizeLinear" => LowerIndex(node),
        _ when Operators.IsElementWise(node.OpType) => LowerElementWise(node),
        _ when Operators.IsView(node.OpType) => LowerView(node),
        "MatMul" => LowerMatMul(node),
        "Gemm" => LowerGemm(node),
        "Softmax" => LowerSoftmax(node),
        "ReduceSum" => LowerSum(node),
        "LayerNormalization" or "SimplifiedLayerNormalization" or "RMSNormalization" => LowerNormalization(node),
        "Concat" => LowerConcat(node),
        "Gather" => LowerGather(node),
        "Slice" => LowerSlice(node),
        "Expand" => LowerExpand(node),
        "Pad" => LowerPad(node),
        "Conv" => LowerConvolution(node),
        "MaxPool" or "GlobalMaxPool" => LowerMaximumPool(node),
        "AveragePool" or "GlobalAveragePool" => LowerAveragePool(node),
        "BatchNormalization" => LowerBatchNormalization(node),
        "Split" => LowerSplit(node),
        "Where" => LowerWhere(node),
        "IsNaN" when _values.GetValueOrDefault(node.Input[0]) is Probabilities p => p,
        _ => Unsupported("The device has no such operation.", Operators.Advice(node.OpType)),
    };

    private Graph Build(string name, ImmutableArray<ModelInput> inputs, Base output)
    {
        var bases = _drafts.Select(d => d.Output).ToList();
        if (bases.Find(b => b.Name is null) is { } nameless)
        {
            problems.Add(new(-1, NodeName(nameless), "Attention", "Its heads are never put side by side.", "Transpose and reshape the result of attention to [1, rows, columns]."));
            return null!;
        }

        ImmutableArray<Layer> layers = Needed([.. _drafts.Select(d => d.Build(NodeName(d.Output)))], output.Name!);
        if (layers is [.., SelectRows last] && layers.All(l => l is SelectRows))
        {
            // Rows that are seen where they lie, and nothing else: the device copies them.
            layers = [.. layers[..^1], new GatherRows(last.Name, last.Output, [new(last.Input, last.First, last.Count, 1)])];
        }

        bases.RemoveAll(b => !layers.Any(l => l.Output == b.Name));
        var written = bases.Select(b => b.Name!).ToHashSet();
        ImmutableArray<Tensor> given = [.. layers.SelectMany(l => l.Inputs).Where(i => !written.Contains(i)).Distinct().Select(i => Described(_given[i]))];
        if (given.IsEmpty)
        {
            problems.Add(new(-1, output.Name!, "model", "No layer of the device depends on a model input.", "Check the exported model."));
            return null!;
        }

        var tensors = given.Concat(bases.Select(Described)).ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal);
        var result = new Graph(name, given[0], tensors[output.Name!], tensors, layers) { MoreInputs = given[1..], ModelInputs = inputs };
        return result with { HostNodes = HostNodes(result.GivenTensors) };

        static Tensor Described(Base b) => new(b.Name!, b.Rows, b.Columns) { Order = b.Order, RangeOf = b.RangeOf };
    }

    /// <summary>The layers without those that nothing reads: products of which only parts are used.</summary>
    private static ImmutableArray<Layer> Needed(ImmutableArray<Layer> layers, string output)
    {
        var needed = new HashSet<string> { output };
        var kept = new List<Layer>();
        foreach (var layer in layers.Reverse().Where(l => needed.Contains(l.Output)))
        {
            kept.Add(layer);
            needed.UnionWith(layer.Inputs);
        }

        kept.Reverse();
        return [.. kept];
    }

    /// <summary>The nodes that the host runs for the tensors that the device is given.</summary>
    private ImmutableArray<HostNode> HostNodes(IEnumerable<string> tensors)
    {
        var needed = tensors.ToHashSet();
        var nodes = new List<HostNode>();
        foreach (var node in graph.Node.Reverse().Where(n => n.Output.Any(o => needed.Contains(o) && facts.Constant(o) is null)))
        {
            nodes.Add(new(node.Title(), node.OpType));
            needed.UnionWith(node.Input);
        }

        nodes.Reverse();
        return [.. nodes];
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
