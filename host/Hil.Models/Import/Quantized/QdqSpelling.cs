using Google.Protobuf.Collections;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>
/// Writes a quantized model, however it is spelt, with QuantizeLinear and DequantizeLinear around float operators: QOperator forms
/// (QLinearMatMul, QGemm, …), integer products, Quant of QONNX and Brevitas, and views of integer tensors. What it computes stays the
/// same, up to float32 rounding. What has no such form is left as it is, for the importer to list.
/// </summary>
internal sealed partial class QdqSpelling
{
    private static readonly HashSet<string> Quantized =
    [
        "QuantizeLinear", "QLinearMatMul", "QLinearConv", "QGemm", "QLinearAdd", "QLinearMul", "QLinearSigmoid", "QLinearSoftmax", "QLinearLeakyRelu", "QLinearConcat",
        "QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearReduceMean", "MatMulInteger", "MatMulIntegerToFloat", "ConvInteger", "Quant",
    ];

    /// <summary>ONNX's own DequantizeLinear has a scale a channel from here on; ONNX Runtime's has it always.</summary>
    private const int FirstOpsetOfScalesByChannel = 13;

    private const string Microsoft = "com.microsoft";

    private static readonly HashSet<string> Views =
        ["Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Slice", "Gather", "Split", "Expand", "MaxPool"];

    private readonly GraphProto _graph;
    private readonly ConstantTable _constants;
    private readonly HashSet<string> _names;
    private readonly List<NodeProto> _nodes = [];
    private readonly List<int> _origins = [];

    /// <summary>Outputs of DequantizeLinear that are another tensor's value already.</summary>
    private readonly Dictionary<string, string> _alias = [];

    /// <summary>Integer tensors that depend on the model's input, with what they mean.</summary>
    private readonly Dictionary<string, Carrier> _carriers = [];

    private int _position;

    private QdqSpelling(ModelProto model)
    {
        Model = model.Clone();
        _graph = Model.Graph;
        _constants = new ConstantTable(_graph);
        _names = [.. _graph.Initializer.Select(t => t.Name), .. _graph.Input.Select(i => i.Name), .. _graph.Node.SelectMany(n => n.Output)];
    }

    private ModelProto Model { get; }

    /// <summary>The model in the one spelling, and for each of its nodes the position in the file of the node it came from.</summary>
    public static (ModelProto Model, int[] Origins) Of(ModelProto model)
    {
        var inputs = model.Graph.Input.Select(i => i.Name).ToHashSet();
        var numbers = model.Graph.Input.Where(i => i.Type?.TensorType?.ElemType is TensorData.Int8 or TensorData.Uint8).Select(i => i.Name).ToHashSet();
        if (!model.Graph.Node.Any(n => Quantized.Contains(n.OpType) || (n.OpType == "DequantizeLinear" && inputs.Contains(n.Input[0]))
            || (Arithmetic.Contains(n.OpType) && n.Input.Any(numbers.Contains))))
        {
            return (model, [.. Enumerable.Range(0, model.Graph.Node.Count)]);
        }

        var spelling = new QdqSpelling(model);
        spelling.Run();

        // What is added after the last node, for an integer output, belongs to it.
        return (spelling.Model, [.. spelling._origins.Select(o => Math.Min(o, model.Graph.Node.Count - 1))]);
    }

    private void Run()
    {
        NodeProto[] nodes = [.. _graph.Node];
        for (_position = 0; _position < nodes.Length; _position++)
        {
            var node = nodes[_position];
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = _alias.GetValueOrDefault(node.Input[i], node.Input[i]);
            }

            if (!Respelt(node))
            {
                Keep(node);
            }
        }

        foreach (var output in _graph.Output)
        {
            Give(output);
        }

        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
        // Shapes and types are found anew: some were those of integers.
        _graph.ValueInfo.Clear();
    }

    private bool Respelt(NodeProto node) => node.OpType switch
    {
        "QuantizeLinear" => Quantize(node),
        "DequantizeLinear" => Dequantize(node),
        "Clip" when _carriers.ContainsKey(node.Input[0]) => ClipIntegers(node),
        "Concat" when node.Input.All(_carriers.ContainsKey) => View(node),
        _ when Views.Contains(node.OpType) && node.Input.Count > 0 && _carriers.ContainsKey(node.Input[0]) => View(node),
        "Quant" => Quant(node),
        "MatMulInteger" => IntegerProduct(node) || ProductOfNumbers(node, "MatMul", 1),
        "ConvInteger" => ProductOfNumbers(node, "Conv", 0),
        _ when Arithmetic.Contains(node.OpType) => ArithmeticOfNumbers(node),
        "Cast" when _carriers.ContainsKey(node.Input[0]) => CastNumbers(node),
        _ => Operator(node),
    };

    private bool Quantize(NodeProto node)
    {
        if (_constants.Has(node.Input[0]))
        {
            return false;
        }

        Keep(node);
        _carriers[node.Output[0]] = new(node.Input[1], node.InputAt(2), node.Domain, null) { Axis = _constants.Floats(node.Input[1]) is { Length: > 1 } ? node.Int("axis", 1) : null };
        return true;
    }

    private bool Dequantize(NodeProto node)
    {
        if (!_carriers.ContainsKey(node.Input[0]) && Given(node.Input[0], node.Input[1], node.InputAt(2)) is { } given)
        {
            if (_graph.Output.Any(o => o.Name == node.Output[0]))
            {
                // A copy for the device to make.
                Emit("Identity", node.Output[0], [given], node.Title());
            }
            else
            {
                _alias[node.Output[0]] = given;
            }

            return true;
        }

        if (_carriers.GetValueOrDefault(node.Input[0]) is not { } carrier || !Means(carrier, node.Input[1], node.InputAt(2))
            || (carrier.Axis ?? node.Int("axis", 1)) != node.Int("axis", 1))
        {
            return false;
        }

        _alias[node.Output[0]] = Float(node.Input[0]);
        return true;
    }

    /// <summary>A narrower range between a quantizer and its dequantizer (QCDQ).</summary>
    private bool ClipIntegers(NodeProto node)
    {
        if (_carriers[node.Input[0]].Float == node.Input[0])
        {
            return false;
        }

        Keep(node);
        _carriers[node.Output[0]] = _carriers[node.Input[0]] with { Float = null };
        return true;
    }

    /// <summary>A view of integers is the same view of the numbers that they mean.</summary>
    private bool View(NodeProto node)
    {
        var first = _carriers[node.Input[0]];
        var last = node.OpType == "Concat" ? node.Input.Count : 1;
        if (node.Input.Take(last).Any(i => !Means(_carriers[i], first.Scale, first.Zero)))
        {
            return false;
        }

        for (var i = 0; i < last; i++)
        {
            node.Input[i] = Float(node.Input[i]);
        }

        Keep(node);
        foreach (var output in node.Output)
        {
            // Where the axis of several scales has gone is not followed.
            _carriers[output] = first with { Float = output, Axis = first.Axis is null ? null : int.MinValue };
        }

        return true;
    }

    /// <summary>An integer output is given as the float tensor that it means, under its own name.</summary>
    private void Give(ValueInfoProto output)
    {
        var value = _alias.GetValueOrDefault(output.Name, output.Name);
        if (_carriers.ContainsKey(value))
        {
            value = Float(value);
        }

        if (value == output.Name)
        {
            SetFloat(output);
            return;
        }

        var own = Fresh($"{output.Name}:integers");
        foreach (var node in _nodes)
        {
            Rename(node.Input, output.Name, own);
            Rename(node.Output, output.Name, own);
            Rename(node.Input, value, output.Name);
            Rename(node.Output, value, output.Name);
        }

        SetFloat(output);
    }

    private static void SetFloat(ValueInfoProto output)
    {
        if (output.Type?.TensorType is { } type)
        {
            type.ElemType = TensorData.Float;
        }
    }

    private static void Rename(RepeatedField<string> names, string from, string to)
    {
        for (var i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }

    private bool Means(Carrier carrier, string scale, string? zero) =>
        _constants.AreEqual(carrier.Scale, scale) && _constants.AreEqual(carrier.Zero, zero);

    /// <summary>The float tensor that an integer tensor means.</summary>
    private string Float(string integers)
    {
        var carrier = _carriers[integers];
        if (carrier.Float is { } known)
        {
            return known;
        }

        string[] inputs = carrier.Zero is { } zero ? [integers, carrier.Scale, zero] : [integers, carrier.Scale];
        var value = Emit(
            "DequantizeLinear", Fresh($"{integers}:float"), inputs, $"{integers}:dequantize", carrier.Domain, carrier.Axis is { } axis ? [Int("axis", axis)] : []);
        _carriers[integers] = carrier with { Float = value };
        return value;
    }

    private void Keep(NodeProto node)
    {
        _nodes.Add(node);
        _origins.Add(_position);
    }

    private string Emit(string op, string output, string[] inputs, string name, string domain = "", IEnumerable<AttributeProto>? attributes = null)
    {
        var node = new NodeProto { OpType = op, Name = name, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes ?? []);
        if (op == "DequantizeLinear" && node.Attribute.Count > 0 && Model.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version < FirstOpsetOfScalesByChannel)
        {
            node.Domain = Microsoft;
            if (Model.OpsetImport.All(o => o.Domain != Microsoft))
            {
                Model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
            }
        }

        Keep(node);
        return output;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = 2 };

    private string Fresh(string wanted)
    {
        var name = wanted;
        for (var i = 1; !_names.Add(name); i++)
        {
            name = $"{wanted}.{i}";
        }

        return name;
    }

    /// <summary>What an integer tensor means.</summary>
    /// <param name="Scale">Name of its scale.</param>
    /// <param name="Zero">Name of its zero point, or null.</param>
    /// <param name="Domain">Operator domain of its quantizer.</param>
    /// <param name="Float">The float tensor that it means, once there is one.</param>
    private sealed record Carrier(string Scale, string? Zero, string Domain, string? Float)
    {
        /// <summary>Of several scales; null if it has one.</summary>
        public long? Axis { get; init; }
    }
}
