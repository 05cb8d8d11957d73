using Hil.Models.Onnx;
using Hil.Models.Tests.Import.Quantized;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>
/// Operators of quantized models with their own scales, compiled and emulated, against ONNX Runtime, which runs the integers of the same file; every tensor
/// against plain integers; their cycles against Predict.
/// </summary>
public sealed class QuantizedOperatorsRunOnTheDevice
{
    // Two steps of an output of 8 bits that uses most of its range: its own rounding, and that of the tensor before.
    private const double Tolerance = 0.02;

    private const string Microsoft = "com.microsoft";
    private const int Rows = 9;
    private const int Columns = 16;

    /// <summary>Scales of the input, of weights, of what a product gives, and of what follows it; all elements are uint8 but the weights.</summary>
    private static readonly (double Scale, int Zero) Input = (1 / 127.0, 128);
    private static readonly (double Scale, int Zero) Hidden = (0.035, 120);
    private const double WeightScale = 1 / 120.0;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Bound(name)));

    public static TheoryData<string, string> Cases() => Suite.Cases(Models.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_give_what_the_integers_give_in_the_predicted_time(string name, string machineName)
    {
        var (model, samples) = Models[name]();
        Suite.Run(model, samples, machineName, Bound(name));
    }

    private static readonly Dictionary<string, Func<(OnnxModel Model, float[][] Samples)>> Models = new()
    {
        ["QLinearConv, a scale a channel, bias, padded"] = () => Image(m =>
        {
            float[] scales = [.. Enumerable.Range(0, 6).Select(c => (float)(WeightScale * (1 + (0.2 * c))))];
            int[] bias = [.. Enumerable.Range(0, 6).Select(c => (int)Math.Round(0.5 * Math.Sin(c) / (Input.Scale * scales[c])))];
            var y = m.Node(
                "QLinearConv",
                [
                    Quantized(m, "x", Input), .. Of(m, Input), m.Bytes(true, Elements(1, 6 * 3 * 9), 6, 3, 3, 3), m.Constant(scales, 6), m.Bytes(true, new int[6], 6),
                    .. Of(m, Hidden), m.Ints(bias, 6),
                ],
                ("pads", new long[] { 1, 1, 1, 1 }));
            return Dequantized(m, y, Hidden);
        }),
        ["QLinearConv and QLinearGlobalAveragePool"] = () => Image(m =>
        {
            var y = m.Node(
                "QLinearConv",
                [Quantized(m, "x", Input), .. Of(m, Input), m.Bytes(true, Elements(1, 5 * 3 * 4), 5, 3, 2, 2), m.Scalar(WeightScale), m.Zero(true, 0), .. Of(m, Hidden)],
                ("strides", new long[] { 2, 2 }));
            var mean = m.Other(Microsoft, "QLinearGlobalAveragePool", [y, .. Of(m, Hidden), .. Of(m, (0.006, 110))], ("channels_last", 0));
            return Dequantized(m, mean, (0.006, 110));
        }),
        ["QLinearConv, a maximum pool of its elements"] = () => Image(m =>
        {
            var y = m.Node(
                "QLinearConv",
                [Quantized(m, "x", Input), .. Of(m, Input), m.Bytes(true, Elements(1, 5 * 3), 5, 3, 1, 1), m.Scalar(WeightScale), m.Zero(true, 0), .. Of(m, (0.02, 120))]);
            return Dequantized(m, m.Node("MaxPool", [y], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })), (0.02, 120));
        }),
        ["QLinearAdd of two products"] = () => Sequence(m =>
            Dequantized(m, m.Other(Microsoft, "QLinearAdd", [Product(m, 1), .. Of(m, Hidden), Product(m, 2), .. Of(m, Hidden), .. Of(m, (0.05, 128))]), (0.05, 128))),
        ["QLinearMul by a constant row"] = () => Sequence(m => Dequantized(
            m,
            m.Other(
                Microsoft, "QLinearMul",
                [Product(m, 1), .. Of(m, Hidden), m.Bytes(false, [.. Elements(3, Columns).Select(e => e + 128)], Columns), .. Of(m, (0.01, 128)), .. Of(m, (0.04, 128))]),
            (0.04, 128))),
        ["QLinearSigmoid"] = () => Sequence(m =>
            Dequantized(m, m.Other(Microsoft, "QLinearSigmoid", [Product(m, 1), .. Of(m, Hidden), .. Of(m, (1 / 256.0, 0))]), (1 / 256.0, 0))),
        ["QLinearLeakyRelu"] = () => Sequence(m =>
            Dequantized(m, m.Other(Microsoft, "QLinearLeakyRelu", [Product(m, 1), .. Of(m, Hidden), .. Of(m, (0.02, 40))], ("alpha", 0.1f)), (0.02, 40))),
        ["QLinearSoftmax"] = () => Sequence(m => Dequantized(
            m, m.Other(Microsoft, "QLinearSoftmax", [Product(m, 1), .. Of(m, Hidden), .. Of(m, (1 / 256.0, 0))], ("axis", -1), ("opset", 13)), (1 / 256.0, 0))),
        ["QLinearConcat of two products"] = () => Sequence(m =>
            Dequantized(m, m.Other(Microsoft, "QLinearConcat", [.. Of(m, Hidden), Product(m, 1), .. Of(m, Hidden), Product(m, 2), .. Of(m, Hidden)], ("axis", 2)), Hidden)),
        ["weights of int4, a scale a column"] = () => Sequence(
            m => m.Node("MatMul", [m.Qdq("x", Input.Scale), m.Node("DequantizeLinear", [m.Nibbles(Elements(1, Columns * 6, 7), Columns, 6), Scales(m, 6)], ("axis", 1))]), 21),
        ["weights of int4, a scale a block of four rows"] = () => Sequence(
            m => m.Node(
                "MatMul",
                [
                    m.Qdq("x", Input.Scale),
                    m.Node("DequantizeLinear", [m.Nibbles(Elements(1, Columns * 6, 7), Columns, 6), Scales(m, Columns / 4, 6)], ("axis", 0), ("block_size", 4)),
                ]),
            21),
        ["a scale a column, taken in by the layers around"] = () => Sequence(m => Layer(m, m.Node("Add", [Layer(m, "x", 1), m.Constant(Samples(5, Columns), Columns)]), 2, -1)),
        ["a scale a column of a normalization, read by two layers"] = () => Sequence(m =>
        {
            var x = ByChannel(m, m.Node("LayerNormalization", ["x", m.Constant(Samples(5, Columns), Columns), m.Constant(Samples(6, Columns), Columns)], ("axis", -1)), 2);
            return m.Node("Add", [m.Node("MatMul", [x, Dense(m, 1)]), m.Node("MatMul", [x, Dense(m, 2)])]);
        }),
        ["a scale a column of what an activation gives: one is kept"] = () => Sequence(m => Layer(m, m.Node("Relu", [Layer(m, "x", 1)]), 2, -1)),
        ["a scale a row: one is kept"] = () => Sequence(m => Layer(m, Layer(m, "x", 1), 2, 1)),
        ["an input of uint8"] = () => Bytes(m => m.Node(
            "MatMul", [m.Node("DequantizeLinear", ["x", .. Of(m, Input)]), m.Node("DequantizeLinear", [Matrix(m, 1), m.Scalar(WeightScale), m.Zero(true, 0)])])),
        ["an input of uint8, multiplied as integers"] = () => Bytes(m => m.Node(
            "Mul", [m.Node("Cast", [m.Node("MatMulInteger", ["x", Matrix(m, 1), m.Zero(false, 128)])], ("to", 1)), m.Number(Input.Scale * WeightScale)])),
    };

    // A step of what keeps one scale is that of its coarsest channel.
    private static double Bound(string name) => name.EndsWith("one is kept", StringComparison.Ordinal) ? 1.5 * Tolerance : Tolerance;

    private static string[] Of(TinyModel m, (double Scale, int Zero) q) => [m.Scalar(q.Scale), m.Zero(false, q.Zero)];

    private static string Quantized(TinyModel m, string x, (double Scale, int Zero) q) => m.Node("QuantizeLinear", [x, .. Of(m, q)]);

    private static string Dequantized(TinyModel m, string elements, (double Scale, int Zero) q) => m.Node("DequantizeLinear", [elements, .. Of(m, q)]);

    private static int[] Elements(int seed, int count, int limit = 127) => [.. Samples(seed, count).Select(v => (int)Math.Round(limit * v))];

    private static string Matrix(TinyModel m, int seed) => m.Bytes(true, Elements(seed, Columns * Columns), Columns, Columns);

    private static string Scales(TinyModel m, params long[] dims) =>
        m.Constant([.. Samples(9, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(v => 0.15f + (0.05f * v))], dims);

    private static string Dense(TinyModel m, int seed) => m.Node("DequantizeLinear", [Matrix(m, seed), m.Scalar(WeightScale), m.Zero(true, 0)]);

    private static string Layer(TinyModel m, string x, int seed, int axis = 0) =>
        m.Node("MatMul", [axis == 0 ? m.Qdq(x, Input.Scale) : ByChannel(m, x, axis), Dense(m, seed)]);

    /// <summary>A quantizer of int8 whose scales lie within a half of each other; along rows, wide enough for nothing to saturate.</summary>
    private static string ByChannel(TinyModel m, string x, int axis)
    {
        var (n, scale) = axis == 1 ? (Rows, 1.5 * Hidden.Scale) : (Columns, Hidden.Scale);
        string[] parameters = [m.Constant([.. Enumerable.Range(0, n).Select(i => (float)(scale * (0.8 + (0.1 * (i % 5)))))], n), m.Bytes(true, new int[n], n)];
        return m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [x, .. parameters], ("axis", axis)), .. parameters], ("axis", axis));
    }

    private static string Product(TinyModel m, int seed) => m.Node(
        "QLinearMatMul", [Quantized(m, "x", Input), .. Of(m, Input), Matrix(m, seed), m.Scalar(WeightScale), m.Zero(true, 0), .. Of(m, Hidden)]);

    private static (OnnxModel Model, float[][] Samples) Sequence(Func<TinyModel, string> build, int opset = 17)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        m.Proto.OpsetImport[0].Version = opset;
        return (m.Parse(build(m)), Floats(Rows * Columns));
    }

    private static (OnnxModel Model, float[][] Samples) Image(Func<TinyModel, string> build)
    {
        var m = new TinyModel("x", 1, 3, 8, 8);
        return (m.Parse(build(m)), Floats(3 * 8 * 8));
    }

    private static (OnnxModel Model, float[][] Samples) Bytes(Func<TinyModel, string> build)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        m.Proto.Graph.Input[0].Type.TensorType.ElemType = TensorData.Uint8;
        return (m.Parse(build(m)), [.. Floats(Rows * Columns).Select(s => s.Select(v => MathF.Round(127.5f + (127.5f * v))).ToArray())]);
    }

    private static float[][] Floats(int count) => [.. Enumerable.Range(1, 3).Select(seed => Samples(seed, count))];
}
