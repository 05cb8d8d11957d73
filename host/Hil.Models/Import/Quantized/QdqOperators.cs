using Google.Protobuf;
using System.Runtime.InteropServices;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>Operators on integers as float operators between dequantizers and a quantizer.</summary>
internal sealed partial class QdqSpelling
{
    /// <summary>Operators on one quantized tensor: (x, its scale, its zero point, the output's scale, its zero point).</summary>
    private static readonly Dictionary<string, string> Unary = new()
    {
        ["QLinearSigmoid"] = "Sigmoid",
        ["QLinearSoftmax"] = "Softmax",
        ["QLinearLeakyRelu"] = "LeakyRelu",
        ["QLinearAveragePool"] = "AveragePool",
        ["QLinearGlobalAveragePool"] = "GlobalAveragePool",
        ["QLinearReduceMean"] = "ReduceMean",
    };

    private static readonly HashSet<string> NotOfFloatForm = ["opset", "channels_last"];

    private bool Operator(NodeProto node)
    {
        var at = node.Input;
        switch (node.OpType)
        {
            case "QLinearMatMul" when at.Count == 8:
                return Finish(node, "MatMul", [Value(node, 0, 1, 2), Value(node, 3, 4, 5, axis: 1)], 6);
            case "QLinearAdd" or "QLinearMul" when at.Count >= 7:
                return Finish(node, node.OpType["QLinear".Length..], [Value(node, 0, 1, 2), Value(node, 3, 4, 5)], 6);
            case "QLinearConv" when at.Count >= 8:
                return Finish(node, "Conv", [Value(node, 0, 1, 2), Value(node, 3, 4, 5, axis: 0), .. Bias(node, 8, 1, 4, 0)], 6);
            case "QGemm" when at.Count >= 6:
                return Gemm(node);
            case "QLinearConcat" when at.Count >= 5 && at.Count % 3 == 2:
                return Finish(node, "Concat", [.. Enumerable.Range(0, (at.Count - 2) / 3).Select(i => Value(node, 2 + (3 * i), 3 + (3 * i), 4 + (3 * i)))], 0);
            case "MatMulIntegerToFloat" when at.Count >= 4:
                return ProductToFloat(node);
            case var op when Unary.TryGetValue(op, out var plain) && at.Count >= 4:
                return Finish(node, plain, [Value(node, 0, 1, 2)], 3);
            default:
                return false;
        }
    }

    /// <summary>The float operator in the node's place, and the quantizer of its output; false if an operand has no float form.</summary>
    private bool Finish(NodeProto node, string op, string?[] inputs, int scale)
    {
        if (inputs.Any(i => i is null))
        {
            return false;
        }

        var (output, zero) = (node.Output[0], node.InputAt(scale + 1));
        var exact = Emit(op, Fresh($"{output}:exact"), inputs!, node.Title(), attributes: node.Attribute.Where(a => !NotOfFloatForm.Contains(a.Name)));
        string[] parameters = zero is null ? [node.Input[scale]] : [node.Input[scale], zero];
        Emit("QuantizeLinear", output, [exact, .. parameters], $"{node.Title()}:quantize");
        _carriers[output] = new(node.Input[scale], zero, string.Empty, null);
        return true;
    }

    private bool Gemm(NodeProto node)
    {
        var axis = node.Int("transB", 0) != 0 ? 0 : 1;
        string?[] inputs = [Value(node, 0, 1, 2), Value(node, 3, 4, 5, axis), .. Bias(node, 6, 1, 4, 0)];
        if (inputs.Any(i => i is null))
        {
            return false;
        }

        if (node.InputAt(7) is not null)
        {
            return Finish(node, "Gemm", inputs, 7);
        }

        Emit("Gemm", node.Output[0], inputs!, node.Title(), attributes: node.Attribute);
        return true;
    }

    private bool ProductToFloat(NodeProto node)
    {
        string?[] inputs = [Value(node, 0, 2, 4), Value(node, 1, 3, 5, axis: 1)];
        if (inputs.Any(i => i is null))
        {
            return false;
        }

        var bias = node.InputAt(6);
        var product = Emit("MatMul", bias is null ? node.Output[0] : Fresh($"{node.Output[0]}:product"), inputs!, node.Title());
        if (bias is not null)
        {
            Emit("Add", node.Output[0], [product, bias], $"{node.Title()}:bias");
        }

        return true;
    }

    /// <summary>
    /// MatMulInteger of a quantized tensor and constant weights, a Cast to float32, and a product with the two scales: the scales
    /// go where they belong. The Cast and the product stay, as identities.
    /// </summary>
    private bool IntegerProduct(NodeProto node)
    {
        if (_carriers.GetValueOrDefault(node.Input[0]) is not { } left || !_constants.Has(node.Input[1])
            || !_constants.AreEqual(left.Zero, node.InputAt(2)) || _constants.Number(left.Scale) is not { } scale
            || SoleReader(node.Output[0]) is not { OpType: "Cast" } cast || cast.Int("to", 0) != TensorData.Float
            || SoleReader(cast.Output[0]) is not { OpType: "Mul" } product || Other(product, cast.Output[0]) is not { } factors)
        {
            return false;
        }

        float[] weights = [.. factors.Select(f => f / scale)];
        long[] dims = weights.Length == 1 ? [] : [weights.Length];
        string[] zero = node.InputAt(3) is { } z ? [z] : [];
        var axis = weights.Length == 1 ? [] : new[] { Int("axis", 1) };
        var value = Emit(
            "DequantizeLinear",
            Fresh($"{node.Input[1]}:float"),
            [node.Input[1], Constant($"{node.Input[1]}:scale", TensorData.Float, MemoryMarshal.AsBytes<float>(weights), dims), .. zero],
            $"{node.Title()}:weights",
            attributes: axis);
        Emit("MatMul", node.Output[0], [Float(node.Input[0]), value], node.Title());
        product.OpType = "Identity";
        product.Input.Clear();
        product.Input.Add(cast.Output[0]);
        return true;
    }

    private NodeProto? SoleReader(string tensor)
    {
        NodeProto[] readers = [.. _graph.Node.Where(n => n.Input.Contains(tensor))];
        return readers.Length == 1 && _graph.Output.All(o => o.Name != tensor) ? readers[0] : null;
    }

    /// <summary>The constant factor of a product: stored, or the product of two stored numbers.</summary>
    private float[]? Other(NodeProto product, string tensor)
    {
        var other = product.Input[product.Input[0] == tensor ? 1 : 0];
        if (_constants.Floats(other) is { } stored)
        {
            return stored;
        }

        return _graph.Node.FirstOrDefault(n => n.OpType == "Mul" && n.Output[0] == other) is { } node
            && _constants.Floats(node.Input[0]) is { } a && _constants.Floats(node.Input[1]) is { } b && (a.Length == 1 || b.Length == 1)
            ? a.Length == 1 ? [.. b.Select(v => v * a[0])] : [.. a.Select(v => v * b[0])]
            : null;
    }

    /// <summary>The float value of an operand: a tensor that was quantized so, or a constant; null if it is neither.</summary>
    private string? Value(NodeProto node, int position, int scale, int zero, int axis = -1)
    {
        var (name, scaleName, zeroName) = (node.Input[position], node.Input[scale], node.InputAt(zero));
        if (_carriers.GetValueOrDefault(name) is { } carrier)
        {
            return Means(carrier, scaleName, zeroName) ? Float(name) : null;
        }

        if (!_constants.Has(name))
        {
            return Given(name, scaleName, zeroName);
        }

        var isPerChannel = _constants.Floats(scaleName) is { Length: > 1 } && axis >= 0;
        return Emit(
            "DequantizeLinear",
            Fresh($"{name}:float"),
            zeroName is null ? [name, scaleName] : [name, scaleName, zeroName],
            $"{node.Title()}:{position}",
            attributes: isPerChannel ? [Int("axis", axis)] : []);
    }

    /// <summary>The int32 bias of a node, in the product of the two scales; empty if it has none.</summary>
    private string?[] Bias(NodeProto node, int position, int left, int right, int axis)
    {
        if (node.InputAt(position) is not { } bias)
        {
            return [];
        }

        if (_constants.Number(node.Input[left]) is not { } a || _constants.Floats(node.Input[right]) is not { } b || !_constants.Has(bias))
        {
            return [null];
        }

        float[] scales = [.. b.Select(s => s * a * node.Float("alpha", 1))];
        long[] dims = scales.Length == 1 ? [] : [scales.Length];
        return
        [
            Emit(
                "DequantizeLinear",
                Fresh($"{bias}:float"),
                [bias, Constant($"{bias}:scale", TensorData.Float, MemoryMarshal.AsBytes<float>(scales), dims)],
                $"{node.Title()}:{position}",
                attributes: scales.Length == 1 ? [] : [Int("axis", axis)]),
        ];
    }

    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, long[] dims)
    {
        var tensor = new TensorProto { Name = Fresh(name), DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(dims);
        _graph.Initializer.Add(tensor);
        _constants.Add(tensor);
        return tensor.Name;
    }
}
