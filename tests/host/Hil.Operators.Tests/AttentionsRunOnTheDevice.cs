using Hil.Contract.Machines;
using Hil.Models.Graphs;
using static Hil.Operators.Tests.Numbers;

namespace Hil.Operators.Tests;

/// <summary>Attention within windows of an image, and pooling of a sequence by learned scores: compiled and emulated, against ONNX Runtime and Predict.</summary>
public sealed class AttentionsRunOnTheDevice
{
    private const double Tolerance = 0.03;

    private const int Side = 4;
    private const int Tokens = Side * Side;
    private const int Width = 8;

    public static IEnumerable<(string Model, double Bound)> Names => Models.Keys.Select(name => (name, Tolerance));

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var machine in new[] { "icebreaker", "arty-a7-100t" })
        {
            foreach (var model in Models.Keys)
            {
                cases.Add(model, machine);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_give_what_the_float_model_gives_in_the_predicted_time(string name, string machineName)
    {
        var run = Run(name);
        var machine = MachineFile.Bundled(machineName);

        Assert.InRange(run.Error(machine), 0, Tolerance);
        Assert.Empty(run.Mispredicted(machine));
    }

    [Theory]
    [InlineData("two by two windows", 4, 2)]
    [InlineData("two by two windows, shifted", 4, 2)]
    [InlineData("two by two windows, each causal", 4, 2)]
    [InlineData("rows as windows, one head", 4, 1)]
    [InlineData("windows of one token", 16, 2)]
    public void Batches_of_products_are_windows_of_one_attention(string name, int windows, int heads)
    {
        var attention = Assert.Single(Run(name).Graph.Layers.OfType<Attention>());

        Assert.Equal((windows, heads), (attention.Windows, attention.Heads));
    }

    [Theory]
    [InlineData("pooled, softmax over tokens, then transposed", 1)]
    [InlineData("pooled, transposed, then softmax", 1)]
    [InlineData("pooled, tokens on the left", 1)]
    [InlineData("pooled, weighted and summed", 1)]
    [InlineData("pooled by a squeezed score, weighted and summed", 1)]
    [InlineData("pooled by three scores", 3)]
    public void A_learned_score_a_token_is_a_constant_query(string name, int queries)
    {
        var graph = Run(name).Graph;
        var attention = Assert.Single(graph.Layers.OfType<Attention>());

        Assert.IsType<ConstantTensor>(graph.Layers.Single(l => l.Output == attention.Query));
        Assert.Equal((queries, Tokens), (graph.Tensors[attention.Query].Rows, graph.Tensors[attention.Key].Rows));
        Assert.DoesNotContain(graph.Layers, l => l is SoftmaxRows);
    }

    [Fact]
    public void A_softmax_of_learned_scores_that_weighs_nothing_stays_a_softmax()
    {
        var m = new TinyModel("x", 1, Tokens, Width);
        var softmax = m.Node("Softmax", [m.Node("MatMul", ["x", Weights(m, 1, Width, 1)])], ("axis", 1));
        var run = new OperatorRun(m.Parse(m.Node("Mul", [softmax, m.Number(2)])), Samples(1, Tokens * Width));

        Assert.Contains(run.Graph.Layers, l => l is SoftmaxRows);
        Assert.InRange(run.Error(MachineFile.Bundled("icebreaker")), 0, Tolerance);
    }

    internal static OperatorRun Run(string name)
    {
        var m = new TinyModel("x", 1, Tokens, Width);
        return new OperatorRun(m.Parse(Models[name](m)), [.. Enumerable.Range(1, 6).Select(seed => Samples(seed, Tokens * Width))]);
    }

    private static readonly Dictionary<string, Func<TinyModel, string>> Models = new()
    {
        ["two by two windows"] = m => Windowed(m, 2, 2, heads: 2),
        ["two by two windows, shifted"] = m => Windowed(m, 2, 2, heads: 2, shift: 1),
        ["two by two windows, each causal"] = m => Windowed(m, 2, 2, heads: 2, isCausal: true),
        ["rows as windows, one head"] = m => Windowed(m, 1, Side, heads: 1),
        ["windows of one token"] = m => Windowed(m, 1, 1, heads: 2),
        ["pooled, softmax over tokens, then transposed"] = m =>
        {
            var tokens = m.Node("Relu", ["x"]);
            var weights = m.Node("Softmax", [m.Node("MatMul", [tokens, Weights(m, 1, Width, 1)])], ("axis", 1));
            return Classified(m, m.Node("Squeeze", [m.Node("MatMul", [Swapped(m, weights), tokens]), m.Integers(1)]));
        },
        ["pooled, transposed, then softmax"] = m =>
        {
            var scores = m.Node("Add", [m.Node("MatMul", ["x", Weights(m, 1, Width, 1)]), m.Number(0.75)]);
            return Classified(m, m.Node("Squeeze", [m.Node("MatMul", [m.Node("Softmax", [Swapped(m, scores)], ("axis", -1)), "x"]), m.Integers(1)]));
        },
        ["pooled, tokens on the left"] = m =>
        {
            var weights = m.Node("Softmax", [m.Node("MatMul", ["x", Weights(m, 1, Width, 1)])], ("axis", 1));
            return Classified(m, m.Node("Reshape", [m.Node("MatMul", [Swapped(m, "x"), weights]), m.Integers(1, Width)]));
        },
        ["pooled, weighted and summed"] = m =>
        {
            var weights = m.Node("Softmax", [m.Node("MatMul", ["x", Weights(m, 1, Width, 1)])], ("axis", 1));
            return Classified(m, m.Node("ReduceSum", [m.Node("Mul", [weights, "x"]), m.Integers(1)], ("keepdims", 0)));
        },
        ["pooled by a squeezed score, weighted and summed"] = m =>
        {
            var scores = m.Node("Squeeze", [m.Node("Add", [m.Node("MatMul", ["x", Weights(m, 1, Width, 1)]), Weights(m, 2, 1)]), m.Integers(-1)]);
            var weights = m.Node("Unsqueeze", [m.Node("Softmax", [scores], ("axis", -1)), m.Integers(-1)]);
            return Classified(m, m.Node("ReduceSum", [m.Node("Mul", ["x", weights]), m.Integers(-2)], ("keepdims", 1)));
        },
        ["pooled by three scores"] = m =>
        {
            var scores = m.Node("Gemm", [m.Node("Reshape", ["x", m.Integers(Tokens, Width)]), Weights(m, 1, Width, 3), Weights(m, 2, 3)]);
            var weights = m.Node("Softmax", [m.Node("Transpose", [scores], ("perm", new long[] { 1, 0 }))], ("axis", 1));
            return Classified(m, m.Node("Reshape", [m.Node("MatMul", [weights, m.Node("Reshape", ["x", m.Integers(Tokens, Width)])]), m.Integers(1, 3, Width)]));
        },
    };

    private static string Classified(TinyModel m, string pooled) => m.Node("MatMul", [pooled, Weights(m, 9, Width, 5)]);

    private static string Swapped(TinyModel m, string x) => m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));

    /// <summary>x + attention within windows of height × width tokens of an image, as Swin transformers spell it.</summary>
    private static string Windowed(TinyModel m, int height, int width, int heads, int shift = 0, bool isCausal = false)
    {
        var (down, across, count, size) = (Side / height, Side / width, height * width, Width / heads);
        var image = m.Node("Reshape", ["x", m.Integers(1, Side, Side, Width)]);
        for (var axis = 1; axis < 3 && shift > 0; axis++)
        {
            image = Rolled(image, axis, shift);
        }

        image = m.Node("Reshape", [image, m.Integers(1, down, height, across, width, Width)]);
        var windows = m.Node("Reshape", [m.Node("Transpose", [image], ("perm", new long[] { 0, 1, 3, 2, 4, 5 })), m.Integers(-1, count, Width)]);
        var qkv = m.Node("Add", [m.Node("MatMul", [windows, Weights(m, 1, Width, 3 * Width)]), Weights(m, 2, 3 * Width)]);
        qkv = m.Node("Transpose", [m.Node("Reshape", [qkv, m.Integers(-1, count, 3, heads, size)])], ("perm", new long[] { 2, 0, 3, 1, 4 }));
        string Part(int i) => m.Node("Squeeze", [m.Node("Gather", [qkv, m.Integers(i)], ("axis", 0)), m.Integers(0)]);
        var scores = m.Node("MatMul", [
            m.Node("Mul", [Part(0), m.Number(1 / Math.Sqrt(size))]), m.Node("Transpose", [Part(1)], ("perm", new long[] { 0, 1, 3, 2 }))]);
        scores = m.Node("Add", [scores, Weights(m, 3, 1, heads, count, count)]);
        if (isCausal)
        {
            scores = m.Node("Add", [scores, m.Constant([.. Enumerable.Range(0, count * count).Select(i => i % count <= i / count ? 0 : float.MinValue)], count, count)]);
        }

        if (shift > 0)
        {
            // The last windows of each axis hold tokens from two borders, which do not see each other.
            float[] mask = [.. Enumerable.Range(0, down * across * count * count).Select(i =>
                Region(i / (count * count), i / count % count) == Region(i / (count * count), i % count) ? 0f : -100f)];
            scores = m.Node("Reshape", [scores, m.Integers(1, down * across, heads, count, count)]);
            scores = m.Node("Reshape", [m.Node("Add", [scores, m.Constant(mask, 1, down * across, 1, count, count)]), m.Integers(-1, heads, count, count)]);
        }

        var context = m.Node("Transpose", [m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), Part(2)])], ("perm", new long[] { 0, 2, 1, 3 }));
        var result = m.Node("MatMul", [m.Node("Reshape", [context, m.Integers(-1, count, Width)]), Weights(m, 4, Width, Width)]);
        result = m.Node("Transpose", [m.Node("Reshape", [result, m.Integers(1, down, across, height, width, Width)])], ("perm", new long[] { 0, 1, 3, 2, 4, 5 }));
        result = m.Node("Reshape", [result, m.Integers(1, Side, Side, Width)]);
        for (var axis = 1; axis < 3 && shift > 0; axis++)
        {
            result = Rolled(result, axis, Side - shift);
        }

        return m.Node("Add", ["x", m.Node("Reshape", [result, m.Integers(1, Tokens, Width)])]);

        (int, int) Region(int window, int token) => (
            Border((window / across * height) + (token / width)), Border((window % across * width) + (token % width)));
        int Border(int at) => at < Side - height ? 0 : at < Side - shift ? 1 : 2;
        string Rolled(string x, int axis, int by) => m.Node(
            "Concat",
            [
                m.Node("Slice", [x, m.Integers(by), m.Integers(Side), m.Integers(axis)]),
                m.Node("Slice", [x, m.Integers(0), m.Integers(by), m.Integers(axis)]),
            ],
            ("axis", axis));
    }
}
