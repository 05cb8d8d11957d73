using System.Collections.Immutable;
using Hil.Models.Quantized;

namespace Hil.Models.Tests.Quantized;

/// <summary>A sound graph with a layer of every kind, and one change to it for every rule.</summary>
public sealed class EveryRuleOfALayerIsChecked
{
    private const int Embed = 0;
    private const int Normalize = 1;
    private const int Attention = 5;
    private const int Project = 6;
    private const int Map = 7;
    private const int Select = 8;

    private static readonly ImmutableArray<sbyte> Table = [.. new sbyte[256]];

    [Fact]
    public void The_sound_graph_is_sound() => Assert.Null(QuantizedGraphChecks.FirstError(Sound()));

    public static TheoryData<string, Func<QuantizedGraph, QuantizedGraph>> Changes => new()
    {
        { "K and N do not match", g => Layer<QProduct>(g, Embed, p => p with { N = 7 }) },
        { "reads int8 or a wide input", g => Tensor(g, "n8", t => t with { Type = QType.Int16 }) is var h ? Layer<QNormalize>(h, Normalize, n => n with { Output8 = null, Output16 = "n8" }) : g },
        { "K·N weights", g => Layer<QProduct>(g, Embed, p => p with { Weights = default }) },
        { "−127 … 127", g => Layer<QProduct>(g, Embed, p => p with { Weights = p.Weights.SetItem(3, sbyte.MinValue) }) },
        { "N biases and multipliers", g => Layer<QProduct>(g, Embed, p => p with { Bias = default }) },
        { "N biases and multipliers", g => Layer<QProduct>(g, Embed, p => p with { Bias = [1] }) },
        { "N biases and multipliers", g => Layer<QProduct>(g, Embed, p => p with { Multiplier = default }) },
        { "N biases and multipliers", g => Layer<QProduct>(g, Embed, p => p with { Multiplier = [1] }) },
        { "256 entries", g => Layer<QProduct>(g, 2, p => p with { Table = default }) },
        { "256 entries", g => Layer<QProduct>(g, 2, p => p with { Table = [1] }) },
        { "needs an int8 output", g => Layer<QProduct>(g, Embed, p => p with { Table = Table }) },
        { "shift is out of range", g => Layer<QProduct>(g, Embed, p => p with { Shift = 64 }) },
        { "shift is out of range", g => Layer<QProduct>(g, Embed, p => p with { Shift = -1 }) },
        { "initial values do not have", g => Layer<QProduct>(g, Embed, p => p with { Initial = default }) },
        { "initial values do not have", g => Layer<QProduct>(g, Embed, p => p with { Initial = [1] }) },
        { "both a residual and initial", g => Layer<QProduct>(g, Project, p => p with { Initial = [.. new short[32]] }) },
        { "only an int16 output", g => Layer<QProduct>(g, 2, p => p with { Initial = [.. new short[32]] }) },
        { "do not fit the output", g => Layer<QProduct>(g, Embed, p => p with { OutputRowOffset = -1 }) },
        { "do not fit the output", g => Layer<QProduct>(g, Embed, p => p with { OutputRowOffset = 1 }) },
        { "never written", g => Tensor(g, "x", t => t with { Rows = 3 }) },
        { "residual and output differ", g => Tensor(g, "s2", t => t with { Scale = 0.5 }) },
        { "residual and output differ", g => Layer<QProduct>(g, Project, p => p with { Residual = "n16" }) is var h ? Tensor(h, "n16", t => t with { Scale = 9 }) : g },
        { "residual and output differ", g => Layer<QProduct>(g, Project, p => p with { Residual = "n8" }) },
        { "residual and output differ", g => Layer<QProduct>(g, Project, p => p with { Residual = "x" }) },
        { "heads times head size", g => Layer<QAttention>(g, Attention, a => a with { Heads = 0 }) },
        { "heads times head size", g => Layer<QAttention>(g, Attention, a => a with { HeadSize = 0 }) },
        { "heads times head size", g => Layer<QAttention>(g, Attention, a => a with { Heads = 3 }) },
        { "do not match in shape", g => Layer<QAttention>(g, Attention, a => a with { Key = "x" }) },
        { "do not match in shape", g => Layer<QAttention>(g, Attention, a => a with { Value = "x" }) },
        { "do not match in shape", g => Tensor(g, "a", t => t with { Columns = 9 }) },
        { "do not match in shape", g => Tensor(g, "a", t => t with { Rows = 9 }) },
        { "do not match in shape", g => Layer<QAttention>(g, Attention, a => a with { Value = "top" }) is var h ? Insert(h, Attention, new QSelectRows("cut", "v", "top", 0, 2)) : g },
        { "all its tensors are int8", g => Layer<QAttention>(g, Attention, a => a with { Key = "n16" }) },
        { "no zero point", g => Tensor(g, "v", t => t with { ZeroPoint = 1 }) },
        { "a shift is out of range", g => Layer<QAttention>(g, Attention, a => a with { ScoreShift = -1 }) },
        { "a shift is out of range", g => Layer<QAttention>(g, Attention, a => a with { ScoreShift = 64 }) },
        { "a shift is out of range", g => Layer<QAttention>(g, Attention, a => a with { ContextShift = -1 }) },
        { "a shift is out of range", g => Layer<QAttention>(g, Attention, a => a with { ContextShift = 64 }) },
        { "valid length", g => Layer<QAttention>(g, Attention, a => a with { ValidLength = 0 }) },
        { "valid length", g => Layer<QAttention>(g, Attention, a => a with { ValidLength = 5 }) },
        { "no equal windows", g => Layer<QAttention>(g, Attention, a => a with { Windows = 0 }) },
        { "no equal windows", g => Layer<QAttention>(g, Attention, a => a with { Windows = 3 }) },
        { "of one window is masked", g => Layer<QAttention>(g, Attention, a => a with { Windows = 2 }) },
        { "of one window is masked", g => Layer<QAttention>(g, Attention, a => a with { Windows = 2, ValidLength = 2, Causal = true, FirstLength = 1 }) },
        { "of one window is masked", g => Layer<QAttention>(g, Attention, a => a with { Windows = 2, ValidLength = 2, FirstLength = 2, Keys = [1, 1] }) },
        { "its bias does not have", g => Layer<QAttention>(g, Attention, a => a with { Bias = default }) },
        { "its bias does not have", g => Layer<QAttention>(g, Attention, a => a with { Bias = [1] }) },
        { "its bias does not have", g => Layer<QAttention>(g, Attention, a => a with { Windows = 2, ValidLength = 2, FirstLength = 2, Bias = [.. new short[12]] }) },
        { "it has no output", g => Layer<QNormalize>(g, Normalize, n => n with { Output8 = null, Output16 = null }) },
        { "it reads int16", g => Layer<QNormalize>(g, Normalize, n => n with { Input = "x" }) },
        { "output8 must be int8", g => Tensor(g, "n8", t => t with { Rows = 3 }) },
        { "output8 must be int8", g => Tensor(g, "n8", t => t with { Columns = 3 }) },
        { "output8 must be int8", g => Tensor(g, "n8", t => t with { Type = QType.Int16 }) },
        { "output16 must be int16", g => Tensor(g, "n16", t => t with { Rows = 3 }) },
        { "output16 must be int16", g => Tensor(g, "n16", t => t with { Columns = 3 }) },
        { "output16 must be int16", g => Tensor(g, "n16", t => t with { Type = QType.Int8 }) },
        { "more than 1024 columns", Wide },
        { "a gain and a bias a column", g => Layer<QNormalize>(g, Normalize, n => n with { Gain = default }) },
        { "a gain and a bias a column", g => Layer<QNormalize>(g, Normalize, n => n with { Gain = [1] }) },
        { "a gain and a bias a column", g => Layer<QNormalize>(g, Normalize, n => n with { Bias = default }) },
        { "a gain and a bias a column", g => Layer<QNormalize>(g, Normalize, n => n with { Bias = [1] }) },
        { "a shift is out of range", g => Layer<QNormalize>(g, Normalize, n => n with { Shift8 = -1 }) },
        { "a shift is out of range", g => Layer<QNormalize>(g, Normalize, n => n with { Shift8 = 64 }) },
        { "a shift is out of range", g => Layer<QNormalize>(g, Normalize, n => n with { Shift16 = -1 }) },
        { "a shift is out of range", g => Layer<QNormalize>(g, Normalize, n => n with { Shift16 = 64 }) },
        { "input and output differ in shape", g => Tensor(g, "m", t => t with { Rows = 3 }) },
        { "input and output differ in shape", g => Tensor(g, "m", t => t with { Columns = 3 }) },
        { "it maps int8 and int16 only", g => Layer<QMap>(Tensor(g, "m", t => t with { Columns = 6 }), Map, m => m with { Input = "x" }) },
        { "its shift is out of range", g => Layer<QMap>(g, Map, m => m with { Shift = -1 }) },
        { "its shift is out of range", g => Layer<QMap>(g, Map, m => m with { Shift = 64 }) },
        { "256 entries", g => Layer<QMap>(g, Map, m => m with { Table = default }) },
        { "256 entries", g => Layer<QMap>(g, Map, m => m with { Table = [1] }) },
        { "needs an int8 output", g => Tensor(g, "m", t => t with { Type = QType.Int16 }) },
        { "rows are out of range", g => Layer<QSelectRows>(g, Select, s => s with { First = -1 }) },
        { "rows are out of range", g => Layer<QSelectRows>(g, Select, s => s with { Count = 0 }) },
        { "rows are out of range", g => Layer<QSelectRows>(g, Select, s => s with { First = 4 }) },
        { "the selected shape", g => Tensor(g, "r", t => t with { Rows = 2 }) },
        { "the selected shape", g => Tensor(g, "r", t => t with { Columns = 2 }) },
        { "differ in type, scale or zero point", g => Tensor(g, "r", t => t with { Type = QType.Int16 }) },
        { "differ in type, scale or zero point", g => Tensor(g, "r", t => t with { Scale = 4 }) },
        { "differ in type, scale or zero point", g => Tensor(g, "r", t => t with { ZeroPoint = 4 }) },
        { "differ in type, scale or zero point", g => Layer<QSelectRows>(Tensor(g, "r", t => t with { Columns = 6 }), Select, s => s with { Input = "x" }) },
        { "its kind is unknown", g => g with { Layers = g.Layers.Add(new Stranger("z", "x")) } },
        { "no tensors or no layers", g => g with { Tensors = null! } },
        { "no tensors or no layers", g => g with { Layers = [] } },
        { "it is null", g => g with { Tensors = g.Tensors.SetItem("m", null!) } },
        { "it calls itself", g => Tensor(g, "m", t => t with { Name = "k" }) },
        { "its shape is out of range", g => Tensor(g, "m", t => t with { Rows = 0 }) },
        { "its shape is out of range", g => Tensor(g, "m", t => t with { Rows = (1 << 20) + 1 }) },
        { "its shape is out of range", g => Tensor(g, "m", t => t with { Columns = 0 }) },
        { "its shape is out of range", g => Tensor(g, "m", t => t with { Columns = (1 << 20) + 1 }) },
        { "it is too large", g => Tensor(g, "m", t => t with { Columns = 1 << 20, Rows = 1 << 20 }) },
        { "finite and positive", g => Tensor(g, "m", t => t with { Scale = 0 }) },
        { "zero point is out of range", g => Tensor(g, "m", t => t with { ZeroPoint = 128 }) },
        { "zero point is out of range", g => Tensor(g, "m", t => t with { ZeroPoint = -129 }) },
        { "only int8 has a zero point", g => Tensor(g, "s", t => t with { ZeroPoint = 1 }) },
        { "only an input may be wide", g => Tensor(g, "s", t => t with { Type = QType.Wide15 }) },
        { "no tensor of the graph", g => Tensor(g, "x", t => t with { Type = QType.Int8 }) with { Input = "nobody" } },
        { "or a later one replaces it", g => g with { Output = "nobody" } },
        { "a layer is null", g => g with { Layers = g.Layers.Add(null!) } },
        { "before any layer writes it", g => Layer<QMap>(g, Map, m => m with { Input = "r" }) },
        { "after a product has taken its place", g => Layer<QMap>(g, Map, m => m with { Input = "s" }) },
        { "no tensor of the graph", g => Layer<QMap>(g, Map, m => m with { Output = "nobody" }) },
        { "written twice", g => g with { Layers = g.Layers.Add(g.Layers[Select]) } },
        { "or a later one replaces it", g => g with { Output = "s" } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_broken_rule_is_named(string message, Func<QuantizedGraph, QuantizedGraph> change) =>
        Assert.Contains(message, QuantizedGraphChecks.FirstError(change(Sound())), StringComparison.Ordinal);

    private static QuantizedGraph Layer<T>(QuantizedGraph graph, int index, Func<T, T> change)
        where T : QLayer => graph with { Layers = graph.Layers.SetItem(index, change((T)graph.Layers[index])) };

    private static QuantizedGraph Tensor(QuantizedGraph graph, string name, Func<QTensor, QTensor> change) =>
        graph with { Tensors = graph.Tensors.SetItem(name, change(graph.Tensors[name])) };

    private static QuantizedGraph Insert(QuantizedGraph graph, int index, QLayer layer) => graph with { Layers = graph.Layers.Insert(index, layer) };

    /// <summary>The normalized rows with more columns than the machines' layer norm has.</summary>
    private static QuantizedGraph Wide(QuantizedGraph graph)
    {
        foreach (string name in new[] { "s", "n8", "n16" })
        {
            graph = Tensor(graph, name, t => t with { Columns = 1025 });
        }

        return Layer<QProduct>(graph, Embed, p => Product("embed", "x", "s", 6, 1025));
    }

    private static QProduct Product(string name, string input, string output, int k, int n) =>
        new(name, input, output, k, n, [.. new sbyte[k * n]], [.. new int[n]], [.. new ushort[n]], 10, [], null, [], 0);

    private static QuantizedGraph Sound()
    {
        QTensor[] tensors =
        [
            new("x", "x", 4, 6, QType.Wide15, 1), new("s", "s", 4, 8, QType.Int16, 1), new("n8", "n", 4, 8, QType.Int8, 1),
            new("n16", "n", 4, 8, QType.Int16, 1), new("q", "q", 4, 8, QType.Int8, 1), new("k", "k", 4, 8, QType.Int8, 1),
            new("v", "v", 4, 8, QType.Int8, 1), new("top", "v", 2, 8, QType.Int8, 1), new("a", "a", 4, 8, QType.Int8, 1, 3),
            new("s2", "s2", 4, 8, QType.Int16, 1), new("m", "m", 4, 8, QType.Int8, 1), new("r", "m", 1, 8, QType.Int8, 1),
        ];
        return new QuantizedGraph(
            "m", "00", "x", "r", tensors.ToImmutableSortedDictionary(t => t.Name, t => t),
            [
                Product("embed", "x", "s", 6, 8),
                new QNormalize("norm", "s", "n8", "n16", [.. new short[8]], [.. new int[8]], 1, 1, 1),
                Product("q", "n8", "q", 8, 8), Product("k", "n8", "k", 8, 8), Product("v", "n8", "v", 8, 8),
                new QAttention("attend", "q", "k", "v", "a", 2, 4, 1, 1, 1, 1, 4, "s", "p", "c"),
                Product("project", "a", "s2", 8, 8) with { Residual = "s" },
                new QMap("map", "s2", "m", 0, 1, 0, Table),
                new QSelectRows("first", "m", "r", 0, 1),
            ]);
    }

    private sealed record Stranger(string Name, string Input) : QLayer(Name)
    {
        public override IEnumerable<string> Inputs => [Input];

        public override IEnumerable<string> Outputs => [];
    }
}
