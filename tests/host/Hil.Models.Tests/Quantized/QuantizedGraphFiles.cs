using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hil.Contract;
using Hil.Models.Quantized;

namespace Hil.Models.Tests.Quantized;

public sealed class QuantizedGraphFiles
{
    [Fact]
    public void A_graph_is_read_back_as_it_was_written()
    {
        var bytes = QuantizedGraphFile.Write(Graph());

        var read = QuantizedGraphFile.Read(bytes, "g");

        Assert.Equal(bytes, QuantizedGraphFile.Write(read));
        var product = Assert.IsType<QProduct>(read.Layers[0]);
        Assert.Equal([1, -2, 127, -127, 0, 5], product.Weights.Select(w => (int)w));
        Assert.Equal([int.MinValue, 7], product.Bias.ToArray());
        Assert.Equal([65535, 32768], product.Multiplier.Select(m => (int)m));
        Assert.Equal(0.1, read.Tensors["a"].Scale);
    }

    [Fact]
    public void Damage_is_refused()
    {
        var bytes = QuantizedGraphFile.Write(Graph());
        for (var i = 0; i < bytes.Length; i++)
        {
            var copy = (byte[])bytes.Clone();
            copy[i] ^= 4;
            var position = i;
            if (Refused(copy) is { } kind)
            {
                Assert.Equal(ExitKind.BadInput, kind);
            }
            else
            {
                Assert.True(position == bytes.Length - 1 || bytes[i] is (byte)'\n', $"byte {position} was changed and nobody noticed");
            }

            // Without its last byte, a line feed, the file is still whole.
            Assert.Equal(i == bytes.Length - 1 ? null : ExitKind.BadInput, Refused(bytes[..i]));
        }
    }

    [Theory]
    [InlineData("K and N")]
    [InlineData("K·N weights")]
    [InlineData("before any layer")]
    [InlineData("no layer gives the output")]
    [InlineData("scale")]
    [InlineData("only an int16 output accumulates")]
    public void An_unsound_graph_is_not_written(string message)
    {
        var graph = Graph();
        var product = (QProduct)graph.Layers[0];
        var bad = message switch
        {
            "K and N" => graph with { Layers = [product with { K = 4 }] },
            "K·N weights" => graph with { Layers = [product with { Weights = [1] }] },
            "before any layer" => graph with { Layers = [product with { Input = "b" }] },
            "no layer gives the output" => graph with { Output = "c" },
            "scale" => graph with { Tensors = graph.Tensors.SetItem("a", graph.Tensors["a"] with { Scale = double.NaN }) },
            _ => graph with { Layers = [product with { Initial = [1, 2, 3, 4] }] },
        };

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => QuantizedGraphFile.Write(bad)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(63, 0, 63)]
    [InlineData(64, 1, -64)]
    [InlineData(-65, -1, 63)]
    [InlineData(16319, 127, 63)]
    [InlineData(-16319, -127, -63)]
    public void A_wide_element_is_128_hi_plus_lo(int element, int high, int low)
    {
        Assert.Equal(((sbyte)high, (sbyte)low), QEncoding.Split(element));
        Assert.Equal(element, (128 * high) + low);
    }

    [Theory]
    [InlineData("\"graph\":", "\"nothing\":", "given key")]
    [InlineData("hil.quantized/1", "hil.quantized/9", "hil.quantized/9")]
    [InlineData("\"weights\":\"", "\"weights\":\"!", "base64")]
    [InlineData("\"weights\":", "\"weights\":7, \"was\":", "base64")]
    [InlineData("\"bias\":\"AAAAgAcAAAA=\"", "\"bias\":\"AAAAgAcAAA==\"", "no whole number of elements")]
    [InlineData("\"rows\":2", "\"rows\":0", "shape is out of range")]
    public void A_file_that_lies_under_a_right_checksum_is_refused(string right, string wrong, string message)
    {
        var text = Encoding.UTF8.GetString(QuantizedGraphFile.Write(Graph()));
        Assert.Contains(right, text, StringComparison.Ordinal);
        text = text.Replace(right, wrong, StringComparison.Ordinal);
        var at = text.IndexOf(":{", StringComparison.Ordinal) + 1;
        var sum = text.IndexOf("\"sha256\":\"", StringComparison.Ordinal) + 10;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[at..text.LastIndexOf('}')])));
        text = text[..sum] + hash + text[(sum + 64)..];

        var error = Assert.Throws<HilException>(() => QuantizedGraphFile.Read(Encoding.UTF8.GetBytes(text), "g"));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_is_null_is_refused()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData("null"u8));
        var text = $"{{\"schema\":\"{QuantizedGraphFile.Schema}\",\"sha256\":\"{hash}\",\"graph\":null}}";

        Assert.Equal(ExitKind.BadInput, Refused(Encoding.UTF8.GetBytes(text)));
    }

    private static ExitKind? Refused(byte[] bytes)
    {
        try
        {
            QuantizedGraphFile.Read(bytes, Encoding.UTF8.GetString([65]));
            return null;
        }
        catch (HilException e)
        {
            return e.Kind;
        }
    }

    private static QuantizedGraph Graph() => new(
        "m",
        "00",
        "a",
        "b",
        new[] { new QTensor("a", "x", 2, 3, QType.Wide15, 0.1), new QTensor("b", "y", 2, 2, QType.Int8, 0.5, -3) }
            .ToImmutableSortedDictionary(t => t.Name, t => t),
        [new QProduct("p", "a", "b", 3, 2, [1, -2, 127, -127, 0, 5], [int.MinValue, 7], [65535, 32768], 20, [], null, [], 0)]);
}
