using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;

namespace Hil.Models.Import.Quantized;

/// <summary>Model inputs that are elements of a quantized tensor, and products of integers that mean themselves.</summary>
internal sealed partial class QdqSpelling
{
    /// <summary>
    /// The float tensor that an input of integers means: the host makes it, and a quantizer says which elements it has, so that they are those of the input.
    /// Null if it is no such input, or has more scales than one.
    /// </summary>
    private string? Given(string input, string scale, string? zero)
    {
        var type = _graph.Input.FirstOrDefault(i => i.Name == input)?.Type?.TensorType?.ElemType ?? 0;
        var offset = zero is null ? [0] : _constants.Integers(zero);
        if (!OrtTensors.IsElement(type) || _constants.Has(input) || _constants.Number(scale) is not { } step || offset is not [var centre])
        {
            return null;
        }

        var value = Emit("Cast", Fresh($"{input}:numbers"), [input], $"{input}:cast", attributes: [Int("to", TensorData.Float)]);
        if (centre != 0)
        {
            value = Emit("Sub", Fresh($"{input}:centred"), [value, Number($"{input}:zero", centre)], $"{input}:subtract");
        }

        if (step != 1)
        {
            value = Emit("Mul", Fresh($"{input}:scaled"), [value, scale], $"{input}:scale");
        }

        zero ??= Constant($"{input}:zero", type, new byte[type is TensorData.Int8 or TensorData.Uint8 ? 1 : 2], []);
        var elements = Emit("QuantizeLinear", Fresh($"{input}:elements"), [value, scale, zero], $"{input}:quantize");
        _carriers[elements] = new(scale, zero, string.Empty, null);
        _carriers[input] = _carriers[elements] with { Float = Float(elements) };
        return _carriers[input].Float;
    }

    /// <summary>A product (MatMulInteger, ConvInteger) of an input and constant weights, both of scale 1: integers that mean themselves.</summary>
    /// <param name="axis">Of the weights' zero points, where they have several.</param>
    private bool ProductOfNumbers(NodeProto node, string op, int axis)
    {
        int[] zeros = node.InputAt(3) is { } name ? _constants.Integers(name) ?? [] : [0];
        if (!_constants.Has(node.Input[1]) || zeros.Length == 0)
        {
            return false;
        }

        var one = Number($"{node.Output[0]}:one", 1);
        if (Given(node.Input[0], one, node.InputAt(2)) is not { } left)
        {
            return false;
        }

        var ones = zeros.Length == 1 ? one : Constant($"{node.Output[0]}:ones", TensorData.Float, MemoryMarshal.AsBytes<float>([.. zeros.Select(_ => 1f)]), [zeros.Length]);
        var weights = Emit(
            "DequantizeLinear", Fresh($"{node.Input[1]}:float"), node.InputAt(3) is { } zero ? [node.Input[1], ones, zero] : [node.Input[1], ones],
            $"{node.Title()}:weights", attributes: zeros.Length == 1 ? [] : [Int("axis", axis)]);
        var product = Emit(op, Fresh($"{node.Output[0]}:exact"), [left, weights], node.Title(), attributes: node.Attribute);
        _carriers[node.Output[0]] = new(one, null, string.Empty, product);
        return true;
    }

    /// <summary>Integers that mean themselves, as float numbers.</summary>
    private bool CastNumbers(NodeProto node)
    {
        if (_carriers[node.Input[0]] is not { Float: { } value } carrier || node.Int("to", 0) != TensorData.Float
            || _constants.Number(carrier.Scale) != 1 || !_constants.AreEqual(carrier.Zero, null))
        {
            return false;
        }

        _alias[node.Output[0]] = value;
        return true;
    }

    private string Number(string name, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Constant(name, TensorData.Float, bytes, []);
    }
}
