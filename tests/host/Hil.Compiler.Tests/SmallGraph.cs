using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>A block of a transformer with random weights, scaled so that its tensors use their range.</summary>
/// <param name="Rows">Positions of the stream.</param>
/// <param name="Hidden">Columns between the two products behind the attention.</param>
internal sealed record SmallGraph(int Rows, int Width, int Heads, int Hidden)
{
    private const int Features = 5;
    private const ushort Multiplier = 40000;

    private Random _random = new(0);

    /// <summary>Columns of a head of the values.</summary>
    public int ValueSize { get; init; } = Width / Heads;

    /// <summary>Keys from the first on that count; all unless it is given.</summary>
    public int ValidLength { get; init; } = Rows;

    public bool IsCausal { get; init; }

    public bool HasMask { get; init; }

    public bool HasKeys { get; init; }

    public bool HasBias { get; init; }

    public int Windows { get; init; } = 1;

    public bool IsRms { get; init; }

    /// <summary>The norm's int16 result is the stream that goes on, as where the norm stands behind the sum.</summary>
    public bool NormsTheStream { get; init; }

    /// <summary>A class token before the positions; else the input has a row for each.</summary>
    public bool HasToken { get; init; }

    /// <summary>The graphs by name: each has something that no other has.</summary>
    public static IReadOnlyDictionary<string, SmallGraph> All { get; } = new Dictionary<string, SmallGraph>
    {
        ["class token, two heads"] = new(13, 8, 2, 20) { HasToken = true },
        ["rows of several accumulators, valid length"] = new(43, 12, 3, 24) { ValidLength = 37 },
        ["causal, root mean square"] = new(21, 16, 2, 12) { IsCausal = true, IsRms = true },
        ["mask from the host"] = new(18, 8, 2, 9) { HasMask = true },
        ["mask from the host, causal, one head"] = new(11, 6, 1, 7) { HasMask = true, IsCausal = true },
        ["constant keys and bias"] = new(15, 12, 2, 10) { HasKeys = true, HasBias = true },
        ["windows, values of another size, norm of the stream"] = new(24, 8, 2, 11) { Windows = 4, HasBias = true, ValueSize = 3, NormsTheStream = true },
    };

    public QuantizedGraph Make()
    {
        _random = new Random(11);
        int values = ValueSize * Heads;
        List<QTensor> tensors =
        [
            new("x", "x", HasToken ? Rows - 1 : Rows, Features, QType.Wide15, 1), Wide("stream"), Wide("after"), Wide("last"), Narrow("normed", Width), Narrow("normed2", Width),
            Narrow("query", Width), Narrow("key", Width), Narrow("value", values), Narrow("context", values), Narrow("hidden", Hidden),
            new("first", "first", 1, Width, QType.Int16, 1), new("first8", "first8", 1, Width, QType.Int8, 1), new("y", "y", 1, 3, QType.Int16, 1),
        ];
        QNormalize second = Norm("norm2", "after", "normed2");
        if (NormsTheStream)
        {
            tensors.Add(Wide("after16"));
            second = second with { Output16 = "after16", Shift16 = 10 };
        }

        QProduct embed = Product("embed", "x", "stream", Features, Width, 25);
        QProduct hidden = Product("hidden", "normed2", "hidden", Width, Hidden, 24) with
        {
            Table = [.. Enumerable.Range(0, 256).Select(i => (sbyte)Math.Max(-20, unchecked((sbyte)i) / 2))],
        };
        QLayer[] layers =
        [
            HasToken ? embed with { Initial = Shorts(Rows * Width, 8000), OutputRowOffset = 1 } : embed,
            Norm("norm", "stream", "normed"),
            Product("query", "normed", "query", Width, Width, 24), Product("key", "normed", "key", Width, Width, 24), Product("value", "normed", "value", Width, values, 24),
            Attention(),
            Product("project", "context", "after", values, Width, 19) with { Residual = "stream" },
            second,
            hidden, Product("out", "hidden", "last", Hidden, Width, 19) with { Residual = NormsTheStream ? "after16" : "after" },
            new QSelectRows("select", "last", "first", 0, 1),
            Norm("norm3", "first", "first8"),
            Product("classify", "first8", "y", Width, 3, 16),
        ];
        return new QuantizedGraph("small", new string('0', 64), "x", "y", tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [.. layers])
        {
            Masks = HasMask ? [new QMask("mask", new MaskInput("mask", MaskMeaning.Keeps, ValidLength, false))] : [],
        };
    }

    private QAttention Attention() => new(
        "attention", "query", "key", "value", "context", Heads, Width / Heads, Multiplier, 20, Multiplier, 15, ValidLength / Windows, "scores", "softmax", "context")
    {
        ValueSize = ValueSize, Windows = Windows, Causal = IsCausal, FirstLength = IsCausal ? 1 : ValidLength / Windows, Mask = HasMask ? "mask" : null,
        Keys = HasKeys ? [.. Enumerable.Range(0, ValidLength).Select(k => (sbyte)(k % 4 == 2 ? 0 : 1))] : [],
        Bias = HasBias ? Shorts(Windows * Heads * (Rows / Windows) * (ValidLength / Windows), 900) : [],
    };

    private QTensor Narrow(string name, int columns) => new(name, name, Rows, columns, QType.Int8, 1);

    private QTensor Wide(string name) => new(name, name, Rows, Width, QType.Int16, 1);

    private QNormalize Norm(string name, string input, string output) => new(
        name, input, output, null, Shorts(Width, 6000), [.. Enumerable.Range(0, Width).Select(_ => _random.Next(-100_000, 100_000))], 17, 0, 5) { Rms = IsRms };

    private QProduct Product(string name, string input, string output, int k, int n, int shift) => new(
        name, input, output, k, n, [.. Enumerable.Range(0, k * n).Select(_ => (sbyte)_random.Next(-127, 128))],
        [.. Enumerable.Range(0, n).Select(_ => _random.Next(-5000, 5000))],
        [.. Enumerable.Range(0, n).Select(_ => (ushort)_random.Next(Multiplier, 1 << 16))], shift, [], null, [], 0);

    private ImmutableArray<short> Shorts(int count, int amplitude) => [.. Enumerable.Range(0, count).Select(_ => (short)_random.Next(-amplitude, amplitude))];
}
