using System.Runtime.InteropServices;
using Hil.Models.Import.Values;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>Quant of QONNX and Brevitas: quantize and dequantize in one node, of any number of bits.</summary>
internal sealed partial class QdqSpelling
{
    private bool Quant(NodeProto node)
    {
        if (node.Input.Count < 4 || _constants.Floats(node.Input[1]) is not { Length: > 0 } scales || _constants.Floats(node.Input[2]) is not { Length: > 0 } zeros
            || _constants.Number(node.Input[3]) is not { } bits || bits is < 2 or > 16 || bits != MathF.Floor(bits) || zeros.Any(z => z != MathF.Round(z))
            || Rounding(node) is not ("ROUND" or "HALF_EVEN") || scales.Any(s => !(s > 0)))
        {
            return false;
        }

        var (isSigned, isNarrow) = (node.Int("signed", 1) != 0, node.Int("narrow", 0) != 0);
        var half = 1 << ((int)bits - 1);
        var range = isSigned ? (Low: -half + (isNarrow ? 1 : 0), High: half - 1) : (Low: 0, High: (2 * half) - 1 - (isNarrow ? 1 : 0));
        if (_constants.Floats(node.Input[0]) is { } values)
        {
            return QuantConstant(node, values, scales, zeros, range);
        }

        return scales.Length == 1 && zeros.Length == 1 && (bits <= 8 || (isSigned && zeros[0] == 0)) && QuantTensor(node, scales[0], (int)zeros[0], range, isSigned);
    }

    private static string Rounding(NodeProto node) =>
        node.Attribute.FirstOrDefault(a => a.Name == "rounding_mode")?.S.ToStringUtf8().ToUpperInvariant() ?? "ROUND";

    private bool QuantTensor(NodeProto node, float scale, int zero, (int Low, int High) range, bool isSigned)
    {
        var (input, output, title) = (node.Input[0], node.Output[0], node.Title());
        string Number(string name, float value) => Constant($"{output}:{name}", TensorData.Float, MemoryMarshal.AsBytes<float>([value]), []);
        string Clip(string value, string name, float low, float high) =>
            Emit("Clip", Fresh($"{output}:{name}"), [value, Number("low", low), Number("high", high)], $"{title}:clip");
        if (range.High > byte.MaxValue)
        {
            var step = Number("scale", scale);
            var rounded = Emit("Round", Fresh($"{output}:rounded"), [Emit("Div", Fresh($"{output}:steps"), [input, step], $"{title}:div")], $"{title}:round");
            Emit("Mul", output, [Clip(rounded, "clipped", range.Low, range.High), step], title);
            return true;
        }

        var clipped = Clip(input, "clipped", (range.Low - zero) * scale, (range.High - zero) * scale);
        string[] parameters =
        [
            Number("scale", scale),
            Constant($"{output}:zero", isSigned ? TensorData.Int8 : TensorData.Uint8, [unchecked((byte)zero)], []),
        ];
        var integers = Emit("QuantizeLinear", Fresh($"{output}:integers"), [clipped, .. parameters], $"{title}:quantize");
        Emit("DequantizeLinear", output, [integers, .. parameters], title);
        return true;
    }

    private bool QuantConstant(NodeProto node, float[] values, float[] scales, float[] zeros, (int Low, int High) range)
    {
        var dims = _constants.Dims(node.Input[0]);
        if (Layout.Broadcast(scales, _constants.Dims(node.Input[1]), dims) is not { } scale
            || Layout.Broadcast(zeros, _constants.Dims(node.Input[2]), dims) is not { } zero)
        {
            return false;
        }

        int[] integers = [.. values.Select((v, i) => (int)Math.Clamp(Math.Round(((double)v / scale[i]) + zero[i], MidpointRounding.ToEven), range.Low, range.High) - (int)zero[i])];
        long[] shape = _constants.Dims(node.Input[1]);
        var axes = Enumerable.Range(0, shape.Length).Where(i => shape[i] != 1).ToList();
        if (axes.Count > 1 || integers.Any(q => q is < sbyte.MinValue or > sbyte.MaxValue))
        {
            float[] floats = [.. integers.Select((q, i) => q * scale[i])];
            _alias[node.Output[0]] = Constant($"{node.Output[0]}:float", TensorData.Float, MemoryMarshal.AsBytes<float>(floats), dims);
            return true;
        }

        sbyte[] bytes = [.. integers.Select(q => (sbyte)q)];
        Emit(
            "DequantizeLinear",
            node.Output[0],
            [
                Constant($"{node.Output[0]}:int8", TensorData.Int8, MemoryMarshal.AsBytes<sbyte>(bytes), dims),
                Constant($"{node.Output[0]}:scale", TensorData.Float, MemoryMarshal.AsBytes<float>(scales), axes.Count == 0 ? [] : [scales.Length]),
            ],
            node.Title(),
            attributes: axes.Count == 0 ? [] : [Int("axis", dims.Length - shape.Length + axes[0])]);
        return true;
    }
}
