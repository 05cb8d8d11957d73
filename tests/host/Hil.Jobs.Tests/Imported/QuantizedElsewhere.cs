using Hil.Models.Export;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import.Quantized;

namespace Hil.Jobs.Tests.Imported;

/// <summary>Models whose scales are their own: two linear layers in every spelling of a quantizer, put together by hand, and exports of ours as QDQ.</summary>
internal static class QuantizedElsewhere
{
    private const int Rows = 5;
    private const int Columns = 16;
    private const int Outputs = 6;
    private const int Block = 4;

    /// <summary>Who would write it, its name, and the model.</summary>
    public static IReadOnlyList<(string Writer, string Name, Func<OnnxModel> Read)> All { get; } =
    [
        .. SpelledModels.All.Select(m => (Writer(m.Key), m.Key, m.Value)),
        ("by hand, QDQ of opset 21", "int4, a scale a column", () => Nibbles(isBlocked: false)),
        ("by hand, QDQ of opset 21", "int4, a scale a block", () => Nibbles(isBlocked: true)),
        ("by hand, QDQ as ONNX Runtime's quantizer writes", "activations with a scale a channel", ByChannel),
        ("by hand, ONNX Runtime's dynamic quantization", "MatMulInteger of DynamicQuantizeLinear", Dynamic),
        .. new[] { "pre_norm", "vit_class_token", "swiglu" }.SelectMany(name => new[]
        {
            ("`hil export --opset 17`, 16 bits as Div, Round, Clip, Mul", name, () => Exported(name, QdqOptions.Portable)),
            ("`hil export`", name, (Func<OnnxModel>)(() => Exported(name, QdqOptions.WithInt16))),
        }),
    ];

    private static string Writer(string spelling) => spelling switch
    {
        _ when spelling.StartsWith("QONNX", StringComparison.Ordinal) => "by hand, as QONNX writes",
        _ when spelling.StartsWith("Brevitas", StringComparison.Ordinal) || spelling.StartsWith("QCDQ", StringComparison.Ordinal) => "by hand, as Brevitas writes",
        _ when spelling.StartsWith("QDQ", StringComparison.Ordinal) => "by hand, QDQ as ONNX Runtime's quantizer writes",
        _ when spelling.StartsWith("16 bits", StringComparison.Ordinal) => "by hand, without 16-bit quantizers",
        _ => "by hand, QOperator as ONNX Runtime's quantizer writes",
    };

    private static OnnxModel Nibbles(bool isBlocked)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        m.Proto.OpsetImport[0].Version = 21;
        long[] dims = isBlocked ? [Columns / Block, Outputs] : [Outputs];
        string scales = m.Constant([.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => 0.1f + (0.01f * (i % 5)))], dims);
        string nibbles = m.Nibbles(SpelledModels.Integers(1, Columns * Outputs, 7), Columns, Outputs);
        string weights = isBlocked
            ? m.Node("DequantizeLinear", [nibbles, scales], ("axis", 0), ("block_size", Block))
            : m.Node("DequantizeLinear", [nibbles, scales], ("axis", 1));
        return m.Parse(m.Node("MatMul", [m.Qdq("x", SpelledModels.HiddenScale), weights]));
    }

    /// <summary>A linear layer whose columns have a scale each, read by another one.</summary>
    private static OnnxModel ByChannel()
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        string Dense(int seed, int n) =>
            m.Node("DequantizeLinear", [m.Bytes(true, SpelledModels.Integers(seed, Columns * n), Columns, n), m.Scalar(SpelledModels.WeightScale), m.Zero(true, 0)]);
        string[] scales = [m.Constant([.. Enumerable.Range(0, Columns).Select(c => 0.05f + (0.005f * (c % 7)))], Columns), m.Bytes(true, new int[Columns], Columns)];
        string hidden = m.Node("MatMul", [m.Qdq("x", SpelledModels.HiddenScale), Dense(1, Columns)]);
        string value = m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [hidden, .. scales], ("axis", 2)), .. scales], ("axis", 2));
        return m.Parse(m.Node("MatMul", [value, Dense(2, Outputs)]));
    }

    private static OnnxModel Dynamic()
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        string elements = m.Node("DynamicQuantizeLinear", ["x"]);
        NodeProto quantizer = m.Proto.Graph.Node[^1];
        quantizer.Output.Add(["scale", "zero"]);
        string sum = m.Node("MatMulInteger", [elements, m.Bytes(true, SpelledModels.Integers(1, Columns * Outputs), Columns, Outputs), "zero"]);
        return m.Parse(m.Node("Mul", [m.Node("Cast", [sum], ("to", 1)), m.Node("Mul", ["scale", m.Scalar(SpelledModels.WeightScale)])]));
    }

    private static OnnxModel Exported(string name, int opset)
    {
        var model = new ImportedModel(ImportedModel.Export(name));
        return OnnxModel.Parse(QdqExport.Write(model.Quantized, new QdqOptions(opset)), name, $"{name}.onnx");
    }
}
