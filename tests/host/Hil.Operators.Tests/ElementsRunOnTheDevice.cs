using Hil.Models.Onnx;
using Hil.Models.Tests.Import.Quantized;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Element-wise layers and softmax outside of attention, compiled and emulated, against ONNX Runtime; their cycles against Predict.</summary>
public sealed class ElementsRunOnTheDevice
{
    // Half a step of an argument of 8 bits, and half a step of the result.
    private const double Tolerance = 0.03;

    private const int Rows = 9;
    private const int Columns = 20;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Tolerance));

    internal static OperatorRun Make(string name)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        return new OperatorRun(m.Parse(Models[name](m)), Samples(1, Rows * Columns));
    }

    public static TheoryData<string, string> Cases() => Suite.Cases(Models.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_give_what_the_float_model_gives_in_the_predicted_time(string name, string machineName)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        Suite.Run(m.Parse(Models[name](m)), Rows * Columns, machineName, Tolerance);
    }

    private static readonly Dictionary<string, Func<TinyModel, string>> Models = new()
    {
        ["a function of the input"] = m => m.Node("Exp", [m.Node("Mul", ["x", m.Number(2)])]),
        ["rectified"] = m => m.Node("Relu", ["x"]),
        ["error function"] = m => m.Node("Erf", [m.Node("Mul", ["x", m.Number(2)])]),
        ["a function after a linear layer"] = m => m.Node("Softsign", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 12)])]),
        ["a function after a linear layer, scaled and then biased"] = m => m.Node(
            "Tanh", [m.Node("Add", [m.Node("Mul", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 12)]), m.Number(-0.5)]), Weights(m, 2, 12)])]),
        ["scale and offset a column"] = m => m.Node("Add", [m.Node("Mul", ["x", Weights(m, 1, Columns)]), Weights(m, 2, Columns)]),
        ["the sum of two activated tensors"] = m => m.Node("Add", [m.Node("Relu", ["x"]), m.Node("Tanh", ["x"])]),
        ["the sum of two activated layers, scaled"] = m => m.Node("Add", [
            m.Node("Mul", [m.Node("Relu", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 12)])]), m.Number(0.5)]),
            m.Node("Mul", [m.Node("Tanh", [m.Node("MatMul", ["x", Weights(m, 2, Columns, 12)])]), m.Number(2)]),
        ]),
        ["the difference of a tensor and what a layer makes of it"] = m => m.Node("Sub", ["x", m.Node("MatMul", ["x", Weights(m, 1, Columns, Columns)])]),
        ["a constant of the tensor's shape"] = m => m.Node("Sub", [Weights(m, 1, Rows, Columns), "x"]),
        ["layer normalization of numbers far below its epsilon"] = m => m.Node("LayerNormalization", [
            m.Node("MatMul", ["x", m.Constant([.. Samples(3, Columns * Columns).Select(w => w * 1e-4f)], Columns, Columns)]), Weights(m, 1, Columns)],
            ("epsilon", 1e-5f)),
        // Of six rows: the small board has parameters for so many columns.
        ["layer normalization over two axes"] = m => m.Node(
            "LayerNormalization",
            [m.Node("Slice", ["x", m.Integers(0), m.Integers(6), m.Integers(1)]), Weights(m, 1, 6, Columns), Weights(m, 2, 6, Columns)], ("axis", 1)),
        ["a matrix of weights for each three rows"] = m => m.Node(
            "MatMul", [m.Node("Reshape", ["x", m.Integers(3, 3, Columns)]), Weights(m, 1, 3, Columns, 7)]),
        ["one row times three matrices"] = m => m.Node(
            "MatMul", [m.Node("ReduceMean", ["x"], ("axes", new long[] { 1 })), Weights(m, 1, 3, Columns, 7)]),
        ["the larger of a tensor and a constant a column"] = m => m.Node("Max", ["x", Weights(m, 1, Columns)]),
        ["a power a column, after a linear layer"] = m => m.Node(
            "Pow", [m.Node("Relu", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 6)])]), m.Constant([1, 2, 0.5f, 2, 3, 1], 6)]),
        ["a power an element"] = m => m.Node(
            "Pow", [m.Node("Abs", ["x"]), m.Constant([.. Enumerable.Range(0, Rows * Columns).Select(i => 0.5f * (2 + (i * 7 % 6)))], Rows, Columns)]),
        ["a scale of each element, then an offset of each"] = m => m.Node("Add", [m.Node("Mul", ["x", Weights(m, 1, Rows, Columns)]), Weights(m, 2, Rows, Columns)]),
        ["a function written as its table"] = m => m.Node(
            "DequantizeLinear",
            [
                m.Node("Gather", [
                    m.Bytes(true, [.. Enumerable.Range(0, 256).Select(i => (int)Math.Round(90 * Math.Sin((i < 128 ? i : i - 256) / 40.0)))], 256),
                    m.Node("Cast", [m.Node("QuantizeLinear", ["x", m.Scalar(1 / 120.0), m.Zero(true, 0)])], ("to", 6)),
                ], ("axis", 0)),
                m.Scalar(1 / 90.0), m.Zero(true, 0),
            ]),
        ["softmax of the rows"] = m => m.Node("Softmax", [m.Node("Mul", ["x", m.Number(3)])], ("axis", -1)),
    };
}
