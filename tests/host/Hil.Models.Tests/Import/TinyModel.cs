using Google.Protobuf;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

/// <summary>Builds small ONNX models node by node.</summary>
internal sealed class TinyModel
{
    private readonly GraphProto _graph = new() { Name = "tiny" };
    private int _count;

    public ModelProto Proto { get; }

    public bool WithoutNames { get; init; }

    public TinyModel(string input, params long[] shape)
    {
        Proto = new ModelProto { IrVersion = 8, Graph = _graph };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        _graph.Input.Add(Info(input, shape));
    }

    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = WithoutNames ? string.Empty : $"{op}.{_count}" };
        node.Input.AddRange(inputs);
        node.Output.Add($"t{_count++}");
        foreach (var (name, value) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            switch (value)
            {
                case int i:
                    (attribute.I, attribute.Type) = (i, 2);
                    break;
                case float f:
                    (attribute.F, attribute.Type) = (f, 1);
                    break;
                case string text:
                    (attribute.S, attribute.Type) = (ByteString.CopyFromUtf8(text), 3);
                    break;
                case long[] list:
                    attribute.Ints.AddRange(list);
                    attribute.Type = 7;
                    break;
                case float[] numbers:
                    attribute.Floats.AddRange(numbers);
                    attribute.Type = 6;
                    break;
                default:
                    throw new ArgumentException(name, nameof(attributes));
            }

            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        return node.Output[0];
    }

    /// <summary>A further input; a dimension of 0 is symbolic, named <c>seq</c>.</summary>
    public string Input(string name, int type, params long[] shape)
    {
        var info = Info(name, shape);
        info.Type.TensorType.ElemType = type;
        _graph.Input.Add(info);
        return name;
    }

    public string Constant(float[] values, params long[] dims)
    {
        var tensor = new TensorProto { Name = $"c{_count++}", DataType = TensorData.Float };
        tensor.Dims.AddRange(dims);
        tensor.FloatData.AddRange(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Number(double value) => Constant([(float)value]);

    public string Integers(params long[] values)
    {
        var tensor = new TensorProto { Name = $"c{_count++}", DataType = TensorData.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Values that look random and are not.</summary>
    public string Weights(int seed, params long[] dims) =>
        Constant([.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => MathF.Sin((i * 1.37f) + (seed * 11)))], dims);

    public byte[] Finish(string output)
    {
        _graph.Output.Add(new ValueInfoProto { Name = output });
        return Proto.ToByteArray();
    }

    public OnnxModel Parse(string output) => OnnxModel.Parse(Finish(output), "tiny", "tiny.onnx");

    private static ValueInfoProto Info(string name, long[] shape)
    {
        var dims = new TensorShapeProto();
        dims.Dim.AddRange(shape.Select(d => d > 0
            ? new TensorShapeProto.Types.Dimension { DimValue = d }
            : new TensorShapeProto.Types.Dimension { DimParam = "seq" }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = TensorData.Float, Shape = dims } },
        };
    }
}
