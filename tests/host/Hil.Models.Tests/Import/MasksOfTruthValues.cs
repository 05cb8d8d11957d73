using Hil.Models.Graphs;
using Hil.Models.Import;

namespace Hil.Models.Tests.Import;

/// <summary>The mask of an Attention (operator set 23) is one of truth values or an addend, which its type alone says: whatever computes it.</summary>
public sealed class MasksOfTruthValues
{
    private const int Rows = 4;
    private const int Width = 8;
    private const int Bool = 9;

    private static readonly bool[] Keeps = [.. Enumerable.Range(0, Rows * Rows).Select(i => i % 3 != 0)];

    [Theory]
    [InlineData("Cast")]
    [InlineData("Not")]
    [InlineData("And")]
    [InlineData("Or")]
    [InlineData("Xor")]
    [InlineData("Equal")]
    [InlineData("Greater")]
    [InlineData("GreaterOrEqual")]
    [InlineData("Less")]
    [InlineData("LessOrEqual")]
    [InlineData("IsNaN")]
    [InlineData("Reshape")]
    [InlineData("Transpose")]
    [InlineData("Unsqueeze")]
    [InlineData("Squeeze")]
    [InlineData("Expand")]
    [InlineData("Slice")]
    [InlineData("Identity")]
    public void Keys_that_are_false_do_not_count(string op)
    {
        Attention attention = Masked(m =>
        {
            string Numbers(Func<bool, float> value, params long[] dims) => m.Constant([.. Keeps.Select(value)], dims.Length == 0 ? [Rows, Rows] : dims);
            string Truths(Func<bool, bool> value, params long[] dims) => m.Node("Cast", [Numbers(k => value(k) ? 1 : 0, dims)], ("to", Bool));
            string ones = Numbers(k => k ? 1 : 0), kept = Truths(k => k);
            return op switch
            {
                "Cast" => kept,
                "Not" => m.Node(op, [Truths(k => !k)]),
                "And" => m.Node(op, [kept, Truths(_ => true)]),
                "Or" => m.Node(op, [kept, Truths(_ => false)]),
                "Xor" => m.Node(op, [kept, Truths(_ => false)]),
                "Equal" => m.Node(op, [ones, m.Number(1)]),
                "Greater" => m.Node(op, [ones, m.Number(0)]),
                "GreaterOrEqual" => m.Node(op, [ones, m.Number(1)]),
                "Less" => m.Node(op, [m.Number(0), ones]),
                "LessOrEqual" => m.Node(op, [m.Number(1), ones]),
                "IsNaN" => m.Node(op, [m.Node("Sqrt", [Numbers(k => k ? -1 : 1)])]),
                "Reshape" => m.Node(op, [Truths(k => k, Rows * Rows), m.Integers(Rows, Rows)]),
                "Transpose" => m.Node(op, [m.Node(op, [kept], ("perm", new long[] { 1, 0 }))], ("perm", new long[] { 1, 0 })),
                "Unsqueeze" => m.Node(op, [kept, m.Integers(0)]),
                "Squeeze" => m.Node(op, [Truths(k => k, 1, Rows, Rows), m.Integers(0)]),
                "Expand" => m.Node(op, [kept, m.Integers(1, 1, Rows, Rows)]),
                "Slice" => m.Node(op, [kept, m.Integers(0), m.Integers(Rows), m.Integers(0)]),
                _ => m.Node(op, [kept]),
            };
        });

        Assert.Equal(Keeps, attention.Bias.Take(Keeps.Length).Select(b => !float.IsNegativeInfinity(b)));
    }

    [Fact]
    public void Numbers_are_added()
    {
        Attention attention = Masked(m => m.Node("Neg", [m.Constant([.. Keeps.Select(k => k ? 0.5f : 1)], Rows, Rows)]));

        Assert.Equal(Keeps.Select(k => k ? -0.5f : -1), attention.Bias.Take(Keeps.Length));
    }

    private static Attention Masked(Func<TinyModel, string> mask)
    {
        var m = new TinyModel("x", 1, Rows, Width);
        m.Proto.OpsetImport[0].Version = 23;
        string Linear(int seed) => m.Node("MatMul", ["x", m.Weights(seed, Width, Width)]);
        var attention = m.Node("Attention", [Linear(1), Linear(2), Linear(3), mask(m)], ("q_num_heads", 2), ("kv_num_heads", 2));
        return Assert.Single(OnnxImporter.Import(m.Parse(attention)).Layers.OfType<Attention>());
    }
}
