using Hil.Models.Import.Values;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import;

/// <summary>The ONNX operators that can be lowered when they stand in a known pattern.</summary>
internal static class Operators
{
    private static readonly HashSet<string> Views =
        ["Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast", "Dropout"];

    private static readonly HashSet<string> ElementWise =
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Neg", "Sqrt", "Reciprocal", "Exp", "Abs", "Erf", "Tanh", "Sigmoid", "Relu",
        "ReduceMean", "Gelu", "FastGelu", "QuickGelu", "Swish",
    ];

    private static readonly HashSet<string> Others =
    [
        "MatMul", "Gemm", "Softmax", "LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization", "Concat", "Gather", "Slice", "Split", "Where",
        "IsNaN", "Expand", "Pad", "ReduceSum", "Conv", "MaxPool", "GlobalMaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization",
        "QuantizeLinear", "DequantizeLinear",
    ];

    public static bool IsView(string op) => Views.Contains(op);

    public static bool IsElementWise(string op) => ElementWise.Contains(op) || UnaryFunctions.IsKnown(op);

    public static bool IsKnown(string op) => IsView(op) || IsElementWise(op) || Others.Contains(op);

    /// <summary>Whether a node gives the same whatever the model is given; shapes are static, and of what CastLike is given second only the type counts.</summary>
    public static bool IsConstant(NodeProto node, Func<string, bool> isConstant) => node.OpType is "Shape" or "Size"
        || (node.OpType == "CastLike" && node.Input.Count == 2 && isConstant(node.Input[0]))
        || node.Input.All(i => i.Length == 0 || isConstant(i));

    /// <summary>Whether an operator of ONNX Runtime's own set is understood as it is.</summary>
    public static bool IsKnownFused(string domain, string op) => domain == "com.microsoft" && op is "Gelu" or "FastGelu" or "QuickGelu" or "DequantizeLinear";

    /// <summary>What to do about an operator of another domain.</summary>
    public static string AdviceOnDomain(string domain, string op) => (domain, op) switch
    {
        ("com.microsoft", "Attention" or "MultiHeadAttention" or "GroupQueryAttention" or "PackedAttention" or "DecoderMaskedMultiHeadAttention") =>
            "Give the model before it was fused: optimize with --use_multi_head_attention off and GraphOptimizationLevel ORT_ENABLE_BASIC, without past or packed inputs.",
        ("com.microsoft.nchwc", _) =>
            "Optimize with GraphOptimizationLevel ORT_ENABLE_EXTENDED: ORT_ENABLE_ALL lays convolutions out for the processor that it runs on.",
        ("com.microsoft", "RotaryEmbedding") => "Export without rotary embeddings, or with positions that are added.",
        ("com.microsoft", _) => "Give the model as exported, or optimized with GraphOptimizationLevel ORT_ENABLE_BASIC, which fuses nothing.",
        _ => "Export with standard ONNX operators: custom operators cannot run on the device.",
    };

    public static string Advice(string op) => op switch
    {
        "Attention" => "Export without a cache, grouped queries or soft cap, or with opset_version=22, which spells attention out.",
        "QuantizeLinear" or "DequantizeLinear" or "QLinearMatMul" or "MatMulInteger" =>
            "Give the float model; it is quantized here.",
        "LogSoftmax" or "ArgMax" => "Export the logits and do this on the host.",
        "If" or "Loop" or "Scan" => "Trace the model with fixed inputs instead of scripting it.",
        _ => "Remove it, or replace it by linear layers, attention, layer normalization, GELU, ReLU, tanh or sigmoid.",
    };
}
