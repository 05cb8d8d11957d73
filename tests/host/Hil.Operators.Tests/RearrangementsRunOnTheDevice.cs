using Hil.Models.Onnx;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Elements brought to other places, compiled and emulated, against ONNX Runtime; their cycles against Predict.</summary>
public sealed class RearrangementsRunOnTheDevice
{
    // A few steps of 8 bits: of the tensors between, and of the output.
    private const double Tolerance = 0.02;

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

    private static string Even(TinyModel m) =>
        m.Node("Less", [m.Constant([.. Enumerable.Range(0, Rows).Select(r => r % 2f)], 1, Rows, 1), m.Number(0.5)]);

    private static readonly Dictionary<string, Func<TinyModel, string>> Models = new()
    {
        ["transposed between two linear layers"] = m => m.Node("MatMul", [
            m.Node("Transpose", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 18)])], ("perm", new long[] { 0, 2, 1 })), Weights(m, 2, Rows, 5)]),
        ["a linear layer, transposed at the end"] = m => m.Node("Transpose", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 18)])], ("perm", new long[] { 0, 2, 1 })),
        ["a function of channels first, transposed at the end"] = m => m.Node(
            "Transpose",
            [m.Node("Relu", [m.Node("Transpose", [m.Node("MatMul", ["x", Weights(m, 1, Columns, 18)])], ("perm", new long[] { 0, 2, 1 }))])],
            ("perm", new long[] { 0, 2, 1 })),
        ["every second row, backwards"] = m => m.Node("Mul", [
            m.Node("Slice", ["x", m.Integers(8), m.Integers(-100), m.Integers(1), m.Integers(-2)]), m.Number(2)]),
        ["columns from the middle"] = m => m.Node("MatMul", [
            m.Node("Slice", [m.Node("Relu", ["x"]), m.Integers(3), m.Integers(14), m.Integers(2)]), Weights(m, 1, 11, 6)]),
        ["chosen rows"] = m => m.Node("Relu", [m.Node("Gather", ["x", m.Integers(5, 0, 0, 8)], ("axis", 1))]),
        ["two tensors side by side"] = m => m.Node("Concat", [m.Node("Relu", ["x"]), m.Node("MatMul", ["x", Weights(m, 1, Columns, 7)])], ("axis", 2)),
        ["two tensors one above the other"] = m => m.Node("Concat", [m.Node("MatMul", ["x", Weights(m, 1, Columns, Columns)]), "x"], ("axis", 1)),
        ["two rows merged to one"] = m => m.Node("MatMul", [
            m.Node("Reshape", [m.Node("Slice", ["x", m.Integers(1), m.Integers(9), m.Integers(1)]), m.Integers(1, 4, 2 * Columns)]), Weights(m, 1, 2 * Columns, 6)]),
        ["a row split in two"] = m => m.Node("MatMul", [m.Node("Reshape", ["x", m.Integers(1, 2 * Rows, Columns / 2)]), Weights(m, 1, Columns / 2, 6)]),
        ["all rows flattened"] = m => m.Node("MatMul", [m.Node("Reshape", [m.Node("Relu", ["x"]), m.Integers(1, Rows * Columns)]), Weights(m, 1, Rows * Columns, 4)]),
        ["zeros around an image"] = m => m.Node("MatMul", [
            m.Node("Reshape", [
                m.Node("Pad", [m.Node("Reshape", [m.Node("Relu", ["x"]), m.Integers(1, 3, 3, Columns)]), m.Integers(0, 0, 1, 0, 0, 1, 0, 0)]),
                m.Integers(1, 16, Columns)]),
            Weights(m, 1, Columns, 6)]),
        ["a number above and below"] = m =>
        {
            m.Proto.OpsetImport[0].Version = 18;
            return m.Node("MatMul", [m.Node("Pad", ["x", m.Integers(2, 3), m.Number(0.5), m.Integers(-2)]), Weights(m, 1, Columns, 6)]);
        },
        ["Where by a constant, rows of one of two tensors"] = m => m.Node("Where", [Even(m), m.Node("Relu", ["x"]), m.Node("MatMul", ["x", Weights(m, 1, Columns, Columns)])]),
        ["Where by a constant, a constant row for some"] = m => m.Node("MatMul", [m.Node("Where", [Even(m), "x", Weights(m, 2, Columns)]), Weights(m, 1, Columns, 6)]),
        ["repeated rows"] = m => m.Node("Expand", [m.Node("Slice", ["x", m.Integers(2), m.Integers(3), m.Integers(1)]), m.Integers(1, 5, Columns)]),
    };
}
