using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Import;

/// <summary>A damaged or hostile file is refused with an exit kind, or is still a model: nothing else happens.</summary>
public sealed class BadOnnxFiles
{
    [Fact]
    public void Every_truncation_is_refused_or_imports()
    {
        var bytes = TinyTransformer.Bytes();
        var refused = 0;
        for (var length = 0; length < bytes.Length; length += 37)
        {
            refused += ImportKind(bytes[..length]) == ExitKind.Done ? 0 : 1;
        }

        Assert.True(refused > bytes.Length / 37 / 2, "most truncated files must be refused");
    }

    [Fact]
    public void Flipped_bits_are_refused_or_import()
    {
        var bytes = TinyTransformer.Bytes(norm: "Pow, Sqrt, Div");
        var random = new Random(7);
        var kinds = new HashSet<ExitKind>();
        for (var i = 0; i < 600; i++)
        {
            var copy = (byte[])bytes.Clone();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            kinds.Add(ImportKind(copy));
        }

        Assert.Superset(new HashSet<ExitKind> { ExitKind.Done, ExitKind.BadInput, ExitKind.Unsupported }, kinds);
        Assert.Contains(ExitKind.BadInput, kinds);
    }

    [Fact]
    public void An_empty_file_and_noise_are_refused()
    {
        Assert.Equal(ExitKind.BadInput, ImportKind([]));
        Assert.Equal(ExitKind.BadInput, ImportKind([.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7 % 256))]));
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var inner = new GraphProto();
        for (var i = 0; i < 500; i++)
        {
            var node = new NodeProto { OpType = "If" };
            node.Attribute.Add(new AttributeProto { G = inner });
            inner = new GraphProto();
            inner.Node.Add(node);
        }

        Assert.Equal(ExitKind.BadInput, ImportKind(new ModelProto { Graph = inner }.ToByteArray()));
    }

    [Fact]
    public void Views_behind_views_are_followed_however_many_there_are()
    {
        var m = new TinyModel("x", 1, 8, 8);
        var x = "x";
        for (var i = 0; i < 10_000; i++)
        {
            x = m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));
        }

        var graph = OnnxImporter.Import(m.Parse(m.Node("MatMul", [x, m.Weights(1, 8, 4)])));

        Assert.Equal("x", Assert.Single(graph.Layers).Inputs.Single());
    }

    [Fact]
    public void A_missing_initialiser_is_named()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var output = m.Node("MatMul", ["x", "nobody"]);

        var error = Assert.Throws<HilException>(() => m.Parse(output));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("external", "external data")]
    [InlineData("short", "do not fill")]
    [InlineData("huge", "too large")]
    [InlineData("negative", "negative")]
    [InlineData("nan", "NaN")]
    [InlineData("type", "element type")]
    public void A_bad_tensor_is_refused_before_anything_is_allocated(string fault, string message)
    {
        var m = new TinyModel("x", 1, 6, 8);
        var output = m.Node("MatMul", ["x", m.Weights(1, 8, 8)]);
        var tensor = m.Proto.Graph.Initializer[0];
        switch (fault)
        {
            case "external":
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" });
                break;
            case "short":
                tensor.FloatData.RemoveAt(0);
                break;
            case "huge":
                (tensor.Dims[0], tensor.Dims[1]) = (1L << 40, 1L << 40);
                break;
            case "negative":
                tensor.Dims[0] = -8;
                break;
            case "nan":
                tensor.FloatData[3] = float.NaN;
                break;
            default:
                tensor.DataType = 16;
                break;
        }

        var error = Assert.Throws<HilException>(() => m.Parse(output));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_asks_for_terabytes_is_refused()
    {
        var m = new TinyModel("x", 1, 6, 8);
        var zeros = m.Node("ConstantOfShape", [m.Integers(1 << 20, 1 << 20)]);

        var error = Assert.Throws<HilException>(() => m.Parse(m.Node("Add", ["x", zeros])));

        Assert.Contains("too much memory", error.Message, StringComparison.Ordinal);
    }

    private static ExitKind ImportKind(byte[] bytes)
    {
        try
        {
            OnnxImporter.Import(OnnxModel.Parse(bytes, "bad", "bad.onnx"));
            return ExitKind.Done;
        }
        catch (HilException e)
        {
            return e.Kind;
        }
    }
}
