using Hil.Contract.Machines;
using Hil.Models.Graphs;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Products of two activations without a softmax between: compiled and emulated, against plain integers, ONNX Runtime and Predict.</summary>
public sealed class ProductsOfActivationsRunOnTheDevice
{
    // Half a step of 8 bits of each of two factors and of the result, as a share of the largest result.
    private const double Tolerance = 0.03;

    // The same of three factors, and of what is between their products. TwoActivationsKeepTheirDerivedBounds holds each tensor to its noise budget.
    private const double ToleranceOfThree = 0.045;

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
    [InlineData("x times transposed y", 1, true, false, false, false)]
    [InlineData("x times y", 1, false, false, false, false)]
    [InlineData("scores of three heads", 3, true, true, true, false)]
    [InlineData("heads times weights below each other", 3, false, true, false, true)]
    [InlineData("batches below each other", 3, true, false, false, false)]
    [InlineData("one factor for all batches", 1, true, false, false, false)]
    public void Batches_are_read_where_they_lie(string name, int batches, bool isTransposed, bool isLeftBeside, bool isRightBeside, bool isOutputBeside)
    {
        var run = Make(name);
        var product = run.Graph.Layers.OfType<ActivationProduct>().Last();

        Assert.Equal(
            (batches, isTransposed, isLeftBeside, isRightBeside, isOutputBeside),
            (product.Batches, product.IsTransposed, product.IsLeftBeside, product.IsRightBeside, product.IsOutputBeside));
        Assert.DoesNotContain(run.Graph.Layers, l => l is GatherRows);
    }

    [Fact]
    public void A_factor_on_either_side_or_on_the_result_is_the_products_own()
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        var scaled = m.Node("Div", [m.Node("MatMul", [m.Node("Mul", [Linear(m, 1, 7), m.Number(6)]), Swapped(m, m.Node("Mul", [m.Number(0.5), Linear(m, 2, 7)]))]), m.Number(4)]);
        var run = new OperatorRun(m.Parse(m.Node("Add", [scaled, Linear(m, 3, Rows)])), Samples(1, Rows * Columns));

        Assert.Equal(0.75, Assert.Single(run.Graph.Layers.OfType<ActivationProduct>()).Factor, 6);
    }

    [Fact]
    public void An_attention_stays_an_attention()
    {
        var m = new TinyModel("x", 1, Rows, Columns);
        var scores = m.Node("Add", [m.Node("Mul", [Scores(m, 3), m.Number(0.5)]), Weights(m, 5, 1, 3, Rows, Rows)]);
        var run = new OperatorRun(m.Parse(Merged(m, m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), Heads(m, Linear(m, 3, Columns), 3)]), Columns)), Samples(1, Rows * Columns));

        Assert.IsType<Attention>(Assert.Single(run.Graph.Layers, l => l is Attention or ActivationProduct));
    }

    private static readonly Dictionary<string, Func<TinyModel, string>> Models = new()
    {
        ["x times transposed y"] = m => m.Node("MatMul", [Linear(m, 1, 7), Swapped(m, Linear(m, 2, 7))]),
        ["transposed x times y"] = m => m.Node("MatMul", [Swapped(m, Linear(m, 1, 7)), Linear(m, 2, 5)]),
        ["x times y"] = m => m.Node("MatMul", [Linear(m, 1, Rows), Linear(m, 2, 5)]),
        ["the input by itself"] = m => m.Node("MatMul", ["x", Swapped(m, "x")]),
        ["a sum longer than a weight slot"] = m => m.Node("MatMul", [Linear(m, 1, 1100), Swapped(m, Linear(m, 2, 1100))]),
        ["more columns than the array"] = m => m.Node("MatMul", [Linear(m, 1, Rows), Linear(m, 2, 70)]),
        ["a constant times x"] = m => m.Node("MatMul", [Weights(m, 1, 1, 5, Rows), "x"]),
        ["x times a vector that a layer gives"] = m => m.Node("MatMul", [
            Linear(m, 1, 7), m.Node("Reshape", [m.Node("MatMul", [m.Node("ReduceMean", ["x"], ("axes", new long[] { 1 })), Weights(m, 2, Columns, 7)]), m.Integers(7)])]),
        ["Gemm of two activations, both transposed, and a third added"] = m => m.Node(
            "Gemm",
            [
                m.Node("Reshape", [Linear(m, 1, 7), m.Integers(Rows, 7)]), m.Node("Reshape", [Linear(m, 2, Rows), m.Integers(Rows, Rows)]),
                m.Node("MatMul", [m.Node("Transpose", [m.Node("Reshape", [Linear(m, 4, 7), m.Integers(Rows, 7)])], ("perm", new long[] { 1, 0 })), Weights(m, 3, Rows, Rows)]),
            ],
            ("transA", 1), ("transB", 1), ("alpha", 0.5f), ("beta", -1.5f)),
        ["scaled, with the sign of a difference"] = m => m.Node("Mul", [m.Node("MatMul", [m.Node("Neg", [Linear(m, 1, 7)]), Swapped(m, Linear(m, 2, 7))]), m.Number(0.3)]),
        ["a product that a layer reads"] = m => m.Node("MatMul", [m.Node("Relu", [m.Node("MatMul", [Linear(m, 1, 7), Swapped(m, Linear(m, 2, 7))])]), Weights(m, 3, Rows, 6)]),
        ["a product onto a stream, normalized"] = m => m.Node("LayerNormalization", [
            m.Node("Add", ["x", m.Node("MatMul", [Linear(m, 1, Rows), Linear(m, 2, Columns)])]), Weights(m, 3, Columns)]),
        ["batches below each other"] = m => m.Node("MatMul", [Thirds(m, Linear(m, 1, 7)), Swapped(m, Thirds(m, Linear(m, 2, 7)))]),
        ["batches below each other, not transposed"] = m => m.Node("MatMul", [Thirds(m, Linear(m, 1, 3)), Thirds(m, Linear(m, 2, 5))]),
        ["one factor for all batches"] = m => m.Node("MatMul", [
            m.Node("Reshape", [Linear(m, 1, 7), m.Integers(3, 3, 7)]), m.Node("Transpose", [m.Node("Squeeze", [Linear(m, 2, 7), m.Integers(0)])], ("perm", new long[] { 1, 0 }))]),
        ["scores of three heads"] = m => Scores(m, 3),
        ["scores of heads, their softmax given"] = m => m.Node("Softmax", [m.Node("Mul", [Scores(m, 2), m.Number(0.2)])], ("axis", -1)),
        ["scores that are given and weigh values"] = m =>
        {
            var scores = m.Node("MatMul", [Linear(m, 1, 7), Swapped(m, Linear(m, 2, 7))]);
            return m.Node("Add", [m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), Linear(m, 3, Rows)]), scores]);
        },
        ["heads times weights below each other"] = m => Merged(m, LinearAttention(m, 3, Columns, hasLayerAfter: false), Columns),
        ["heads of odd size, whole after it"] = m => m.Node("Add", ["x", Merged(m, LinearAttention(m, 2, Columns, hasLayerAfter: false), Columns)]),
        ["linear attention"] = m => m.Node("Add", ["x", m.Node("MatMul", [Merged(m, LinearAttention(m, 3, 15, hasLayerAfter: true), 15), Weights(m, 9, 15, Columns)])]),
        ["bilinear pooling"] = m =>
        {
            var pooled = m.Node("MatMul", [Swapped(m, m.Node("Relu", [Linear(m, 1, 6)])), m.Node("Tanh", [Linear(m, 2, 5)])]);
            return m.Node("MatMul", [m.Node("Reshape", [m.Node("Mul", [pooled, m.Number(1.0 / Rows)]), m.Integers(1, 30)]), Weights(m, 3, 30, 4)]);
        },
        ["attention of heads that share one tensor"] = m =>
        {
            string Part() => Heads(m, "x", 2);
            var scores = m.Node("Mul", [m.Node("MatMul", [Part(), m.Node("Transpose", [Part()], ("perm", new long[] { 0, 1, 3, 2 }))]), m.Number(0.4)]);
            return Merged(m, m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), Part()]), Columns);
        },
        ["attention of odd heads onto the stream"] = m => m.Node("Add", ["x", Attended(m, 4)]),
        ["attention of odd heads, of which one row goes on"] = m => m.Node("MatMul", [m.Node("Slice", [Attended(m, 4), m.Integers(2), m.Integers(3), m.Integers(1)]), Weights(m, 9, Columns, 5)]),
    };

    private static double Bound(string name) => name is "linear attention" || name.StartsWith("heads", StringComparison.Ordinal) ? ToleranceOfThree : Tolerance;

    private static string Linear(TinyModel m, int seed, int columns) => m.Node("MatMul", ["x", Weights(m, seed, Columns, columns)]);

    private static string Swapped(TinyModel m, string x) => m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));

    private static string Thirds(TinyModel m, string x) => m.Node("Reshape", [x, m.Integers(3, 3, -1)]);

    private static string Heads(TinyModel m, string x, int heads) =>
        m.Node("Transpose", [m.Node("Reshape", [x, m.Integers(1, Rows, heads, -1)])], ("perm", new long[] { 0, 2, 1, 3 }));

    private static string Merged(TinyModel m, string heads, int columns) =>
        m.Node("Reshape", [m.Node("Transpose", [heads], ("perm", new long[] { 0, 2, 1, 3 })), m.Integers(1, Rows, columns)]);

    private static string Scores(TinyModel m, int heads) =>
        m.Node("MatMul", [Heads(m, Linear(m, 1, Columns), heads), m.Node("Transpose", [Heads(m, Linear(m, 2, Columns), heads)], ("perm", new long[] { 0, 1, 3, 2 }))]);

    private static string Attended(TinyModel m, int heads) => Merged(
        m, m.Node("MatMul", [m.Node("Softmax", [m.Node("Mul", [Scores(m, heads), m.Number(0.3)])], ("axis", -1)), Heads(m, Linear(m, 3, Columns), heads)]), Columns);

    /// <summary>φ(q)·(φ(k)ᵀ·v)/n with φ a rectified linear layer.</summary>
    private static string LinearAttention(TinyModel m, int heads, int columns, bool hasLayerAfter)
    {
        string Feature(int seed) => Heads(m, m.Node("Relu", [Linear(m, seed, columns)]), heads);
        var context = m.Node("MatMul", [m.Node("Transpose", [Feature(2)], ("perm", new long[] { 0, 1, 3, 2 })), Heads(m, Linear(m, 3, columns), heads)]);
        return m.Node("MatMul", [Feature(1), m.Node("Mul", [context, m.Number(hasLayerAfter ? 1.0 / Rows : 0.5)])]);
    }
}
