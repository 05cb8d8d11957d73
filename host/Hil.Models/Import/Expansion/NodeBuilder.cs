using Google.Protobuf.Collections;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Expansion;

/// <summary>Writes the plain operators that stand for one fused node. Tensors and nodes are named after the node that they replace.</summary>
internal sealed class NodeBuilder(NodeProto source, long opset, RepeatedField<NodeProto> nodes, RepeatedField<TensorProto> initializers, KnownTensors known)
{
    private readonly string _prefix = source.Title();
    private int _count;

    /// <summary>Version of the ONNX operator set that the new nodes must obey.</summary>
    public long Opset { get; } = opset;

    public NodeProto Source { get; } = source;

    /// <summary>What a test has taken from the expansions.</summary>
    public ImporterFault Fault { get; init; }

    /// <summary>What the file says of its tensors.</summary>
    public KnownTensors Known { get; } = known;

    /// <summary>The stored tensor of that name, or null if it is computed or left out.</summary>
    public TensorProto? Stored(string? name) => Known.Stored(name);

    /// <summary>A node of one output, which gets a new name unless one is given.</summary>
    public string Node(string op, string[] inputs, string? output = null, string domain = "", params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Domain = domain, Name = $"{_prefix}/{op}{(_count == 0 ? string.Empty : $"_{_count}")}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output ?? $"{Source.Output[0]}/{op}_{_count}");
        _count++;
        node.Add(attributes);
        nodes.Add(node);
        return node.Output[0];
    }

    /// <summary>The same with attributes of another node.</summary>
    public string Node(string op, string[] inputs, string? output, string domain, IEnumerable<AttributeProto> attributes)
    {
        var name = Node(op, inputs, output, domain);
        nodes[^1].Attribute.AddRange(attributes.Select(a => a.Clone()));
        return name;
    }

    public string Floats(float[] values, params long[] dims)
    {
        var tensor = new TensorProto { Name = $"{Source.Output[0]}/constant_{_count++}", DataType = TensorData.Float };
        tensor.Dims.AddRange(dims);
        tensor.FloatData.AddRange(values);
        initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A part of a skeleton's float32 weights, without values as they are.</summary>
    public string Blank(params long[] dims)
    {
        var tensor = new TensorProto { Name = $"{Source.Output[0]}/constant_{_count++}", DataType = TensorData.Float };
        tensor.Dims.AddRange(dims);
        tensor.RawData = Skeleton.BlankBytes(TensorData.Count(dims) * sizeof(float));
        initializers.Add(tensor);
        return tensor.Name;
    }

    public string Number(double value) => Floats([(float)value]);

    public string Integers(params long[] values)
    {
        var tensor = new TensorProto { Name = $"{Source.Output[0]}/constant_{_count++}", DataType = TensorData.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        initializers.Add(tensor);
        return tensor.Name;
    }

    public string Transpose(string input, params long[] order) => Node("Transpose", [input], null, "", ("perm", order));

    public string Reshape(string input, params long[] shape) => Node("Reshape", [input, Integers(shape)]);

    public string Cast(string input, long type) => Node("Cast", [input], null, "", ("to", type));

    /// <summary>Elements from <paramref name="first"/> up to <paramref name="end"/> of one axis.</summary>
    public string Slice(string input, long axis, long first, long end) =>
        Node("Slice", [input, Integers(first), Integers(end), Integers(axis)]);

    /// <summary>The sum over one axis, which is kept.</summary>
    public string Sum(string input, long axis) => Opset >= 13
        ? Node("ReduceSum", [input, Integers(axis)], null, "", ("keepdims", 1L))
        : Node("ReduceSum", [input], null, "", ("axes", new[] { axis }), ("keepdims", 1L));
}
