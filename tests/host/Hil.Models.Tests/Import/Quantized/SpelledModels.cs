using Hil.Models.Onnx;
using Hil.Models.Tests.Import;

namespace Hil.Models.Tests.Import.Quantized;

/// <summary>
/// Two linear layers with ReLU between, 4 × 8 → 12 → 6, quantized and written in the ways in which quantizers write. Weights are integers of a fixed
/// pattern, so that what arrives can be compared one by one.
/// </summary>
internal static class SpelledModels
{
    public const int Rows = 4;
    public const int Inputs = 8;
    public const int Hidden = 12;
    public const int Outputs = 6;

    public const string Microsoft = "com.microsoft";
    public const string Qonnx = "qonnx.custom_op.general";
    public const string Brevitas = "onnx.brevitas";

    public const double InputScale = 0.01237;
    public const double HiddenScale = 0.02113;
    public const double WeightScale = 0.00973;

    public static readonly IReadOnlyDictionary<string, Func<OnnxModel>> All = new Dictionary<string, Func<OnnxModel>>
    {
        ["QDQ, one scale, int8"] = () => Qdq(false, true, 0, 0, 127),
        ["QDQ, a scale a channel, int8"] = () => Qdq(true, true, 0, 0, 127),
        ["QDQ, uint8 with zero points"] = () => Qdq(true, false, 120, 3, 127),
        ["QDQ, int8 with zero points"] = () => Qdq(true, true, -9, -128, 127),
        ["QDQ, reduced range"] = () => Qdq(true, false, 128, 0, 63),
        ["QDQ, bias of int32"] = () => Qdq(true, true, 0, 0, 127, biasIsInteger: true),
        ["QDQ, ranges after a Clip"] = Clipped,
        ["QLinearMatMul"] = () => QLinear(false),
        ["QLinearMatMul, a scale a channel"] = () => QLinear(true),
        ["QLinearMatMul, integer output"] = () => QLinear(true, integerOutput: true),
        ["views of integers"] = ViewsOfIntegers,
        ["QLinearAdd"] = QLinearAdd,
        ["QGemm"] = () => QGemm(false),
        ["QGemm, transposed, a scale a channel"] = () => QGemm(true),
        ["MatMulInteger"] = () => IntegerProduct(0),
        ["MatMulInteger, zero point"] = () => IntegerProduct(131),
        ["MatMulIntegerToFloat"] = ProductToFloat,
        ["QONNX Quant"] = () => Quant(Qonnx, 8, 8, isNarrow: true),
        ["Brevitas Quant"] = () => Quant(Brevitas, 8, 8, isNarrow: false),
        ["QONNX Quant, 4 bits"] = () => Quant(Qonnx, 4, 4, isNarrow: true),
        ["QONNX Quant, a scale a channel"] = () => Quant(Qonnx, 6, 8, isNarrow: false, isPerChannel: true),
        ["QCDQ, 4 bits"] = Qcdq,
        ["16 bits by Div, Round, Clip, Mul"] = Portable,
    };

    /// <summary>The integers of a weight matrix, −limit … limit, both ends among them.</summary>
    public static int[] Integers(int seed, int count, int limit = 127) =>
        [.. Enumerable.Range(0, count).Select(i => i < 2 ? (i == 0 ? limit : -limit) : (int)Math.Round(limit * Math.Sin((i * 1.37) + (seed * 11))))];

    public static double ChannelScale(int channel) => WeightScale * (1 + (0.25 * (channel % 3)));

    /// <summary>A sample within the input's range.</summary>
    public static float[] Sample(int seed) => [.. Enumerable.Range(0, Rows * Inputs).Select(i => 1.4f * MathF.Sin((i * 0.73f) + (seed * 5)))];

    private static TinyModel New() => new("x", 1, Rows, Inputs);

    private static float[] Scales(int n, bool isPerChannel) =>
        isPerChannel ? [.. Enumerable.Range(0, n).Select(c => (float)ChannelScale(c))] : [(float)WeightScale];

    private static string ScaleOf(TinyModel m, int n, bool isPerChannel) =>
        isPerChannel ? m.Constant(Scales(n, true), n) : m.Scalar(WeightScale);

    private static string Weights(TinyModel m, int seed, int k, int n, bool isPerChannel, int limit)
    {
        string[] inputs = [m.Bytes(true, Integers(seed, k * n, limit), k, n), ScaleOf(m, n, isPerChannel), .. isPerChannel ? [] : new[] { m.Zero(true, 0) }];
        return isPerChannel ? m.Node("DequantizeLinear", inputs, ("axis", 1)) : m.Node("DequantizeLinear", inputs);
    }

    private static float[] Bias(int n) => [.. Enumerable.Range(0, n).Select(i => 0.3f * MathF.Cos(i * 1.9f))];

    private static string Biased(TinyModel m, string x, int n) => m.Node("Add", [x, m.Constant(Bias(n), n)]);

    /// <summary>With a bias of whole accumulator steps: those of few bits are so long that a rounded bias would show.</summary>
    private static string Biased(TinyModel m, string x, int n, double step) =>
        m.Node("Add", [x, m.Constant([.. Bias(n).Select(b => (float)(Math.Round(b / step) * step))], n)]);

    private static OnnxModel Qdq(bool isPerChannel, bool isSigned, int inputZero, int hiddenZero, int limit, bool biasIsInteger = false)
    {
        var m = New();
        var x = m.Qdq("x", InputScale, inputZero, isSigned);
        var product = m.Node("MatMul", [x, Weights(m, 1, Inputs, Hidden, isPerChannel, limit)]);
        var bias = m.Constant(Bias(Hidden), Hidden);
        if (biasIsInteger)
        {
            float[] scales = [.. Scales(Hidden, isPerChannel).Select(s => s * (float)InputScale)];
            bias = m.Node(
                "DequantizeLinear",
                [m.Ints([.. Bias(Hidden).Select((b, c) => (int)Math.Round(b / scales[c]))], Hidden), m.Constant(scales, Hidden)],
                ("axis", 0));
        }

        var hidden = m.Qdq(m.Node("Relu", [m.Node("Add", [product, bias])]), HiddenScale, hiddenZero, isSigned);
        return m.Parse(Biased(m, m.Node("MatMul", [hidden, Weights(m, 2, Hidden, Outputs, isPerChannel, limit)]), Outputs));
    }

    /// <summary>Without an activation between; both quantizers have a Clip before them, the second a narrower one.</summary>
    private static OnnxModel Clipped()
    {
        var m = New();
        string Clip(string x, double low, double high) => m.Node("Clip", [x, m.Scalar(low), m.Scalar(high)]);
        var x = m.Qdq(Clip("x", -127 * InputScale, 127 * InputScale), InputScale);
        var hidden = m.Qdq(Clip(Biased(m, m.Node("MatMul", [x, Weights(m, 1, Inputs, Hidden, true, 127)]), Hidden), -40 * HiddenScale, 60 * HiddenScale), HiddenScale);
        return m.Parse(Biased(m, m.Node("MatMul", [hidden, Weights(m, 2, Hidden, Outputs, true, 127)]), Outputs));
    }

    private static OnnxModel QLinear(bool isPerChannel, bool integerOutput = false)
    {
        var m = New();
        string[] input = [m.Scalar(InputScale), m.Zero(false, 120)];
        string[] hidden = [m.Scalar(HiddenScale), m.Zero(false, 100)];
        string[] output = [m.Scalar(0.05), m.Zero(false, 128)];
        string[] Matrix(int seed, int k, int n) =>
            [m.Bytes(true, Integers(seed, k * n), k, n), ScaleOf(m, n, isPerChannel), isPerChannel ? m.Bytes(true, new int[n], n) : m.Zero(true, 0)];
        var x = m.Node("QuantizeLinear", ["x", .. input]);
        var h = m.Node("QLinearMatMul", [x, .. input, .. Matrix(1, Inputs, Hidden), .. hidden]);
        var y = m.Node("QLinearMatMul", [h, .. hidden, .. Matrix(2, Hidden, Outputs), .. output]);
        return m.Parse(integerOutput ? y : m.Node("DequantizeLinear", [y, .. output]));
    }

    private static OnnxModel ViewsOfIntegers()
    {
        var m = New();
        string[] input = [m.Scalar(InputScale), m.Zero(false, 120)];
        var x = m.Node("QuantizeLinear", ["x", .. input]);
        var flat = m.Node("Reshape", [x, m.Integers(Rows, Inputs)]);
        var back = m.Node("Unsqueeze", [flat, m.Integers(0)]);
        var value = m.Node("DequantizeLinear", [back, m.Scalar(InputScale), m.Zero(false, 120)]);
        return m.Parse(Biased(m, m.Node("MatMul", [value, Weights(m, 1, Inputs, Outputs, true, 127)]), Outputs));
    }

    private static OnnxModel QLinearAdd()
    {
        var m = New();
        string[] input = [m.Scalar(InputScale), m.Zero(true, 0)];
        string[] wide = [m.Scalar(0.04), m.Zero(true, 5)];
        var x = m.Node("QuantizeLinear", ["x", .. input]);
        string Product(int seed) => m.Node(
            "QLinearMatMul", [x, .. input, m.Bytes(true, Integers(seed, Inputs * Outputs), Inputs, Outputs), m.Scalar(WeightScale), m.Zero(true, 0), .. wide]);
        var sum = m.Other(Microsoft, "QLinearAdd", [Product(1), .. wide, Product(2), .. wide, m.Scalar(0.06), m.Zero(true, 0)]);
        return m.Parse(m.Node("DequantizeLinear", [sum, m.Scalar(0.06), m.Zero(true, 0)]));
    }

    private static OnnxModel QGemm(bool isTransposed)
    {
        var m = new TinyModel("x", Rows, Inputs);
        string[] input = [m.Scalar(InputScale), m.Zero(false, 120)];
        var integers = Integers(1, Inputs * Outputs);
        int[] stored = isTransposed ? [.. Enumerable.Range(0, integers.Length).Select(i => integers[(i % Inputs * Outputs) + (i / Inputs)])] : integers;
        var scales = Scales(Outputs, isTransposed);
        int[] bias = [.. Bias(Outputs).Select((b, c) => (int)Math.Round(b / (InputScale * scales[scales.Length == 1 ? 0 : c])))];
        var y = m.Other(
            Microsoft,
            "QGemm",
            [
                m.Node("QuantizeLinear", ["x", .. input]), .. input,
                isTransposed ? m.Bytes(true, stored, Outputs, Inputs) : m.Bytes(true, stored, Inputs, Outputs), ScaleOf(m, Outputs, isTransposed),
                isTransposed ? m.Bytes(true, new int[Outputs], Outputs) : m.Zero(true, 0), m.Ints(bias, Outputs), m.Scalar(0.05), m.Zero(false, 128),
            ],
            ("transB", isTransposed ? 1 : 0));
        return m.Parse(m.Node("DequantizeLinear", [y, m.Scalar(0.05), m.Zero(false, 128)]));
    }

    private static OnnxModel IntegerProduct(int zero)
    {
        var m = New();
        var isSigned = zero == 0;
        var x = m.Node("QuantizeLinear", ["x", m.Scalar(InputScale), m.Zero(isSigned, zero)]);
        var sum = m.Node("MatMulInteger", [x, m.Bytes(true, Integers(1, Inputs * Outputs), Inputs, Outputs), m.Zero(isSigned, zero)]);
        var scaled = m.Node("Mul", [m.Node("Cast", [sum], ("to", 1)), m.Node("Mul", [m.Scalar(InputScale), m.Scalar(WeightScale)])]);
        return m.Parse(Biased(m, scaled, Outputs));
    }

    private static OnnxModel ProductToFloat()
    {
        var m = New();
        var x = m.Node("QuantizeLinear", ["x", m.Scalar(InputScale), m.Zero(false, 120)]);
        return m.Parse(m.Other(
            Microsoft,
            "MatMulIntegerToFloat",
            [
                x, m.Bytes(true, Integers(1, Inputs * Outputs), Inputs, Outputs), m.Scalar(InputScale), m.Constant(Scales(Outputs, true), Outputs), m.Zero(false, 120),
                m.Bytes(true, new int[Outputs], Outputs), m.Constant(Bias(Outputs), Outputs),
            ]));
    }

    private static OnnxModel Quant(string domain, int weightBits, int bits, bool isNarrow, bool isPerChannel = false)
    {
        var m = New();
        var limit = (1 << (weightBits - 1)) - 1;
        string Of(string x, double scale, int width, bool isSigned, string? scales = null) => m.Other(
            domain, "Quant", [x, scales ?? m.Scalar(scale), m.Scalar(0), m.Scalar(width)],
            ("signed", isSigned ? 1 : 0), ("narrow", isNarrow && isSigned ? 1 : 0), ("rounding_mode", "ROUND"));
        string Matrix(int seed, int k, int n)
        {
            float[] values = [.. Integers(seed, k * n, limit).Select((q, i) => q * (float)(isPerChannel ? ChannelScale(i % n) : WeightScale))];
            return Of(m.Constant(values, k, n), WeightScale, weightBits, true, isPerChannel ? m.Constant(Scales(n, true), 1, n) : null);
        }

        var (step, after) = bits == 8 ? (InputScale, HiddenScale) : (0.2087, 0.0531);
        var hidden = m.Node("Relu", [Biased(m, m.Node("MatMul", [Of("x", step, bits, true), Matrix(1, Inputs, Hidden)]), Hidden, step * WeightScale)]);
        return m.Parse(Biased(m, m.Node("MatMul", [Of(hidden, after, bits, false), Matrix(2, Hidden, Outputs)]), Outputs, after * WeightScale));
    }

    /// <summary>Brevitas' QuantizeLinear, Clip, DequantizeLinear; weights as float constants that are quantized in the graph.</summary>
    private static OnnxModel Qcdq()
    {
        var m = New();
        string Of(string x, double scale, int limit)
        {
            string[] parameters = [m.Scalar(scale), m.Zero(true, 0)];
            var clipped = m.Node("Clip", [m.Node("QuantizeLinear", [x, .. parameters]), m.Bytes(true, [-limit]), m.Bytes(true, [limit])]);
            return m.Node("DequantizeLinear", [clipped, .. parameters]);
        }

        string Matrix(int seed, int k, int n) =>
            Of(m.Constant([.. Integers(seed, k * n, 7).Select(q => q * 0.1f)], k, n), 0.1, 7);
        var hidden = Of(Biased(m, m.Node("MatMul", [Of("x", InputScale, 127), Matrix(1, Inputs, Hidden)]), Hidden, InputScale * 0.1), 0.2513, 7);
        return m.Parse(Biased(m, m.Node("MatMul", [hidden, Matrix(2, Hidden, Outputs)]), Outputs, 0.02513));
    }

    private static OnnxModel Portable()
    {
        var m = New();
        string Of(string x, double scale, double limit)
        {
            var step = m.Scalar(scale);
            var rounded = m.Node("Round", [m.Node("Div", [x, step])]);
            return m.Node("Mul", [m.Node("Clip", [rounded, m.Scalar(-limit), m.Scalar(limit)]), step]);
        }

        var x = Of("x", 0.0001, 16319);
        return m.Parse(Of(Biased(m, m.Node("MatMul", [x, Weights(m, 1, Inputs, Outputs, true, 127)]), Outputs), 0.0005, 32767));
    }
}
