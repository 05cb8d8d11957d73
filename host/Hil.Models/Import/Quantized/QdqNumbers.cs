using System.Runtime.InteropServices;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>Element-wise arithmetic of 8-bit integers that mean themselves.</summary>
internal sealed partial class QdqSpelling
{
    private static readonly HashSet<string> Arithmetic = ["Add", "Sub", "Mul", "Div"];

    /// <summary>ONNX element type of 8-bit integers that mean themselves, by tensor: results of such arithmetic.</summary>
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>
    /// x + y, x − y, x · y or x / y of 8-bit integers, of which at least one is a model input or made of one, as the same of the numbers that they mean. Results that
    /// the type does not hold saturate; ONNX does not say what becomes of them.
    /// </summary>
    private bool ArithmeticOfNumbers(NodeProto node)
    {
        if (node.Input.Count != 2 || node.Input.Select(TypeOfNumbers).FirstOrDefault(t => t != 0) is not (not 0 and var type)
            || (node.OpType == "Div" && _constants.Integers(node.Input[1])?.Contains(0) == true))
        {
            return false;
        }

        var one = Number($"{node.Output[0]}:one", 1);
        if (Numbers(node.Input[0], type, one) is not { } left || Numbers(node.Input[1], type, one) is not { } right)
        {
            return false;
        }

        var exact = Emit(node.OpType, Fresh($"{node.Output[0]}:exact"), [left, right], node.Title());
        if (node.OpType == "Div")
        {
            exact = WithoutFraction(exact, node, type == TensorData.Int8);
        }

        var zero = Constant($"{node.Output[0]}:zero", type, [0], []);
        Emit("QuantizeLinear", node.Output[0], [exact, one, zero], $"{node.Title()}:quantize");
        _carriers[node.Output[0]] = new(one, zero, string.Empty, null);
        _numbers[node.Output[0]] = type;
        return true;
    }

    /// <summary>The quotient rounded towards zero.</summary>
    private string WithoutFraction(string quotient, NodeProto node, bool isSigned)
    {
        string Part(string op, string of, params string[] more) => Emit(op, Fresh($"{node.Output[0]}:{op}"), [of, .. more], $"{node.Title()}:{op}");
        return isSigned ? Part("Mul", Part("Floor", Part("Abs", quotient)), Part("Sign", quotient)) : Part("Floor", quotient);
    }

    /// <summary>The type of 8-bit integers that depend on a model input and mean themselves; 0 of anything else.</summary>
    private int TypeOfNumbers(string tensor)
    {
        var type = _numbers.GetValueOrDefault(tensor);
        if (type == 0 && !_constants.Has(tensor))
        {
            type = _graph.Input.FirstOrDefault(i => i.Name == tensor)?.Type?.TensorType?.ElemType ?? 0;
        }

        return type is TensorData.Int8 or TensorData.Uint8 ? type : 0;
    }

    /// <summary>The float tensor of integers that mean themselves; null if they mean something else.</summary>
    private string? Numbers(string tensor, int type, string one)
    {
        if (_carriers.GetValueOrDefault(tensor) is { } carrier)
        {
            return Means(carrier, one, null) ? Float(tensor) : null;
        }

        return TypeOfNumbers(tensor) == type ? Given(tensor, one, null)
            : _constants.Integers(tensor) is { } values
                ? Constant($"{tensor}:numbers", TensorData.Float, MemoryMarshal.AsBytes<float>([.. values.Select(v => (float)v)]), _constants.Dims(tensor))
                : null;
    }
}
