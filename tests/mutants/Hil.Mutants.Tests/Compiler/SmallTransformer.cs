using System.Collections.Immutable;
using Hil.Models.Quantized;

namespace Hil.Mutants.Tests.Compiler;

/// <summary>One block of a transformer with random weights, scaled so that all tensors use their range: a wide input, positions, two heads, a residual.</summary>
internal static class SmallTransformer
{
    private const int InputRows = 6;
    private const int Features = 5;
    private const int Rows = 7;
    private const int Width = 8;
    private const ushort Multiplier = 40000;

    public static QuantizedGraph Make(int seed)
    {
        var random = new Random(seed);
        QTensor[] tensors =
        [
            new("x", "x", InputRows, Features, QType.Wide15, 1),
            Wide("stream"), Wide("after"), Narrow("normed"), Narrow("query"), Narrow("key"), Narrow("value"), Narrow("context"),
        ];
        QLayer[] layers =
        [
            Product(random, "embed", "x", "stream", Features, 25) with { Initial = Shorts(random, Rows * Width, 8000), OutputRowOffset = 1 },
            new QNormalize(
                "norm", "stream", "normed", null, Shorts(random, Width, 6000), [.. Enumerable.Range(0, Width).Select(_ => random.Next(-100_000, 100_000))], 17, 0, 5),
            Product(random, "query", "normed", "query", Width, 24), Product(random, "key", "normed", "key", Width, 24),
            Product(random, "value", "normed", "value", Width, 24),
            new QAttention("attention", "query", "key", "value", "context", 2, Width / 2, Multiplier, 20, Multiplier, 15, Rows, "scores", "softmax", "context"),
            Product(random, "project", "context", "after", Width, 19) with { Residual = "stream" },
        ];
        return new QuantizedGraph(
            "small-transformer", new string('0', 64), "x", "after", tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [.. layers]);
    }

    public static float[] Input(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, InputRows * Features).Select(_ => (float)random.Next(-16000, 16001))];
    }

    private static QTensor Narrow(string name) => new(name, name, Rows, Width, QType.Int8, 1);

    private static QTensor Wide(string name) => new(name, name, Rows, Width, QType.Int16, 1);

    private static QProduct Product(Random random, string name, string input, string output, int k, int shift) => new(
        name, input, output, k, Width, [.. Enumerable.Range(0, k * Width).Select(_ => (sbyte)random.Next(-127, 128))],
        [.. Enumerable.Range(0, Width).Select(_ => random.Next(-5000, 5000))],
        [.. Enumerable.Range(0, Width).Select(_ => (ushort)random.Next(Multiplier, 1 << 16))], shift, [], null, [], 0);

    private static ImmutableArray<short> Shorts(Random random, int count, int amplitude) =>
        [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-amplitude, amplitude))];
}
