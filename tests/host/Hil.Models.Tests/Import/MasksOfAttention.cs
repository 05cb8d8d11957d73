using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import;

/// <summary>Whatever way keys are left out, the attention says which; what is no mask stays a bias.</summary>
public sealed class MasksOfAttention
{
    private const int Rows = 6;
    private const float Infinity = float.NegativeInfinity;

    [Theory]
    [InlineData(-10000f)]
    [InlineData(-3.4e38f)]
    [InlineData(Infinity)]
    public void A_constant_triangle_is_the_causal_flag(float fill)
    {
        var attention = Import((m, scores) => m.Node("Add", [scores, m.Constant(Square((r, k) => k > r ? fill : 0), 1, 1, Rows, Rows)]));

        Assert.Equal(new KeyMask(null, [], 1, true), attention.Mask);
        Assert.True(attention.Bias.IsEmpty);
    }

    [Fact]
    public void A_constant_triangle_by_Where_is_the_causal_flag()
    {
        var attention = Import((m, scores) =>
        {
            var below = m.Node("Less", [m.Constant(Square((r, k) => k), Rows, Rows), m.Constant(Square((r, k) => r + 0.5f), Rows, Rows)]);
            return m.Node("Where", [below, scores, m.Number(-1e9)]);
        });

        Assert.Equal(new KeyMask(null, [], 1, true), attention.Mask);
    }

    [Fact]
    public void Constant_keys_at_the_end_are_a_valid_length_and_others_a_bitmap()
    {
        var ended = Import((m, scores) => m.Node("Add", [scores, m.Constant([0, 0, 0, 0, -1e4f, -1e4f], 1, 1, 1, Rows)]));
        var holed = Import((m, scores) => m.Node("Add", [m.Constant([0, -1e4f, 0, 0, -1e4f, 0], 1, 1, 1, Rows), scores]));

        Assert.Equal(new KeyMask(null, [], 4, false), ended.Mask);
        Assert.Equal([true, false, true, true, false, true], holed.Mask!.Keys.ToArray());
    }

    [Fact]
    public void A_constant_mask_of_another_form_is_a_bias_without_bottom()
    {
        var attention = Import((m, scores) => m.Node("Add", [scores, m.Constant(Square((r, k) => Math.Abs(r - k) > 2 ? -1e4f : 0), 1, 1, Rows, Rows)]));

        Assert.Null(attention.Mask);
        Assert.Equal(Square((r, k) => Math.Abs(r - k) > 2 ? Infinity : 0), attention.Bias);
    }

    [Fact]
    public void A_relative_position_bias_stays_apart_from_the_mask_beside_it()
    {
        var attention = Import((m, scores) => m.Node("Add", [scores, m.Constant(Square((r, k) => k > r ? Infinity : 0.1f * (r - k)), Rows, Rows)]));

        Assert.Equal(new KeyMask(null, [], 1, true), attention.Mask);
        Assert.Equal(Square((r, k) => k > r ? 0 : 0.1f * (r - k)), attention.Bias);
    }

    [Theory]
    [InlineData("additive", MaskMeaning.Additive)]
    [InlineData("keeps", MaskMeaning.Keeps)]
    [InlineData("drops", MaskMeaning.Drops)]
    public void A_mask_of_an_input_is_left_to_the_host(string form, MaskMeaning meaning)
    {
        var graph = Graph((m, scores) =>
        {
            var mask = m.Node("Unsqueeze", [m.Input("attention_mask", TensorData.Int64, 1, Rows), m.Integers(1, 2)]);
            var isPadding = m.Node("Equal", [mask, m.Integers(0)]);
            return form switch
            {
                "additive" => m.Node("Add", [scores, m.Node("Mul", [m.Node("Sub", [m.Number(1), m.Node("Cast", [mask], ("to", 1))]), m.Number(-3.4028235e38)])]),
                "keeps" => m.Node("Where", [m.Node("Not", [isPadding]), scores, m.Number(Infinity)]),
                _ => m.Node("Where", [isPadding, m.Number(-1e9), scores]),
            };
        });

        var mask = Assert.Single(graph.Masks);
        Assert.Equal((meaning, Rows, false), (mask.Meaning, mask.Keys, mask.Causal));
        Assert.Equal(["x", "attention_mask"], graph.ModelInputs.Select(i => i.Name));
        Assert.Contains(graph.HostNodes, n => n.Operator == "Unsqueeze");
        Assert.Equal(["x"], graph.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void Padding_below_a_triangle_is_a_causal_mask_of_the_host()
    {
        var graph = Graph((m, scores) =>
        {
            var mask = m.Node("Cast", [m.Node("Unsqueeze", [m.Input("attention_mask", TensorData.Int64, 1, Rows), m.Integers(1, 2)])], ("to", 1));
            var both = m.Node("Mul", [mask, m.Constant(Square((r, k) => k <= r ? 1 : 0), 1, 1, Rows, Rows)]);
            return m.Node("Add", [scores, m.Node("Mul", [m.Node("Sub", [m.Number(1), both]), m.Number(-1e4)])]);
        });

        var mask = Assert.Single(graph.Masks);
        Assert.True(mask.Causal);
        Assert.Equal(new KeyMask(mask, [], 1, true), graph.Layers.OfType<Attention>().Single().Mask);
    }

    [Fact]
    public void Bits_are_one_a_key_and_what_they_cannot_say_is_refused()
    {
        var mask = new MaskInput("mask", MaskMeaning.Additive, 10, false);

        Assert.Equal([0b0000_0101, 0b10, 0, 0, 0, 0, 0, 0], MaskBits.Pack(mask, [0, -1e4f, 0, -1e4f, -1e9f, Infinity, -1e4f, -1e4f, -1e4f, 0]));
        Assert.Throws<HilException>(() => MaskBits.Pack(mask, [0, -3, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Throws<HilException>(() => MaskBits.Pack(mask with { Keys = 2 }, [0, 0, 0, -1e4f]));
        Assert.Equal(0b11, MaskBits.Pack(mask with { Keys = 2, Causal = true }, [0, -1e4f, 0, 0])[0]);
    }

    private static float[] Square(Func<int, int, float> value) =>
        [.. Enumerable.Range(0, Rows * Rows).Select(i => value(i / Rows, i % Rows))];

    private static Attention Import(Func<TinyModel, string, string> mask) => Graph(mask).Layers.OfType<Attention>().Single();

    private static Graph Graph(Func<TinyModel, string, string> mask)
    {
        var m = new TinyModel("x", 1, Rows, 8);
        string Heads(int seed, params long[] order) => m.Node(
            "Transpose", [m.Node("Reshape", [m.Node("MatMul", ["x", m.Weights(seed, 8, 8)]), m.Integers(1, Rows, 2, 4)])], ("perm", order));
        var scores = m.Node("MatMul", [Heads(1, 0, 2, 1, 3), Heads(2, 0, 2, 3, 1)]);
        var probabilities = m.Node("Softmax", [mask(m, m.Node("Mul", [scores, m.Number(0.5)]))], ("axis", -1));
        var context = m.Node("MatMul", [probabilities, Heads(3, 0, 2, 1, 3)]);
        var merged = m.Node("Reshape", [m.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), m.Integers(1, Rows, 8)]);
        return OnnxImporter.Import(m.Parse(m.Node("MatMul", [merged, m.Weights(4, 8, 3)])));
    }
}
