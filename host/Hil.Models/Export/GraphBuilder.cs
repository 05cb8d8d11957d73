using System.Runtime.InteropServices;
using Google.Protobuf;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Export;

/// <summary>An ONNX graph under construction: nodes in order, constants under names of their own.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphProto _graph;
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _nodes = [];

    public GraphBuilder(string name, int opset)
    {
        _graph = new GraphProto { Name = name };
        // The first version of the file format that may hold the operator set.
        Model = new ModelProto { IrVersion = opset >= 21 ? 10 : 8, ProducerName = "hil", Graph = _graph };
        Model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public ModelProto Model { get; }

    public void Input(string name, params long[] shape)
    {
        _names.Add(name);
        _graph.Input.Add(Info(name, shape));
    }

    public void Output(string name, params long[] shape) => _graph.Output.Add(Info(name, shape));

    /// <summary>A name that no tensor has yet: the wanted one, or the wanted one with a number.</summary>
    public string Fresh(string wanted) => Fresh(_names, wanted);

    /// <summary>Adds a node of one output and gives the output's name.</summary>
    public string Node(string op, string output, string[] inputs, params (string Name, object Value)[] attributes) =>
        Named(output, op, output, inputs, attributes);

    /// <summary>The same, with a name of its own for the node.</summary>
    public string Named(string node, string op, string output, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var proto = new NodeProto { OpType = op, Name = Fresh(_nodes, node) };
        proto.Input.AddRange(inputs);
        proto.Output.Add(Fresh(output));
        proto.Add(attributes);
        _graph.Node.Add(proto);
        return proto.Output[0];
    }

    /// <summary>The mean over one axis, which stays with length 1; the axis was an attribute until operator set 18.</summary>
    public string Mean(string output, string value, long axis) => Model.OpsetImport[0].Version < 18
        ? Node("ReduceMean", output, [value], ("axes", new[] { axis }))
        : Node("ReduceMean", output, [value, Longs($"{output}:axes", axis)]);

    /// <summary>Gives another name to the output of a node, for everyone who reads it.</summary>
    public void Rename(string from, string to)
    {
        foreach (var node in _graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            }

            for (var i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = node.Output[i] == from ? to : node.Output[i];
            }
        }
    }

    public string Floats(string name, float[] values, params long[] dims) => Constant(name, TensorData.Float, MemoryMarshal.AsBytes<float>(values), dims);

    public string Number(string name, float value) => Floats(name, [value]);

    public string Bytes(string name, sbyte[] values, params long[] dims) => Constant(name, TensorData.Int8, MemoryMarshal.AsBytes<sbyte>(values), dims);

    public string Shorts(string name, short[] values, params long[] dims) => Constant(name, TensorData.Int16, MemoryMarshal.AsBytes<short>(values), dims);

    public string Ints(string name, int[] values, params long[] dims) => Constant(name, TensorData.Int32, MemoryMarshal.AsBytes<int>(values), dims);

    public string Booleans(string name, bool[] values, params long[] dims) => Constant(name, TensorData.Bool, MemoryMarshal.AsBytes<bool>(values), dims);

    public string Longs(string name, params long[] values) => Constant(name, TensorData.Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    private static string Fresh(HashSet<string> taken, string wanted)
    {
        // A tensor that stands for none of the model's has no name to take over.
        wanted = wanted.Length > 0 ? wanted : "tensor";
        var name = wanted;
        for (var i = 1; !taken.Add(name); i++)
        {
            name = $"{wanted}.{i}";
        }

        return name;
    }

    private static ValueInfoProto Info(string name, long[] shape)
    {
        var dims = new TensorShapeProto();
        dims.Dim.AddRange(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = TensorData.Float, Shape = dims } },
        };
    }

    /// <summary>Raw data are little-endian, as every machine is that ONNX Runtime is built for.</summary>
    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, long[] dims)
    {
        var tensor = new TensorProto { Name = Fresh(name), DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dims);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
