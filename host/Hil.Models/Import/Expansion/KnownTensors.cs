using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>What a file says of its tensors before anything is run: stored values, declared inputs, and the nodes that give the others.</summary>
internal sealed class KnownTensors(GraphProto graph, IEnumerable<NodeProto> nodes)
{
    private const int MaximumDepth = 64;

    private readonly Dictionary<string, TensorProto> _stored = graph.Initializer.ToDictionary(t => t.Name);
    private readonly Dictionary<string, ValueInfoProto> _inputs = graph.Input.GroupBy(i => i.Name).ToDictionary(g => g.Key, g => g.First());
    private readonly Dictionary<string, NodeProto> _makers = nodes.SelectMany(n => n.Output.Select(o => (Output: o, Node: n)))
        .Where(p => p.Output.Length > 0).GroupBy(p => p.Output).ToDictionary(g => g.Key, g => g.First().Node);

    /// <summary>The stored tensor of that name, or null if it is computed or left out.</summary>
    public TensorProto? Stored(string? name) => name is null ? null : _stored.GetValueOrDefault(name);

    /// <summary>The node that gives a tensor, or null.</summary>
    public NodeProto? Maker(string name) => _makers.GetValueOrDefault(name);

    /// <summary>The lengths of the axes, 0 where one is not said; null where nothing says them.</summary>
    public long[]? Shape(string name) => Stored(name) is { } stored ? [.. stored.Dims]
        : _inputs.GetValueOrDefault(name)?.Type?.TensorType?.Shape is { } shape ? [.. shape.Dim.Select(d => d.DimValue)]
        : null;

    /// <summary>The number of axes, where what gives the tensor says so; 0 where nothing does.</summary>
    public int Rank(string tensor)
    {
        for (var depth = 0; depth < MaximumDepth; depth++)
        {
            if (Shape(tensor) is { } shape)
            {
                return shape.Length;
            }

            switch (Maker(tensor))
            {
                case { OpType: "Reshape" } node:
                    return Stored(node.InputAt(1)) is { Dims: [var rank] } ? (int)rank : 0;
                case { OpType: "Transpose" } node:
                    return node.Ints("perm")?.Length ?? 0;
                case { OpType: "MatMul" } node when (Stored(node.InputAt(1)) ?? Dequantized(node.InputAt(1))) is { Dims.Count: 2 }:
                    tensor = node.InputAt(0) ?? string.Empty;
                    break;
                case { OpType: "LayerNormalization" or "SkipLayerNormalization" or "BiasGelu" or "Slice" or "QuantizeLinear" or "DequantizeLinear" } node:
                    tensor = node.InputAt(0) ?? string.Empty;
                    break;
                case { } node when node.OpType is "Softmax" or "Where" or "Cast" or "Identity" || (node.OpType != "ReduceMean" && Operators.IsElementWise(node.OpType)):
                    tensor = node.Input.FirstOrDefault(i => Stored(i) is null) ?? string.Empty;
                    break;
                default:
                    return 0;
            }
        }

        return 0;
    }

    /// <summary>The stored integers of weights.</summary>
    private TensorProto? Dequantized(string? tensor) => tensor is not null && Maker(tensor) is { OpType: "DequantizeLinear" } node ? Stored(node.InputAt(0)) : null;

    /// <summary>Its elements are known to be true or false.</summary>
    public bool IsBool(string tensor)
    {
        for (var depth = 0; depth < MaximumDepth; depth++)
        {
            if ((Stored(tensor)?.DataType ?? _inputs.GetValueOrDefault(tensor)?.Type?.TensorType?.ElemType) is { } type)
            {
                return type == TensorData.Bool;
            }

            switch (Maker(tensor))
            {
                case { OpType: "Cast" } node:
                    return node.Int("to", 0) == TensorData.Bool;
                case { OpType: "Not" or "And" or "Or" or "Xor" or "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "IsNaN" }:
                    return true;
                case { OpType: "Reshape" or "Transpose" or "Unsqueeze" or "Squeeze" or "Expand" or "Slice" or "Identity" } node:
                    tensor = node.InputAt(0) ?? string.Empty;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }
}
