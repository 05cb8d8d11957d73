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
    public void The_compact_convolutional_transformer_pools_its_tokens_by_an_attention_of_one_constant_query()
    {
        var graph = OnnxImporter.Import(OnnxModel.Load(Path.Combine(TestData.Folder("exporters/cct1-ort"), "network.onnx")));

        Attention[] attentions = [.. graph.Layers.OfType<Attention>()];
        Assert.Equal([(64, 64), (1, 64)], attentions.Select(a => (graph.Tensors[a.Query].Rows, graph.Tensors[a.Key].Rows)));
        Assert.Equal(attentions[1].Key, attentions[1].Value);
        Assert.IsType<ConstantTensor>(graph.Layers.Single(l => l.Output == attentions[1].Query));
    }

    [SkippableFact]
    public void TinyViT_attends_within_windows()
    {
        var graph = OnnxImporter.Import(OnnxModel.Load(Path.Combine(TestData.Folder("exporters/tinyvit-torch27"), "network.onnx")));

        Assert.Equal([(16, 4), (16, 4), (4, 4), (4, 4)], graph.Layers.OfType<Attention>().Select(a => (a.Windows, a.Heads)));
        Assert.Equal(4, graph.Layers.OfType<Product>().Count(p => p.Window is { Taps: 9, Outputs: 16 or 4 } && p.Name.Contains("local_conv", StringComparison.Ordinal)));
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
