using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>The constants of a graph as it is stored: initialisers and Constant nodes. Nothing is computed.</summary>
internal sealed class ConstantTable
{
    private readonly Dictionary<string, TensorProto> _tensors = [];

    public ConstantTable(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer)
        {
            _tensors[tensor.Name] = tensor;
        }

        foreach (var node in graph.Node.Where(n => n.OpType == "Constant" && n.Output.Count == 1))
        {
            if (node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } value)
            {
                _tensors[node.Output[0]] = value;
            }
            else if (node.Attribute.FirstOrDefault(a => a.Name == "value_float") is { } number)
            {
                _tensors[node.Output[0]] = new TensorProto { DataType = TensorData.Float, FloatData = { number.F } };
            }
        }
    }

    /// <summary>Takes in a constant that was added to the graph.</summary>
    public void Add(TensorProto tensor) => _tensors[tensor.Name] = tensor;

    public bool Has(string? name) => name is not null && _tensors.ContainsKey(name);

    public int Type(string name) => _tensors[name].DataType;

    public long[] Dims(string name) => [.. _tensors[name].Dims];

    /// <summary>The values of a float32 constant, or null.</summary>
    public float[]? Floats(string? name) =>
        name is not null && _tensors.GetValueOrDefault(name) is { DataType: TensorData.Float } tensor ? TensorData.Floats(tensor) : null;

    /// <summary>The one value of a float32 constant, or null.</summary>
    public float? Number(string? name) => Floats(name) is [var value] ? value : null;

    /// <summary>The values of a constant of at most 32 bits, or null.</summary>
    public int[]? Integers(string? name) => name is not null && _tensors.GetValueOrDefault(name) is { } tensor ? TensorData.Integers(tensor) : null;

    /// <summary>Both are left out, or the same constants.</summary>
    public bool AreEqual(string? a, string? b)
    {
        if (a == b)
        {
            return true;
        }

        var (x, y) = (Floats(a), Floats(b));
        var (i, j) = (Integers(a), Integers(b));
        return (x is not null && y is not null && x.AsSpan().SequenceEqual(y))
            || (i is not null && j is not null && i.AsSpan().SequenceEqual(j))
            || (a is null && j is not null && j.All(v => v == 0))
            || (b is null && i is not null && i.All(v => v == 0));
    }
}
