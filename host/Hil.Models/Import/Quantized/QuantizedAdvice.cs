using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Quantized;

/// <summary>What to do about operators of quantized models that have no float form here.</summary>
internal static class QuantizedAdvice
{
    private const string Static =
        "Quantize statically: onnxruntime.quantization.quantize_static(model, output, calibration_data_reader, quant_format=QuantFormat.QDQ); "
        + "or give the float model with --calib.";

    private const string Dynamic = "Its scale is computed from each sample (dynamic quantization); the device's scales are constants.";

    private const string PerTensor =
        "Quantize activations with one scale a tensor (per_channel of quantize_static concerns weights alone, and keeps doing so), or give the float model with --calib.";

    private static readonly Dictionary<string, (string Reason, string WhatToDo)> ByOperator = new()
    {
        ["DynamicQuantizeLinear"] = (Dynamic, Static),
        ["DynamicQuantizeMatMul"] = (Dynamic, Static),
        ["DynamicQuantizeLSTM"] = (Dynamic, Static),
        ["MatMulInteger"] = ("It does not multiply a tensor of constant scale by constant weights, to be cast and scaled.", Static),
        ["ConvInteger"] = ("It multiplies integers whose scale is applied elsewhere.", Static),
        ["MatMulIntegerToFloat"] = ("It does not multiply a tensor of constant scale by constant weights.", Static),
        ["QAttention"] = ("ONNX Runtime fused and quantized an attention.", "Quantize the model before it is fused: leave Attention out of op_types_to_quantize, or optimize at level basic."),
        ["QEmbedLayerNormalization"] = ("ONNX Runtime fused and quantized the embeddings.", "Quantize the model before it is fused: leave EmbedLayerNormalization out of op_types_to_quantize."),
        ["MatMulNBits"] = ("Its weights are packed in blocks of a few bits.", "Export 4-bit weights with DequantizeLinear (opset 21), or give the float model."),
        ["Quant"] = ("Only constant scales, whole zero points, 2 to 16 bits and rounding to the nearest even number are read; one scale a tensor for activations.", "Export it so, or give the float model with --calib."),
        ["BipolarQuant"] = ("Weights and activations of one bit are not read.", "Quantize to 2 bits or more."),
        ["Trunc"] = ("It drops bits of a quantized tensor.", "Use Quant of fewer bits instead."),
        ["QuantizeLinear"] = ("It is no half of a quantizer of one constant scale and zero point.", Static),
        ["DequantizeLinear"] = ("It is no half of a quantizer of one constant scale and zero point.", Static),
    };

    /// <summary>A DequantizeLinear of an activation that is no half of a quantizer that can be read.</summary>
    /// <param name="quantizer">What gives its integers, whose axis it is; the node itself if that is none.</param>
    /// <param name="scales">How many it has, 0 if they are no constant.</param>
    public static UnsupportedNode OfDequantizer(NodeProto node, NodeProto quantizer, int position, int scales)
    {
        var problem = new UnsupportedNode(position, node.Title(), node.OpType, string.Empty, string.Empty);
        return scales < 2 ? Of(problem) : problem with
        {
            Reason = $"It gives an activation {scales} scales along axis {quantizer.Int("axis", 1)}; a tensor of the device has one.",
            WhatToDo = PerTensor,
        };
    }

    /// <summary>The same problem with what is known about the operator.</summary>
    public static UnsupportedNode Of(UnsupportedNode problem)
    {
        if (problem.WhatToDo == PerTensor)
        {
            return problem;
        }

        var op = problem.Operator[(problem.Operator.LastIndexOf('.') + 1)..];
        if (ByOperator.TryGetValue(op, out var known))
        {
            return problem with { Reason = known.Reason, WhatToDo = known.WhatToDo };
        }

        return op.StartsWith("QLinear", StringComparison.Ordinal) || op is "QGemm"
            ? problem with { Reason = "Its operands are no constants and no tensors that were quantized with its scales.", WhatToDo = Static }
            : problem;
    }
}
