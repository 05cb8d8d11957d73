using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;

namespace Hil.Models.Tests.Onnx;

public sealed class SkeletonsAreModelsWithoutValues : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-skeleton-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, "m.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Two products whose weights are large enough to be passed over, and biases that are not.</summary>
    private static byte[] Large()
    {
        var m = new TinyModel("x", 1, 4, 256);
        string hidden = m.Node("Relu", [m.Node("Add", [m.Node("MatMul", ["x", m.Weights(1, 256, 320)]), m.Weights(2, 320)])]);
        m.Finish(m.Node("Add", [m.Node("MatMul", [hidden, m.Weights(3, 320, 128)]), m.Weights(4, 128)]));
        foreach (var tensor in m.Proto.Graph.Initializer)
        {
            // As exporters store them.
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            tensor.FloatData.Clear();
        }

        return m.Proto.ToByteArray();
    }

    [Fact]
    public void A_large_model_has_the_same_graph_and_hash_and_zeros_for_weights()
    {
        string path = Write(Large());
        OnnxModel whole = OnnxModel.Load(path);
        OnnxModel skeleton = OnnxModel.LoadSkeleton(path);
        Assert.Equal(whole.Hash, skeleton.Hash);
        Assert.Equal(ModelOutline.Of(whole) with { Operators = ImmutableSortedDictionary<string, int>.Empty }, ModelOutline.Of(skeleton) with { Operators = ImmutableSortedDictionary<string, int>.Empty });
        Graph expected = OnnxImporter.Import(whole);
        Graph graph = OnnxImporter.Import(skeleton);
        Assert.Equal(expected.Tensors, graph.Tensors);
        Assert.Equal(
            expected.Layers.Cast<Product>().Select(p => (p.Name, p.K, p.N, p.Activation)),
            graph.Layers.Cast<Product>().Select(p => (p.Name, p.K, p.N, p.Activation)));
        Assert.All(graph.Layers.Cast<Product>(), p => Assert.All(p.Weights, w => Assert.Equal(0, w)));
        Assert.All(expected.Layers.Cast<Product>(), p => Assert.Contains(p.Weights, w => w != 0));
        Assert.Equal(
            expected.Layers.Cast<Product>().SelectMany(p => p.Bias), graph.Layers.Cast<Product>().SelectMany(p => p.Bias));
    }

    [Fact]
    public void Weights_behind_gemm_look_ups_and_other_readers_have_the_same_shapes()
    {
        var m = new TinyModel("x", 4, 256);
        string ids = m.Input("ids", TensorData.Int64, 4);
        string shared = m.Weights(3, 256, 256);
        string rows = m.Node("Gather", [m.Weights(1, 900, 256), ids]);
        string sum = m.Node("Add", [m.Node("Gemm", ["x", m.Weights(2, 256, 256)], ("transB", 1)), m.Node("MatMul", ["x", shared])]);
        string turned = m.Node("MatMul", [m.Node("Add", [sum, rows]), m.Node("Transpose", [shared], ("perm", new long[] { 1, 0 }))]);
        string flat = m.Node("Gemm", [m.Node("Transpose", [turned], ("perm", new long[] { 1, 0 })), m.Weights(4, 256, 128)], ("transA", 1));
        m.Finish(flat);
        foreach (var tensor in m.Proto.Graph.Initializer)
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            tensor.FloatData.Clear();
        }

        OnnxModel skeleton = OnnxModel.LoadSkeleton(Write(m.Proto.ToByteArray()));
        OnnxFacts whole = OnnxFacts.Of(m.Proto, OnnxModel.Load(Path.Combine(_folder, "m.onnx")).Inputs, "m");
        OnnxFacts facts = OnnxFacts.Of(skeleton.Proto, skeleton.Inputs, "m");

        Assert.Equal([4L, 128], facts.Shape(flat));
        Assert.All(m.Proto.Graph.Node, n => Assert.Equal(whole.Shape(n.Output[0]), facts.Shape(n.Output[0])));
        Assert.All(facts.Sample(rows)!, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Weights_that_are_scaled_or_transposed_stay_zeros_and_biases_do_not()
    {
        const int Width = 768;
        var m = new TinyModel("x", 1, 4, Width);
        string[] parts = [.. Enumerable.Range(0, 3).Select(i => m.Node("MatMul", ["x", m.Weights(i + 1, Width, Width)]))];
        string scaled = m.Node("Mul", [m.Node("Add", [parts[0], m.Weights(5, Width)]), m.Number(0.125)]);
        string sum = m.Node("Add", [m.Node("Add", [scaled, parts[1]]), m.Node("Slice", [parts[2], m.Integers(0), m.Integers(Width), m.Integers(2)])]);
        m.Finish(m.Node("Gemm", [m.Node("Reshape", [sum, m.Integers(4, Width)]), m.Weights(6, Width, Width)], ("transB", 1), ("alpha", 0.5f)));
        foreach (var tensor in m.Proto.Graph.Initializer.Where(t => t.FloatData.Count > 0))
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            tensor.FloatData.Clear();
        }

        Graph graph = OnnxImporter.Import(OnnxModel.LoadSkeleton(Write(m.Proto.ToByteArray())));
        Graph whole = OnnxImporter.Import(OnnxModel.Parse(m.Proto.ToByteArray(), "m", "m.onnx"));

        Product[] products = [.. graph.Layers.OfType<Product>()];
        Assert.Equal(whole.Layers.OfType<Product>().Select(p => (p.Name, p.K, p.N, p.Weights.Length)), products.Select(p => (p.Name, p.K, p.N, p.Weights.Length)));
        Assert.Equal(whole.Layers.OfType<Product>().SelectMany(p => p.Bias), products.SelectMany(p => p.Bias));
        Assert.All(products, p => Assert.DoesNotContain(p.Weights, w => w != 0));
    }

    [Fact]
    public void The_parts_of_a_fused_attention_have_no_values_either()
    {
        const int Width = 128;
        var m = new TinyModel("x", 1, 4, Width);
        string attention = m.Node("Attention", ["x", m.Weights(1, Width, 3 * Width), m.Weights(2, 3 * Width)], ("num_heads", 2));
        m.Proto.Graph.Node[^1].Domain = "com.microsoft";
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        m.Finish(attention);
        foreach (var tensor in m.Proto.Graph.Initializer)
        {
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            tensor.FloatData.Clear();
        }

        OnnxModel skeleton = OnnxModel.LoadSkeleton(Write(m.Proto.ToByteArray()));

        Assert.Equal(3, skeleton.Proto.Graph.Initializer.Count(t => t.Dims.SequenceEqual([Width, Width]) && Skeleton.IsBlank(t)));
        Assert.Equal([Width, Width, Width], OnnxImporter.Import(skeleton).Layers.OfType<Product>().Select(p => p.N));
    }

    [Fact]
    public void A_small_model_keeps_its_values()
    {
        byte[] bytes = TinyTransformer.Bytes();
        Graph expected = OnnxImporter.Import(OnnxModel.Parse(bytes, "m", "m.onnx"));
        Graph graph = OnnxImporter.Import(OnnxModel.LoadSkeleton(Write(bytes)));
        Assert.Equal(
            expected.Layers.OfType<Product>().SelectMany(p => p.Weights), graph.Layers.OfType<Product>().SelectMany(p => p.Weights));
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_bad_input()
    {
        byte[] bytes = TinyTransformer.Bytes();
        for (int i = 0; i < bytes.Length - 1; i += Math.Max(1, bytes.Length / 97))
        {
            int length = i;
            var error = Record.Exception(() => OnnxModel.LoadSkeleton(Write(bytes[..length])));
            Assert.True(error is HilException { Kind: ExitKind.BadInput }, $"cut at {length}: {error}");
        }
    }

    [Fact]
    public void A_damaged_byte_is_bad_input_or_another_sound_model()
    {
        byte[] bytes = TinyTransformer.Bytes();
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Exception? error = Record.Exception(() => OnnxModel.LoadSkeleton(Write(damaged)));
            Assert.True(error is null or HilException { Kind: ExitKind.BadInput }, $"{error}");
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<HilException>(() => OnnxModel.LoadSkeleton("/nowhere/m.onnx"));
        Assert.Equal((ExitKind.BadInput, "/nowhere/m.onnx"), (error.Kind, error.Where));
    }
}
