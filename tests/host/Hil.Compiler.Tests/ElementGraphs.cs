using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>Small graphs of what no transformer of <see cref="SmallGraph"/> has, with random integers.</summary>
internal static class ElementGraphs
{
    private static readonly Window Image = new(4, 5, 3, 3, 1, 1, 1, 1, 4, 5);

    public static IReadOnlyDictionary<string, Func<QuantizedGraph>> All { get; } = new Dictionary<string, Func<QuantizedGraph>>
    {
        ["every layer of elements"] = Elements,
        ["a padded window over what an attention gives"] = WindowOverHeads,
        ["a padded window over a product of two activations"] = WindowOverProduct,
        ["the norm of a product of two activations"] = NormOfProduct,
        ["a pool and a window over one tensor"] = () => PoolAndWindow(0, 0),
        ["a pool of taps that lie apart"] = DilatedPool,
        ["two windows of unlike padding over one tensor"] = UnlikeWindows,
        ["the softmax of a product"] = SoftmaxOfProduct,
        ["norms of unlike widths"] = UnlikeNorms,
    };

    // More rows than the accumulators have and than half of the row scales.
    private static QuantizedGraph Elements()
    {
        const int Rows = 44;
        var random = new Random(3);
        return Graph(
            "y", [Int8("x", 20, Rows), Int8("pool", 12, Rows), Int8("turned", Rows, 12), Int16("u", Rows, 8), Int16("soft", Rows, 8), Int16("constant", Rows, 8), Int16("sum", Rows, 8),
                Int16("gathered", Rows, 8), Int16("normed", Rows, 8), Int8("mapped", Rows, 8), Int16("y", Rows, 3)],
            new QMaximumPool("pool", "x", "pool", new(4, 5, 2, 2, 1, 1, 0, 0, 3, 4)), new QTranspose("turned", "pool", "turned"), Product(random, "u", "turned", "u", 12, 8, 16),
            new QSoftmax("soft", "u", "soft", 40000, 18, 40000, 12), new QConstant("constant", "constant", Shorts(random, Rows * 8, 9000)), new QSum("sum", "soft", "constant", "sum", 3, -2, 2),
            new QGatherRows("gathered", "gathered", [new("sum", 1, 20, 2, 2, 1), new("u", 0, 24, 1, 1, 1)]),
            new QNormalize("normed", "gathered", null, "normed", Shorts(random, 8, 6000), [.. Enumerable.Range(0, 8).Select(_ => random.Next(-100_000, 100_000))], 0, 10, 5),
            new QMap("mapped", "normed", "mapped", 30, 300, 14, [.. Enumerable.Range(0, 256).Select(i => (sbyte)Math.Max(-20, unchecked((sbyte)i) / 2))]),
            Product(random, "last", "mapped", "y", 8, 3, 16));
    }

    private static QuantizedGraph WindowOverHeads()
    {
        var random = new Random(4);
        return Graph(
            "y", [Int8("x", 20, 8), Int8("query", 20, 6), Int8("key", 20, 6), Int8("value", 20, 6), Int8("context", 20, 6), Int16("y", 20, 4)],
            Product(random, "query", "x", "query", 8, 6, 24), Product(random, "key", "x", "key", 8, 6, 24), Product(random, "value", "x", "value", 8, 6, 24),
            new QAttention("attention", "query", "key", "value", "context", 2, 3, 40000, 20, 40000, 15, 20, "scores", "softmax", "context"),
            Product(random, "window", "context", "y", 54, 4, 17) with { Window = Image });
    }

    private static QuantizedGraph WindowOverProduct()
    {
        var random = new Random(5);
        return Graph(
            "y", [Int8("x", 20, 8), Int8("other", 6, 8), Int8("product", 20, 6), Int16("y", 20, 4)],
            new QActivationProduct("product", "x", "other", "product", 40000, 24) { IsTransposed = true }, Product(random, "window", "product", "y", 54, 4, 17) with { Window = Image })
            with { MoreInputs = ["other"] };
    }

    /// <summary>No machine runs it.</summary>
    public static QuantizedGraph WindowOverOperand()
    {
        var random = new Random(8);
        return Graph(
            "y", [Int8("x", 20, 6), Int8("other", 20, 6), Int16("product", 20, 20), Int16("window", 20, 20), Int16("y", 20, 20)],
            new QActivationProduct("product", "x", "other", "product", 40000, 17) { IsTransposed = true }, Product(random, "window", "other", "window", 54, 20, 17) with { Window = Image },
            new QSum("y", "product", "window", "y", 1, 1, 1)) with { MoreInputs = ["other"] };
    }

    /// <summary>No machine runs it.</summary>
    public static QuantizedGraph WindowsOverUnlikeGrids()
    {
        var random = new Random(12);
        return Graph(
            "y", [Int8("x", 20, 3), Int16("wide", 20, 4), Int16("high", 20, 4), Int16("y", 20, 4)],
            Product(random, "wide", "x", "wide", 12, 4, 16) with { Window = new(4, 5, 2, 2, 1, 1, 1, 1, 4, 5) },
            Product(random, "high", "x", "high", 12, 4, 16) with { Window = new(5, 4, 2, 2, 1, 1, 1, 1, 5, 4) },
            new QSum("y", "wide", "high", "y", 1, 1, 1));
    }

    private static QuantizedGraph UnlikeNorms()
    {
        var random = new Random(13);
        return Graph(
            "y", [Int8("x", 20, 8), Int16("narrow", 20, 5), Int8("first", 20, 5), Int16("broad", 20, 40), Int8("second", 20, 40), Int16("y", 20, 3)],
            Product(random, "narrow", "x", "narrow", 8, 5, 16), Norm(random, "first", "narrow", 5), Product(random, "broad", "first", "broad", 5, 40, 16), Norm(random, "second", "broad", 40),
            Product(random, "y", "second", "y", 40, 3, 17));
    }

    public static QuantizedGraph NormOfProduct()
    {
        var random = new Random(6);
        return Graph(
            "y", [Int8("x", 20, 8), Int8("other", 6, 8), Int16("product", 20, 6), Int8("normed", 20, 6), Int16("y", 20, 4)],
            new QActivationProduct("product", "x", "other", "product", 40000, 17) { IsTransposed = true },
            Norm(random, "normed", "product", 6),
            Product(random, "last", "normed", "y", 6, 4, 17)) with { MoreInputs = ["other"] };
    }

    /// <summary>With padding, what lies around the tensor would have to be its least element for the one, and what means 0 for the other.</summary>
    public static QuantizedGraph PoolAndWindow(int padding, int zeroPoint)
    {
        var random = new Random(9);
        var window = new Window(4, 5, 2, 2, 1, 1, padding, padding, 3 + padding, 4 + padding);
        return Graph(
            "y", [Int8("x", 20, 8), Int8("image", 20, 3) with { ZeroPoint = zeroPoint }, Int8("pool", window.Outputs, 3) with { ZeroPoint = zeroPoint }, Int16("y", window.Outputs, 4), Int16("last", window.Outputs, 4)],
            Product(random, "image", "x", "image", 8, 3, 24), new QMaximumPool("pool", "image", "pool", window),
            Product(random, "last", "pool", "last", 3, 4, 14),
            Product(random, "y", "image", "y", 12, 4, 16) with { Window = window, Residual = "last" });
    }

    private static QuantizedGraph DilatedPool()
    {
        var random = new Random(10);
        return Graph(
            "y", [Int8("x", 42, 8), Int8("pool", 6, 8), Int16("y", 6, 4)],
            new QMaximumPool("pool", "x", "pool", new(6, 7, 3, 2, 1, 2, 0, 0, 2, 3) { DilationHeight = 2, DilationWidth = 2 }), Product(random, "y", "pool", "y", 8, 4, 16));
    }

    // The one reaches above and to the left of the grid, the other below and to the right, and further.
    private static QuantizedGraph UnlikeWindows()
    {
        var random = new Random(7);
        return Graph(
            "y", [Int8("x", 20, 8), Int8("image", 20, 3), Int16("before", 20, 4), Int16("after", 20, 4), Int16("y", 20, 4)],
            Product(random, "image", "x", "image", 8, 3, 24),
            Product(random, "before", "image", "before", 12, 4, 16) with { Window = new(4, 5, 2, 2, 1, 1, 1, 1, 4, 5) },
            Product(random, "after", "image", "after", 12, 4, 16) with { Window = new(4, 5, 2, 2, 1, 1, 0, 0, 4, 5) { DilationHeight = 2, DilationWidth = 3 } },
            new QSum("y", "before", "after", "y", 1, 1, 1));
    }

    public static QuantizedGraph Transposed() => Graph("y", [Int8("x", 8, 20), Int8("y", 20, 8)], new QTranspose("y", "x", "y"));

    public static QuantizedGraph SoftmaxOfProduct()
    {
        var random = new Random(11);
        return Graph("y", [Int8("x", 20, 8), Int16("u", 20, 11), Int16("y", 20, 11)], Product(random, "u", "x", "u", 8, 11, 16), new QSoftmax("y", "u", "y", 40000, 18, 40000, 12));
    }

    private static QNormalize Norm(Random random, string name, string input, int columns) => new(
        name, input, name, null, Shorts(random, columns, 6000), [.. Enumerable.Range(0, columns).Select(_ => random.Next(-100_000, 100_000))], 17, 0, 5);

    private static QuantizedGraph Graph(string output, QTensor[] tensors, params QLayer[] layers) =>
        new("elements", new string('0', 64), "x", output, tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [.. layers]);

    private static QTensor Int8(string name, int rows, int columns) => new(name, name, rows, columns, QType.Int8, 1);

    private static QTensor Int16(string name, int rows, int columns) => new(name, name, rows, columns, QType.Int16, 1);

    private static QProduct Product(Random random, string name, string input, string output, int k, int n, int shift) => new(
        name, input, output, k, n, [.. Enumerable.Range(0, k * n).Select(_ => (sbyte)random.Next(-127, 128))], [.. Enumerable.Range(0, n).Select(_ => random.Next(-5000, 5000))],
        [.. Enumerable.Range(0, n).Select(_ => (ushort)random.Next(40000, 1 << 16))], shift, [], null, [], 0);

    private static ImmutableArray<short> Shorts(Random random, int count, int amplitude) => [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-amplitude, amplitude))];
}
