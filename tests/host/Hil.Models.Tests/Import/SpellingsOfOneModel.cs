using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import;

/// <summary>However a transformer is spelt, the same layers come out.</summary>
public sealed class SpellingsOfOneModel
{
    private static readonly Graph Plain = OnnxImporter.Import(TinyTransformer.Model());

    [Fact]
    public void The_plain_spelling_has_the_layers_that_were_written()
    {
        Assert.Equal(
            "Product Normalize Product Product Product Attention Product Normalize Product Product Normalize Product",
            string.Join(' ', Plain.Layers.Select(l => l.GetType().Name)));
        Assert.Equal(2, Plain.Layers.OfType<Product>().Count(p => p.Residual is not null));
        Assert.Equal(Plain.Layers[0].Output, ((Product)Plain.Layers[6]).Residual);
        Assert.Equal(Activation.Gelu, ((Product)Plain.Layers[8]).Activation);
    }

    [Theory]
    [MemberData(nameof(GeluSpellings))]
    public void Gelu_is_found(string spelling)
    {
        var graph = OnnxImporter.Import(TinyTransformer.Model(gelu: spelling));

        var expected = spelling.StartsWith("tanh", StringComparison.Ordinal) ? Activation.GeluTanh : Activation.Gelu;
        Assert.Equal(expected, ((Product)graph.Layers[8]).Activation);
        AssertSame(graph);
    }

    [Theory]
    [MemberData(nameof(NormSpellings))]
    public void Layer_normalization_is_found(string spelling)
    {
        var graph = OnnxImporter.Import(TinyTransformer.Model(norm: spelling));

        AssertSame(graph);
        foreach (var (a, b) in Plain.Layers.OfType<Normalize>().Zip(graph.Layers.OfType<Normalize>()))
        {
            Assert.True(a.Gamma.Zip(b.Gamma).All(g => Math.Abs(g.First - g.Second) < 1e-6), "gamma differs");
            Assert.True(a.Beta.Zip(b.Beta).All(g => Math.Abs(g.First - g.Second) < 1e-6), "beta differs");
            Assert.Equal(a.Epsilon, b.Epsilon, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(ScaleSpellings))]
    public void The_scale_of_attention_is_found(string spelling)
    {
        var graph = OnnxImporter.Import(TinyTransformer.Model(scale: spelling));

        AssertSame(graph);
        Assert.Equal(0.5, graph.Layers.OfType<Attention>().Single().Scale, 1e-7);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    public void Order_of_operands_Gemm_and_names_do_not_matter(bool biasFirst, bool gemm, bool withoutNames) =>
        AssertSame(OnnxImporter.Import(TinyTransformer.Model(biasFirst: biasFirst, gemm: gemm, withoutNames: withoutNames)));

    [Fact]
    public void Every_combination_is_understood()
    {
        foreach (var gelu in TinyTransformer.Gelus)
        {
            foreach (var norm in TinyTransformer.Norms)
            {
                foreach (var scale in TinyTransformer.Scales)
                {
                    AssertSame(OnnxImporter.Import(TinyTransformer.Model(gelu, norm, scale)));
                }
            }
        }
    }

    public static TheoryData<string> GeluSpellings => [.. TinyTransformer.Gelus];

    public static TheoryData<string> NormSpellings => [.. TinyTransformer.Norms];

    public static TheoryData<string> ScaleSpellings => [.. TinyTransformer.Scales];

    private static void AssertSame(Graph graph)
    {
        Assert.Equal(Plain.Layers.Select(l => l.GetType()), graph.Layers.Select(l => l.GetType()));
        foreach (var (a, b) in Plain.Layers.OfType<Product>().Zip(graph.Layers.OfType<Product>()))
        {
            Assert.Equal((a.K, a.N, a.OutputRowOffset, a.Residual is null), (b.K, b.N, b.OutputRowOffset, b.Residual is null));
            Assert.True(a.Weights.SequenceEqual(b.Weights), "weights differ");
            Assert.True(a.Bias.SequenceEqual(b.Bias), "bias differs");
        }
    }
}
