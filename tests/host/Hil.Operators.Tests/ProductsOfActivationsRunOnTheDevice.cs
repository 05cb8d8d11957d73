using Hil.Contract.Machines;
using Hil.Models.Graphs;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Products of two activations without a softmax between: compiled and emulated, against plain integers, ONNX Runtime and Predict.</summary>
public sealed class ProductsOfActivationsRunOnTheDevice
{
    // Half a step of 8 bits of both factors, as a share of the largest result.
    private const double Tolerance = 0.03;

    private const int Rows = 9;
    private const int Columns = 12;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Tolerance));

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
        ["x times transposed y"] = m => m.Node("MatMul", [Linear(m, 1, 7), Swapped(m, Linear(m, 2, 7))]),
        ["transposed x times y"] = m => m.Node("MatMul", [Swapped(m, Linear(m, 1, 7)), Linear(m, 2, 5)]),
        ["x times y"] = m => m.Node("MatMul", [Linear(m, 1, Rows), Linear(m, 2, 5)]),
        ["the input by itself"] = m => m.Node("MatMul", ["x", Swapped(m, "x")]),
    };

    private static string Linear(TinyModel m, int seed, int columns) => m.Node("MatMul", ["x", Weights(m, seed, Columns, columns)]);

    private static string Swapped(TinyModel m, string x) => m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));
}
