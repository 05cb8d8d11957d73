using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Models.Import;

/// <summary>A tensor that does not depend on the model's input.</summary>
internal sealed record Constant(string Name, long[] Dims, float[]? Floats, long[]? Integers)
{
    /// <summary>Its values were passed over (<see cref="Skeleton"/>).</summary>
    public bool IsBlank { get; init; }
}

/// <summary>
/// What the importer knows before it looks at operators: the shape of every tensor, which ONNX Runtime infers; the value of every constant one and a sample of
/// what the host gives, for which that part of the model runs; and who reads and writes what.
/// </summary>
internal sealed class OnnxFacts
{
    private const long MaximumSample = 1 << 22;

    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Dictionary<string, Constant> _constants = [];
    private readonly Dictionary<string, int> _producers = [];
    private readonly Dictionary<string, List<int>> _consumers = [];
    private readonly HashSet<string> _others = [];
    private readonly Dictionary<string, float[]> _samples = [];
    private HashSet<string> _front = [];
    private HashSet<string> _looked = [];

    private OnnxFacts(ModelProto model)
    {
        var graph = model.Graph;
        Opset = model.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version;
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

    /// <summary>Collects the facts; what must run runs on blank inputs.</summary>
    /// <param name="model">What is imported.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="where">Names it in errors.</param>
    /// <param name="isEncoded">A tensor is one of a quantizer's, whose elements the device can hold; null: none is.</param>
    public static OnnxFacts Of(ModelProto model, ImmutableArray<ModelInput> inputs, string where, Func<string, bool>? isEncoded = null)
    {
        var graph = model.Graph;
        var facts = new OnnxFacts(model);
        foreach (var tensor in graph.Initializer)
        {
            long[] dims = [.. tensor.Dims];
            var constant = new Constant(
                tensor.Name,
                dims,
                tensor.DataType == TensorData.Float ? TensorData.Floats(tensor) : null,
                Integers(tensor))
            {
                IsBlank = Skeleton.IsBlank(tensor),
            };
            facts._constants.Add(tensor.Name, constant);
            facts._shapes.Add(tensor.Name, dims);
        }

        // Shapes are static, so that what is computed from a Shape is constant.
        var independent = facts._constants.Keys.ToHashSet();
        foreach (var node in graph.Node)
        {
            if (Operators.IsConstant(node, independent.Contains))
            {
                independent.UnionWith(node.Output);
            }
        }

        string[] outputs = [.. graph.Node.SelectMany(n => n.Output).Where(o => o.Length > 0)];
        foreach (var input in inputs)
        {
            facts._shapes[input.Name] = [.. input.Shape];
            if (input.ElementType != TensorData.Float)
            {
                facts._others.Add(input.Name);
            }
        }

        var shapes = InferredShapes.Of(model, outputs, where);
        foreach (var (name, shape) in shapes.Known)
        {
            facts._shapes[name] = shape;
        }

        facts._others.UnionWith(shapes.Others);
        facts._front = FrontNodes.Find(graph, inputs.Select(i => i.Name), n => facts._constants.ContainsKey(n) || independent.Contains(n), facts.IsFloat);

        // Values are needed of constants and of what the host gives; shapes, only where ONNX Runtime does not infer them.
        facts.Collect(model, inputs, independent, [.. outputs.Where(o => independent.Contains(o) || facts._front.Contains(o) || shapes.Unknown.Contains(o))], where);
        facts._front = FrontNodes.Find(graph, inputs.Select(i => i.Name), facts._constants.ContainsKey, facts.IsFloat);
        var elements = inputs.Where(i => OrtTensors.IsElement(i.ElementType)).Select(i => i.Name).ToHashSet();
        facts._looked = Dependents(graph, facts._others.Where(t => facts._front.Contains(t) && !elements.Contains(t)), _ => false);
        facts._looked.UnionWith(Dependents(graph, elements, isEncoded ?? (_ => false)));
        return facts;
    }

    /// <summary>Version of the ONNX operator set.</summary>
    public long Opset { get; }

    /// <summary>Its elements are float32.</summary>
    public bool IsFloat(string tensor) => !_others.Contains(tensor);

    /// <summary>The host can compute it before the device runs.</summary>
    public bool IsFront(string tensor) => _front.Contains(tensor);

    /// <summary>It depends on integers that a model input gives, or is a look-up: nothing for the device.</summary>
    public bool IsLookedUp(string tensor) => _looked.Contains(tensor);

    /// <summary>What a tensor of the host is for blank inputs, or null if it is large.</summary>
    public float[]? Sample(string tensor) => _samples.GetValueOrDefault(tensor);

    public long[] Shape(string tensor) => _shapes[tensor];

    public bool HasShape(string tensor) => _shapes.ContainsKey(tensor);

    public Constant? Constant(string? tensor) => tensor is null ? null : _constants.GetValueOrDefault(tensor);

    /// <summary>Position of the node that gives a tensor, or −1.</summary>
    public int Producer(string tensor) => _producers.GetValueOrDefault(tensor, -1);

    /// <summary>Positions of the nodes that read a tensor; the model's output counts as one beyond the last.</summary>
    public IReadOnlyList<int> Consumers(string tensor) => _consumers.GetValueOrDefault(tensor) ?? [];

    /// <summary>Runs the part of the model that gives some tensors, on blank inputs, and keeps what is known of them then.</summary>
    private void Collect(ModelProto model, ImmutableArray<ModelInput> inputs, HashSet<string> independent, string[] outputs, string where)
    {
        if (outputs.Length == 0)
        {
            return;
        }

        var part = SubModel.For(model, outputs);
        var read = part.Graph.Input.Select(i => i.Name).ToHashSet();
        ModelInput[] own = [.. inputs.Where(i => read.Contains(i.Name))];
        using var session = Runtime.Open(part, outputs, where);
        OrtValue[] blank = [.. own.Select(i => OrtTensors.Create(i.ElementType, Enumerable.Repeat(i.Default ?? 0, i.Count).ToArray(), [.. i.Shape]))];
        using var values = Runtime.Run(session, [.. own.Select(i => i.Name)], blank, outputs, where);
        Array.ForEach(blank, v => v.Dispose());
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!values[i].IsTensor)
            {
                continue;
            }

            var info = values[i].GetTensorTypeAndShape();
            _shapes[outputs[i]] = info.Shape;
            if (info.ElementDataType != TensorElementType.Float)
            {
                _others.Add(outputs[i]);
            }

            if (independent.Contains(outputs[i]))
            {
                _constants[outputs[i]] = new Constant(
                    outputs[i],
                    info.Shape,
                    info.ElementDataType == TensorElementType.Float ? values[i].GetTensorDataAsSpan<float>().ToArray() : null,
                    OrtTensors.Longs(values[i]));
            }
            else if (_front.Contains(outputs[i]) && info.ElementCount <= MaximumSample)
            {
                _samples[outputs[i]] = OrtTensors.Floats(values[i], outputs[i]);
            }
        }
    }

    private static long[]? Integers(TensorProto tensor) => tensor.DataType switch
    {
        TensorData.Int64 => TensorData.Longs(tensor),
        TensorData.Int32 => [.. TensorData.Integers(tensor)!.Select(v => (long)v)],
        _ => null,
    };

    /// <summary>Tensors and what depends on them, but not on those that are an end.</summary>
    private static HashSet<string> Dependents(GraphProto graph, IEnumerable<string> from, Func<string, bool> isEnd)
    {
        var found = from.ToHashSet();
        foreach (var node in graph.Node.Where(n => n.Input.Any(i => found.Contains(i) && !isEnd(i))))
        {
            found.UnionWith(node.Output.Where(o => o.Length > 0));
        }

        return found;
    }

    private void Consume(string tensor, int node)
    {
        if (!_consumers.TryGetValue(tensor, out var list))
        {
            _consumers.Add(tensor, list = []);
        }

        list.Add(node);
    }
}
