using Hil.Contract.Machines;
using Hil.Models.Graphs;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>
/// Products of two activations element by element, and sums and products that repeat a tensor: compiled and emulated, against plain integers, ONNX Runtime
/// and Predict.
/// </summary>
public sealed class GatesRunOnTheDevice
{
    // Two squares x²/4, x to ±R, each off by half a step of its index and of itself: 2·R²·(1/510 + 1/2040), where the largest product p is a quarter to one and
    // R² is 2 + 2p. That is 5 % of p at a quarter; one step of 8 bits is for the layers around. This is the
    // coarse judge of whole models; TwoActivationsKeepTheirDerivedBounds holds each gate to the bound itself, and each tensor to its noise budget.
    private const double Tolerance = 0.06;

    // Without squares: what the layers around round.
    private const double ToleranceOfSums = 0.03;

    private const int Rows = 9;
    private const int Columns = 12;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Bound(name)));

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
        Suite.Run(m.Parse(Models[name](m)), Rows * Columns, machineName, Bound(name));
    }

    [Theory]
    [InlineData(0.5, 3.0, 1.5)]
    [InlineData(-2.0, 1.0, -2.0)]
    public void Factors_on_either_side_are_the_gates_own(double left, double right, double factor)
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        var norm = m.Node("LayerNormalization", [Linear(m, 1), Weights(m, 4, Columns)]);
        var gate = m.Node("Mul", [m.Node("Mul", ["x", m.Number(left)]), m.Node("Mul", [m.Number(right), norm])]);
        var run = new OperatorRun(m.Parse(gate), Samples(1, Rows * Columns));

        Assert.Equal(factor, Assert.Single(run.Graph.Layers.OfType<ElementProduct>()).Factor, 1e-9);
        Assert.InRange(run.Error(MachineFile.Bundled("icebreaker")), 0, Tolerance);
    }

    [Fact]
    public void A_tensor_by_itself_or_by_a_function_of_itself_is_a_table()
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        var y = Linear(m, 1);
        var run = new OperatorRun(m.Parse(m.Node("Mul", [m.Node("Mul", [y, y]), m.Node("Sigmoid", [y])])), Samples(1, Rows * Columns));

        Assert.IsType<Product>(Assert.Single(run.Graph.Layers));
    }

    private static readonly Dictionary<string, Func<TinyModel, string>> Models = new()
    {
        ["SwiGLU between two layers"] = m => m.Node("MatMul", [Gate(m, Silu(m, Linear(m, 1)), Linear(m, 2)), Weights(m, 3, Columns, 7)]),
        ["GLU of the halves of one layer"] = m =>
        {
            var both = m.Node("MatMul", ["x", Weights(m, 1, Columns, 2 * Columns)]);
            string Half(int first) => m.Node("Slice", [both, m.Integers(first), m.Integers(first + Columns), m.Integers(2)]);
            return Gate(m, Half(0), m.Node("Sigmoid", [Half(Columns)]));
        },
        ["a bilinear gate onto the stream, normalized"] = m => m.Node(
            "LayerNormalization", [m.Node("Add", ["x", m.Node("MatMul", [Gate(m, m.Node("Tanh", [Linear(m, 1)]), Linear(m, 2)), Weights(m, 3, Columns, Columns)])]), Weights(m, 4, Columns)]),
        ["attention with a gate on what it gives"] = m =>
        {
            var scores = m.Node("Mul", [m.Node("MatMul", [Linear(m, 1), m.Node("Transpose", [Linear(m, 2)], ("perm", new long[] { 0, 2, 1 }))]), m.Number(0.3)]);
            return Gate(m, m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), Linear(m, 3)]), m.Node("Sigmoid", [Linear(m, 4)]));
        },
        ["the input gated by a layer"] = m => Gate(m, m.Node("Tanh", [Linear(m, 1)]), "x"),
        ["a product of three"] = m => Gate(m, Gate(m, Linear(m, 1), m.Node("Sigmoid", [Linear(m, 2)])), m.Node("Sigmoid", [Linear(m, 3)])),
        ["channels first, gated and transposed"] = m =>
        {
            string Turned(string x) => m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));
            return Turned(Gate(m, Turned(Linear(m, 1)), m.Node("Sigmoid", [Turned(Linear(m, 2))])));
        },
        ["columns weighed by what their mean gives"] = m =>
            Gate(m, Linear(m, 1), m.Node("Sigmoid", [m.Node("MatMul", [m.Node("ReduceMean", ["x"], ("axes", new long[] { 1 })), Weights(m, 2, Columns, Columns)])])),
        ["rows weighed by a score each"] = m => Gate(m, Linear(m, 1), m.Node("Sigmoid", [m.Node("MatMul", ["x", Weights(m, 2, Columns, 1)])])),
        ["one row added to all"] = m => m.Node(
            "Add", [Linear(m, 1), m.Node("MatMul", [m.Node("Slice", ["x", m.Integers(0), m.Integers(1), m.Integers(1)]), Weights(m, 2, Columns, Columns)])]),
        ["all rows taken from one"] = m => m.Node("Sub", [m.Node("MatMul", [m.Node("ReduceMean", ["x"], ("axes", new long[] { 1 })), Weights(m, 2, Columns, Columns)]), Linear(m, 1)]),
        ["one row of an embedding of lower rank added to all"] = m => m.Node(
            "Add", [m.Node("MatMul", [m.Node("Reshape", [m.Node("ReduceMean", ["x"], ("axes", new long[] { 1 })), m.Integers(1, Columns)]), Weights(m, 2, Columns, Columns)]), Linear(m, 1)]),
        ["a column added to all"] = m => m.Node("Add", [Linear(m, 1), m.Node("MatMul", ["x", Weights(m, 2, Columns, 1)])]),
    };

    private static double Bound(string name) => name.Contains("added", StringComparison.Ordinal) || name.Contains("taken", StringComparison.Ordinal) ? ToleranceOfSums : Tolerance;

    private static string Linear(TinyModel m, int seed) => m.Node("MatMul", ["x", Weights(m, seed, Columns, Columns)]);

    private static string Gate(TinyModel m, string a, string b) => m.Node("Mul", [a, b]);

    private static string Silu(TinyModel m, string x) => m.Node("Mul", [x, m.Node("Sigmoid", [x])]);
}
