using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Export;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Tests.Export;

/// <summary>
/// Layers made of random integers over the whole range of what the checks of a quantized graph allow, in both operator sets: no element of what ONNX
/// Runtime gives is further from the device than docs/numerics.md §11 derives.
/// </summary>
public sealed class EachOperatorExportsWithinItsBound
{
    private const int Rows = 12;
    private const int Columns = 10;

    private readonly Random _random = new(3);

    public static TheoryData<int> Opsets() => [QdqOptions.Portable, QdqOptions.WithInt16];

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_sum_that_saturates(int opset) => Check(
        opset, 32767, [Wide("a", 0.001), Wide("b", 0.0004), Wide("y", 0.0009)], ["a", "b"], new QSum("sum", "a", "b", "y", 31000, -14563, 15));

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_softmax_alone(int opset) => Check(
        opset, 4000, [Wide("a", 0.001), Wide("y", 1.0 / 32767)], ["a"], new QSoftmax("softmax", "a", "y", 48420, 17, 65534, 1));

    [Theory]
    [MemberData(nameof(Opsets))]
    public void Rows_brought_to_one_scale(int opset) => Check(
        opset,
        20000,
        [Wide("a", 0.001), Wide("b", 0.0015), Wide("y", 0.001) with { Rows = 9 }],
        ["a", "b"],
        new QGatherRows("gather", "y", [new("a", 1, 4, 3, 32768, 15), new("b", 0, 5, 1, 49152, 15)]));

    [Theory]
    [MemberData(nameof(Opsets))]
    public void Rows_that_are_only_moved(int opset) => Check(
        opset, 32767, [Wide("a", 0.001), Wide("y", 0.001) with { Rows = 2 }], ["a"], new QGatherRows("gather", "y", [new("a", 3, 2, 5, 32768, 15)]));

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_transposed_matrix(int opset) => Check(
        opset, 127, [Narrow("a", 0.02, 3), Narrow("y", 0.02, 3) with { Rows = Columns, Columns = Rows }], ["a"], new QTranspose("transpose", "a", "y"));

    [Theory]
    [InlineData(1, false, false, false, false, false)]
    [InlineData(1, true, false, false, false, true)]
    [InlineData(2, false, false, false, false, true)]
    [InlineData(2, true, false, false, false, false)]
    [InlineData(2, false, true, false, true, false)]
    [InlineData(2, true, true, true, true, false)]
    [InlineData(2, false, false, true, false, true)]
    public void A_product_of_two_activations(int batches, bool isTransposed, bool isLeftBeside, bool isRightBeside, bool isOutputBeside, bool isWide)
    {
        const int M = 6, K = 11, N = 7;
        var (k, n) = isTransposed ? (N, K) : (K, N);
        var product = new QActivationProduct("product", "a", "b", "y", 43210, isWide ? 15 : 24)
        {
            Batches = batches, IsTransposed = isTransposed, IsLeftBeside = isLeftBeside, IsRightBeside = isRightBeside, IsOutputBeside = isOutputBeside,
        };
        foreach (var opset in new[] { QdqOptions.Portable, QdqOptions.WithInt16 })
        {
            Check(
                opset,
                128,
                [
                    Blocks("a", M, K, isLeftBeside, QType.Int8, 0.02), Blocks("b", k, n, isRightBeside, QType.Int8, 0.03),
                    Blocks("y", M, N, isOutputBeside, isWide ? QType.Int16 : QType.Int8, isWide ? 0.0005 : 0.3),
                ],
                ["a", "b"],
                product);
        }

        QTensor Blocks(string name, int rows, int columns, bool isBeside, QType type, double scale) =>
            new(name, name, isBeside ? rows : rows * batches, isBeside ? columns * batches : columns, type, (float)scale);
    }

    [Theory]
    [InlineData(1, 1, 3, 4, 1)]
    [InlineData(2, 0, 1, 2, 1)]
    [InlineData(1, 1, 2, 3, 2)]
    public void A_maximum_pool(int stride, int pad, int height, int width, int dilation)
    {
        var window = new Window(3, 4, 2, 2, stride, stride, pad, pad, height, width) { DilationHeight = dilation, DilationWidth = dilation };
        Check(QdqOptions.WithInt16, 127, [Narrow("a", 0.02, -7), Narrow("y", 0.02, -7) with { Rows = height * width }], ["a"], new QMaximumPool("pool", "a", "y", window));
    }

    [Fact]
    public void A_pool_that_the_operator_refuses_is_refused_by_name()
    {
        var window = new Window(3, 4, 2, 2, 1, 1, 0, 2, 2, 4) { DilationWidth = 3 };
        var graph = Graph([Narrow("a", 0.02, 0), Narrow("y", 0.02, 0) with { Rows = 8 }], ["a"], new QMaximumPool("pool of pads", "a", "y", window));

        var error = Assert.Throws<HilException>(() => QdqExport.Write(graph));

        Assert.Equal((ExitKind.Unsupported, "pool of pads"), (error.Kind, error.Where));
    }

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_map_through_a_table_of_an_unnamed_function(int opset) => Check(
        opset, 30000, [Wide("a", 0.001), Narrow("y", 0.05, -128)], ["a"], new QMap("map", "a", "y", 700, 44000, 23, RandomTable()));

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_product_through_a_table_of_an_unnamed_function(int opset) => Check(
        opset,
        127,
        [Narrow("a", 0.02, 5), new("y", "y", Rows, 7, QType.Int8, 0.05, 11)],
        ["a"],
        new QProduct(
            "product", "a", "y", Columns, 7, [.. Some(Columns * 7, 127).Select(w => (sbyte)w)], [.. Some(7, 9000)], [.. Some(7, 9000).Select(m => (ushort)(40000 + m))], 23,
            RandomTable(), null, [], 0));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_norm_of_two_outputs(bool isRms) => Check(
        QdqOptions.Portable,
        9000,
        [Wide("a", 0.001), Narrow("n", 0.04, 0), Wide("w", 0.04 / 64)],
        ["a"],
        new QNormalize("norm", "a", "n", "w", [.. Some(Columns, 15000).Select(g => (short)g)], [.. Some(Columns, 9_000_000)], 20, 14, 4000) { Rms = isRms });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_norm_of_rows_without_variance(bool isRms) => Check(
        QdqOptions.WithInt16, 0, [Wide("a", 0.001), Wide("w", 0.01)], ["a"],
        new QNormalize("norm", "a", null, "w", [.. Some(Columns, 15000).Select(g => (short)g)], [.. Some(Columns, 9_000_000)], 0, 14, 0) { Rms = isRms });

    public static TheoryData<string> Attentions() => ["plain", "cross", "bias a head", "bias for all", "causal", "causal from no key", "keys", "mask", "causal mask", "valid length", "windows", "one head"];

    [Theory]
    [MemberData(nameof(Attentions))]
    public void An_attention(string kind)
    {
        const int Heads = 2, Size = 5, Keys = 8;
        var isCross = kind is "cross" or "mask" or "keys" or "valid length" or "one head";
        var keys = isCross ? Keys : Rows;
        var attention = new QAttention(
            "attention", "q", "k", "v", "y", Heads, Size, 40000, 20, 50000, 16, keys, "scores", "softmax", "context") { ValueSize = 3 };
        attention = kind switch
        {
            "bias a head" => attention with { Bias = Bias(Heads * Rows * keys) },
            "bias for all" => attention with { Bias = Bias(Rows * keys) },
            "causal" => attention with { Causal = true, FirstLength = 1 },
            "causal from no key" => attention with { Causal = true, FirstLength = 0, Bias = Bias(Rows * keys) },
            "keys" => attention with { Keys = [.. Enumerable.Range(0, keys).Select(k => (sbyte)(k % 3 == 1 ? 0 : 1))] },
            "mask" => attention with { Mask = "mask" },
            "causal mask" => attention with { Mask = "mask", Causal = true, FirstLength = 1 },
            "valid length" => attention with { ValidLength = 5, FirstLength = 5 },
            "windows" => attention with { Windows = 3, ValidLength = 4, FirstLength = 4, Bias = Bias(3 * Heads * 4 * 4) },
            "one head" => attention with { Heads = 1, HeadSize = Columns, ValueSize = 6, Bias = Bias(Rows * keys) },
            _ => attention,
        };
        QTensor[] tensors =
        [
            Narrow("q", 0.02, 0), Narrow("k", 0.03, 0) with { Rows = keys }, new("v", "v", keys, 6, QType.Int8, 0.05, 0), new("y", "y", Rows, 6, QType.Int8, 0.05 / 50000 * 65536, 0),
        ];

        foreach (var mask in attention.Mask is null ? [[]] : new[] { new[] { 1, 1, 0, 1, 0, 1, 1, 1 }, [0, 0, 0, 0, 0, 0, 0, 1], new int[8] })
        {
            Check(QdqOptions.WithInt16, 127, tensors, ["q", "k", "v"], attention, [.. mask, .. mask.Length == 0 ? [] : Enumerable.Repeat(1, keys - mask.Length)]);
        }
    }

    private ImmutableArray<short> Bias(int count) => [.. Some(count, 900).Select(b => (short)b)];

    private ImmutableArray<sbyte> RandomTable() => [.. Some(256, 127).Select(t => (sbyte)t)];

    private int[] Some(int count, int limit) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(-limit, limit + 1))];

    private static QTensor Wide(string name, double scale) => new(name, name, Rows, Columns, QType.Int16, (float)scale);

    private static QTensor Narrow(string name, double scale, int zero) => new(name, name, Rows, Columns, QType.Int8, (float)scale, zero);

    private static QuantizedGraph Graph(QTensor[] tensors, string[] inputs, QLayer layer, int maskKeys = 0) => new(
        "one layer", new string('0', 64), inputs[0], layer.Outputs.First(), tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [layer])
    {
        MoreInputs = [.. inputs[1..]],
        Masks = maskKeys == 0 ? [] : [new QMask("mask", new MaskInput("counts", MaskMeaning.Keeps, maskKeys, false))],
    };

    private void Check(int opset, int limit, QTensor[] tensors, string[] inputs, QLayer layer, int[]? mask = null)
    {
        var graph = Graph(tensors, inputs, layer, mask?.Length ?? 0);
        Assert.Null(QuantizedGraphChecks.FirstError(graph));
        var comparison = new ExportComparison(graph, new QdqOptions(opset));
        for (var sample = 0; sample < 4; sample++)
        {
            // Half of the samples use a part of the range only, so that softmaxes are spread and nothing saturates.
            var share = sample % 2 == 0 ? 1 : 4;
            var given = graph.Inputs.ToDictionary(i => i, i => QEncoding.Decode(graph.Tensors[i], Some(graph.Tensors[i].Count, limit / share)));
            if (!graph.Masks.IsEmpty)
            {
                given["counts"] = [.. mask!.Select(m => (float)m)];
            }

            comparison.Layers(new IntegerExecutor(graph).Run(given));
        }
    }
}
