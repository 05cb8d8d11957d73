namespace Hil.Models.Import;

/// <summary>The ONNX operators that can be lowered when they stand in a known pattern.</summary>
internal static class Operators
{
    private static readonly HashSet<string> Views =
        ["Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast", "Dropout"];

    private static readonly HashSet<string> ElementWise =
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Neg", "Sqrt", "Reciprocal", "Exp", "Abs", "Erf", "Tanh", "Sigmoid", "Relu",
        "ReduceMean",
    ];

    private static readonly HashSet<string> Others =
        ["MatMul", "Gemm", "Softmax", "LayerNormalization", "Concat", "Gather", "Slice", "Split", "Expand", "Where", "Conv", "MaxPool", "GlobalMaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization"];

    public static bool IsView(string op) => Views.Contains(op);

    public static bool IsElementWise(string op) => ElementWise.Contains(op) || UnaryFunctions.IsKnown(op);

    public static bool IsKnown(string op) => IsView(op) || IsElementWise(op) || Others.Contains(op);

    public static string Advice(string op) => op switch
    {
        "QuantizeLinear" or "DequantizeLinear" or "QLinearMatMul" or "MatMulInteger" =>
            "Give the float model; it is quantized here.",
        "LogSoftmax" or "ArgMax" => "Export the logits and do this on the host.",
        "If" or "Loop" or "Scan" => "Trace the model with fixed inputs instead of scripting it.",
        _ => "Remove it, or replace it by linear layers, attention, layer normalization, GELU, ReLU, tanh or sigmoid.",
    };
}
