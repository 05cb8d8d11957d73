using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import;

public sealed class RealModelsImport
{
    [SkippableFact]
    public void Spoken_digits_is_four_pre_norm_layers_with_four_heads()
    {
        var graph = OnnxImporter.Import(OnnxModel.Load(TestData.Digits("digits.onnx")));

        Assert.Equal(("input", 96, 80), (graph.Input.Name, graph.Input.Rows, graph.Input.Columns));
        Assert.Equal(("logits", 96, 11), (graph.Output.Name, graph.Output.Rows, graph.Output.Columns));
        Assert.Equal(26, graph.Layers.OfType<Product>().Count());
        Assert.All(graph.Layers.OfType<Attention>(), a => Assert.Equal((4, 16, 0.25), (a.Heads, a.HeadSize, a.Scale)));
        Assert.Equal(4, graph.Layers.OfType<Attention>().Count());
        Assert.Equal(9, graph.Layers.OfType<Normalize>().Count());
        Assert.Equal(4, graph.Layers.OfType<Product>().Count(p => p.Activation == Activation.Gelu));
        Assert.Equal(8, graph.Layers.OfType<Product>().Count(p => p.Residual is not null));
        Assert.Equal(96 * 64, Assert.Single(graph.Layers.OfType<Product>(), p => !p.Addend.IsEmpty).Addend.Length);
        Assert.Equal(39, graph.Layers.Length);
    }

    [SkippableTheory]
    [InlineData("kwt1_opset13.onnx")]
    [InlineData("kwt1_opset17.onnx")]
    public void Kwt1_is_twelve_post_norm_layers_with_a_class_token(string file)
    {
        var graph = OnnxImporter.Import(OnnxModel.Load(TestData.Kwt1(file)));

        Assert.Equal(12, graph.Layers.OfType<Attention>().Count());
        Assert.Equal(24, graph.Layers.OfType<Normalize>().Count());
        Assert.All(graph.Layers.OfType<Normalize>(), n => Assert.Equal(1e-6, n.Epsilon, 1e-9));
        Assert.Equal(12, graph.Layers.OfType<Product>().Count(p => p.Activation == Activation.GeluTanh));
        var embedding = Assert.Single(graph.Layers.OfType<Product>(), p => p.OutputRowOffset == 1);
        Assert.Equal(99 * 64, embedding.Addend.Length);
        Assert.Equal((0, 1), Assert.Single(graph.Layers.OfType<SelectRows>().Select(s => (s.First, s.Count))));
        Assert.Equal((1, 12), (graph.Output.Rows, graph.Output.Columns));
        Assert.Equal((12 * 9) + 3, graph.Layers.Length);
    }

    [SkippableFact]
    public void Both_exports_of_kwt1_give_the_same_layers()
    {
        var old = OnnxImporter.Import(OnnxModel.Load(TestData.Kwt1("kwt1_opset13.onnx")));
        var current = OnnxImporter.Import(OnnxModel.Load(TestData.Kwt1("kwt1_opset17.onnx")));

        Assert.Equal(old.Layers.Select(l => l.GetType()), current.Layers.Select(l => l.GetType()));
        Assert.All(old.Layers.Zip(current.Layers), pair =>
        {
            if (pair is (Normalize a, Normalize b))
            {
                Assert.True(a.Gamma.SequenceEqual(b.Gamma));
                Assert.True(a.Beta.SequenceEqual(b.Beta));
                Assert.Equal(a.Epsilon, b.Epsilon, 1e-12);
            }
        });
    }

    [SkippableFact]
    public void Fsdd_ctc_is_three_layers_with_two_heads_scaled_by_division()
    {
        var graph = OnnxImporter.Import(OnnxModel.Load(TestData.Fsdd("fsdd_ctc_opset17.onnx")));

        Assert.All(graph.Layers.OfType<Attention>(), a => Assert.Equal((2, 64, 0.125), (a.Heads, a.HeadSize, a.Scale)));
        Assert.Equal(3, graph.Layers.OfType<Attention>().Count());
        Assert.Equal(7, graph.Layers.OfType<Normalize>().Count());
        Assert.Equal(1 + 1 + (3 * 9) + 1, graph.Layers.Length);
    }
}
