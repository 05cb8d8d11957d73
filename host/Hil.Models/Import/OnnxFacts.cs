using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Models.Import;

/// <summary>A tensor that does not depend on the model's input.</summary>
internal sealed record Constant(string Name, long[] Dims, float[]? Floats, long[]? Integers);

/// <summary>
/// What the importer knows before it looks at operators: the shape of every tensor and the value of every constant one, both from one
/// run of the model in ONNX Runtime, and who reads and writes what.
/// </summary>
internal sealed class OnnxFacts
{
    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Dictionary<string, Constant> _constants = [];
    private readonly Dictionary<string, int> _producers = [];
    private readonly Dictionary<string, List<int>> _consumers = [];

    private OnnxFacts(GraphProto graph)
    {
        for (var i = 0; i < graph.Node.Count; i++)
        {
            foreach (var output in graph.Node[i].Output)
            {
                _producers[output] = i;
            }

            foreach (var input in graph.Node[i].Input.Distinct())
            {
                Consume(input, i);
            }
        }

        foreach (var output in graph.Output)
        {
            Consume(output.Name, graph.Node.Count);
        }
    }

    /// <summary>Runs the model on zeros and collects the facts.</summary>
    public static OnnxFacts Of(ModelProto model, ValueInfoProto input, string where)
    {
        var graph = model.Graph;
        var facts = new OnnxFacts(graph);
        foreach (var tensor in graph.Initializer)
        {
            long[] dims = [.. tensor.Dims];
            var constant = new Constant(
                tensor.Name,
                dims,
                tensor.DataType == TensorData.Float ? TensorData.Floats(tensor) : null,
                tensor.DataType == TensorData.Int64 ? TensorData.Longs(tensor) : null);
            facts._constants.Add(tensor.Name, constant);
            facts._shapes.Add(tensor.Name, dims);
        }

        // Shapes are static, so that what is computed from a Shape is constant.
        var independent = facts._constants.Keys.ToHashSet();
        foreach (var node in graph.Node)
        {
            if (node.OpType is "Shape" or "Size" || node.Input.All(i => i.Length == 0 || independent.Contains(i)))
            {
                independent.UnionWith(node.Output);
            }
        }

        string[] outputs = [.. graph.Node.SelectMany(n => n.Output).Where(o => o.Length > 0)];
        var shape = ModelInputs.StaticShape(input)!;
        facts._shapes[input.Name] = shape;
        using var session = Runtime.Open(model, outputs, where);
        using var zeros = OrtValue.CreateTensorValueFromMemory(new float[TensorData.Count(shape)], shape);
        using var values = Runtime.Run(session, input.Name, zeros, outputs, where);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!values[i].IsTensor)
            {
                continue;
            }

            var info = values[i].GetTensorTypeAndShape();
            facts._shapes[outputs[i]] = info.Shape;
            if (independent.Contains(outputs[i]))
            {
                facts._constants[outputs[i]] = new Constant(
                    outputs[i],
                    info.Shape,
                    info.ElementDataType == TensorElementType.Float ? values[i].GetTensorDataAsSpan<float>().ToArray() : null,
                    info.ElementDataType == TensorElementType.Int64 ? values[i].GetTensorDataAsSpan<long>().ToArray() : null);
            }
        }

        return facts;
    }

    public long[] Shape(string tensor) => _shapes[tensor];

    public bool HasShape(string tensor) => _shapes.ContainsKey(tensor);

    public Constant? Constant(string? tensor) => tensor is null ? null : _constants.GetValueOrDefault(tensor);

    /// <summary>Position of the node that gives a tensor, or −1.</summary>
    public int Producer(string tensor) => _producers.GetValueOrDefault(tensor, -1);

    /// <summary>Positions of the nodes that read a tensor; the model's output counts as one beyond the last.</summary>
    public IReadOnlyList<int> Consumers(string tensor) => _consumers.GetValueOrDefault(tensor) ?? [];

    private void Consume(string tensor, int node)
    {
        if (!_consumers.TryGetValue(tensor, out var list))
        {
            _consumers.Add(tensor, list = []);
        }

        list.Add(node);
    }
}
