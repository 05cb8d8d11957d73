using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Models.Tests.Quantized;

/// <summary>A sound graph with every element-wise and rearranging layer, two inputs and a mask, and one change to it for every rule.</summary>
public sealed class EveryRuleOfAnElementIsChecked
{
    private const int Constant = 0;
    private const int Sum = 1;
    private const int Softmax = 2;
    private const int Gather = 3;
    private const int Pool = 5;
    private const int Transpose = 6;
    private const int Attention = 7;
    private const int Product = 8;
    private const int Beside = 9;

    [Fact]
    public void The_sound_graph_is_sound() => Assert.Null(QuantizedGraphChecks.FirstError(Sound()));

    public static TheoryData<string, Func<QuantizedGraph, QuantizedGraph>> Changes => new()
    {
        { "a constant is int16", g => Tensor(g, "c", t => t with { Type = QType.Int8 }) },
        { "a value an element", g => Layer<QConstant>(g, Constant, c => c with { Values = default }) },
        { "a value an element", g => Layer<QConstant>(g, Constant, c => c with { Values = [1] }) },
        { "a sum is of int16", g => Tensor(g, "s", t => t with { Type = QType.Int8 }) },
        { "a sum is of int16", g => Tensor(g, "x", t => t with { Type = QType.Int8 }) },
        { "its tensors differ in shape", g => Tensor(g, "x", t => t with { Rows = 5 }) },
        { "its tensors differ in shape", g => Tensor(g, "x", t => t with { Columns = 7 }) },
        { "its tensors differ in shape", g => Layer<QConstant>(Tensor(g, "c", t => t with { Rows = 5 }), Constant, c => c with { Values = [.. new short[30]] }) },
        { "its shift is out of range", g => Layer<QSum>(g, Sum, s => s with { Shift = -1 }) },
        { "its shift is out of range", g => Layer<QSum>(g, Sum, s => s with { Shift = 64 }) },
        { "it reads and gives int16", g => Tensor(g, "p", t => t with { Type = QType.Int8 }) },
        { "it reads and gives int16", g => Layer<QSoftmax>(g, Softmax, s => s with { Input = "y" }) },
        { "input and output differ in shape", g => Tensor(g, "p", t => t with { Columns = 5 }) },
        { "input and output differ in shape", g => Tensor(g, "p", t => t with { Rows = 5 }) },
        { "more than 4095 columns", Wide },
        { "a shift is out of range", g => Layer<QSoftmax>(g, Softmax, s => s with { ScoreShift = -1 }) },
        { "a shift is out of range", g => Layer<QSoftmax>(g, Softmax, s => s with { ScoreShift = 64 }) },
        { "a shift is out of range", g => Layer<QSoftmax>(g, Softmax, s => s with { Shift = -1 }) },
        { "a shift is out of range", g => Layer<QSoftmax>(g, Softmax, s => s with { Shift = 64 }) },
        { "of one run of rows or more", g => Tensor(g, "g", t => t with { Type = QType.Int8 }) },
        { "before any layer writes it", g => Run(g, r => r with { Input = "nobody" }) },
        { "int16 of the output's columns", g => Run(g, r => r with { Input = "y" }) },
        { "int16 of the output's columns", g => Tensor(g, "g", t => t with { Columns = 5 }) },
        { "its rows are out of range", g => Run(g, r => r with { First = -1 }) },
        { "its rows are out of range", g => Run(g, r => r with { Count = 0 }) },
        { "its rows are out of range", g => Run(g, r => r with { Step = 0 }) },
        { "its rows are out of range", g => Run(g, r => r with { Step = 4 }) },
        { "as many rows as the output", g => Run(g, r => r with { Count = 1 }) },
        { "a shift is out of range", g => Run(g, r => r with { Shift = -1 }) },
        { "a shift is out of range", g => Run(g, r => r with { Shift = 64 }) },
        { "its window does not match", g => Layer<QMaximumPool>(g, Pool, p => p with { Window = p.Window with { StrideWidth = 0 } }) },
        { "its window does not match", g => Layer<QMaximumPool>(g, Pool, p => p with { Window = p.Window with { Height = 3 } }) },
        { "its window does not match", g => Layer<QMaximumPool>(g, Pool, p => p with { Window = p.Window with { OutputWidth = 2 } }) },
        { "differ in columns", g => Tensor(g, "m", t => t with { Columns = 5 }) },
        { "input and output are int8 of one scale", g => Tensor(g, "m", t => t with { Scale = 3 }) },
        { "input and output are int8 of one scale", g => Tensor(g, "m", t => t with { ZeroPoint = 3 }) },
        { "input and output are int8 of one scale", g => Tensor(g, "m", t => t with { Type = QType.Int16 }) },
        { "input and output are int8 of one scale", g => Layer<QMaximumPool>(g, Pool, p => p with { Input = "x" }) },
        { "a window lies outside of the grid", g => Layer<QMaximumPool>(g, Pool, p => p with { Window = p.Window with { PadTop = 9 } }) },
        { "not of the transposed shape", g => Tensor(g, "t", t => t with { Rows = 5 }) },
        { "not of the transposed shape", g => Tensor(g, "t", t => t with { Columns = 5 }) },
        { "input and output are int8 of one scale", g => Tensor(g, "t", t => t with { Scale = 3 }) },
        { "input and output are int8 of one scale", g => Layer<QTranspose>(g, Transpose, t => t with { Input = "x" }) },
        { "it has no batch", g => Layer<QActivationProduct>(g, Product, p => p with { Batches = 0 }) },
        { "no equal blocks", g => Layer<QActivationProduct>(g, Product, p => p with { Batches = 3 }) },
        { "no equal blocks", g => Layer<QActivationProduct>(Tensor(g, "r", t => t with { Rows = 5 }), Product, p => p with { Batches = 2 }) },
        { "no equal blocks", g => Layer<QActivationProduct>(Tensor(g, "b", t => t with { Columns = 7 }), Beside, p => p with { Batches = 2 }) },
        { "differ in what is summed", g => Layer<QActivationProduct>(g, Product, p => p with { IsTransposed = false }) },
        { "differ in what is summed", g => Layer<QActivationProduct>(g, Product, p => p with { Right = "t" }) },
        { "the shape of the products", g => Tensor(g, "r", t => t with { Columns = 5 }) },
        { "the shape of the products", g => Tensor(g, "r", t => t with { Rows = 5 }) },
        { "it reads int8.", g => Layer<QActivationProduct>(g, Product, p => p with { Left = "x" }) },
        { "it reads int8.", g => Layer<QActivationProduct>(g, Product, p => p with { Right = "x" }) },
        { "its tensors have no zero point", g => Tensor(g, "b", t => t with { ZeroPoint = 1 }) },
        { "its tensors have no zero point", g => Layer<QActivationProduct>(Tensor(g, "long", t => t with { ZeroPoint = 1 }), Product, p => p with { Left = "long" }) },
        { "its tensors have no zero point", g => Layer<QActivationProduct>(Tensor(g, "long", t => t with { ZeroPoint = 1 }), Product, p => p with { Right = "long" }) },
        { "blocks beside each other are int8", g => Tensor(g, "b", t => t with { Type = QType.Int16 }) },
        { "could overflow 32 bits", Long },
        { "its shift is out of range", g => Layer<QActivationProduct>(g, Product, p => p with { Shift = -1 }) },
        { "its shift is out of range", g => Layer<QActivationProduct>(g, Product, p => p with { Shift = 64 }) },
        { "length of its first row", g => Layer<QAttention>(g, Attention, a => a with { FirstLength = -1 }) },
        { "length of its first row", g => Layer<QAttention>(g, Attention, a => a with { FirstLength = 5 }) },
        { "length of its first row", g => Layer<QAttention>(g, Attention, a => a with { FirstLength = 3 }) },
        { "its keys do not have", g => Layer<QAttention>(g, Attention, a => a with { Keys = default }) },
        { "its keys do not have", g => Layer<QAttention>(g, Attention, a => a with { Keys = [1] }) },
        { "its keys do not have", g => Layer<QAttention>(g, Attention, a => a with { Keys = [1, 0, 1, 1] }) },
        { "no mask of its keys", g => Layer<QAttention>(g, Attention, a => a with { Mask = "nobody" }) },
        { "no mask of its keys", g => g with { Masks = [new QMask("mask", new MaskInput("tokens", MaskMeaning.Keeps, 3, false))] } },
        { "further inputs or masks are missing", g => g with { MoreInputs = default } },
        { "further inputs or masks are missing", g => g with { Masks = default } },
        { "the input 'nobody'", g => g with { MoreInputs = ["nobody"] } },
        { "the input ''", g => g with { MoreInputs = [null!] } },
        { "an input is listed twice", g => g with { MoreInputs = ["x"] } },
        { "its name or its number of keys", g => g with { Masks = [new QMask("x", new MaskInput("tokens", MaskMeaning.Keeps, 4, false))] } },
        { "its name or its number of keys", g => g with { Masks = [new QMask("mask", new MaskInput("tokens", MaskMeaning.Keeps, 0, false))] } },
        { "its name or its number of keys", g => g with { Masks = [new QMask("mask", new MaskInput("tokens", MaskMeaning.Keeps, (1 << 20) + 1, false))] } },
        { "its name or its number of keys", g => g with { Masks = [new QMask("mask", null!)] } },
        { "no permutation", g => Tensor(g, "x", t => t with { Order = new TensorOrder([4, 6], [6, 2]) }) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_broken_rule_is_named(string message, Func<QuantizedGraph, QuantizedGraph> change) =>
        Assert.Contains(message, QuantizedGraphChecks.FirstError(change(Sound())), StringComparison.Ordinal);

    [Fact]
    public void The_graph_comes_back_from_its_file()
    {
        byte[] bytes = QuantizedGraphFile.Write(Sound());

        Assert.Equal(bytes, QuantizedGraphFile.Write(QuantizedGraphFile.Read(bytes, "graph.json")));
    }

    private static QuantizedGraph Layer<T>(QuantizedGraph graph, int index, Func<T, T> change)
        where T : QLayer => graph with { Layers = graph.Layers.SetItem(index, change((T)graph.Layers[index])) };

    private static QuantizedGraph Run(QuantizedGraph graph, Func<QRowRun, QRowRun> change) =>
        Layer<QGatherRows>(graph, Gather, g => g with { Runs = [g.Runs[0], change(g.Runs[1])] });

    private static QuantizedGraph Tensor(QuantizedGraph graph, string name, Func<QTensor, QTensor> change) =>
        graph with { Tensors = graph.Tensors.SetItem(name, change(graph.Tensors[name])) };

    // A sum of one element more than 32 bits can hold.
    private static QuantizedGraph Long(QuantizedGraph graph) => Layer<QActivationProduct>(
        Tensor(graph, "long", t => t with { Columns = QActivationProduct.LongestSum + 1 }), Product, p => p with { Left = "long", Right = "long" });

    private static QuantizedGraph Wide(QuantizedGraph graph)
    {
        foreach (var name in new[] { "c", "x", "s", "p" })
        {
            graph = Tensor(graph, name, t => t with { Columns = 4096 });
        }

        return Layer<QConstant>(graph, Constant, c => c with { Values = [.. new short[4 * 4096]] });
    }

    private static QuantizedGraph Sound()
    {
        QTensor[] tensors =
        [
            new("x", "x", 4, 6, QType.Int16, 1), new("y", "y", 4, 6, QType.Int8, 2), new("c", "c", 4, 6, QType.Int16, 1), new("s", "s", 4, 6, QType.Int16, 1),
            new("p", "p", 4, 6, QType.Int16, 1), new("g", "g", 5, 6, QType.Int16, 1), new("i", "i", 4, 6, QType.Int8, 2), new("m", "m", 1, 6, QType.Int8, 2),
            new("t", "t", 6, 4, QType.Int8, 2), new("a", "a", 4, 6, QType.Int8, 2),
            new("r", "r", 4, 4, QType.Int16, 1), new("b", "b", 4, 8, QType.Int8, 2), new("long", "long", 4, 6, QType.Int8, 2),
        ];
        return new QuantizedGraph(
            "m", "00", "x", "a", tensors.ToImmutableSortedDictionary(t => t.Name, t => t),
            [
                new QConstant("constant", "c", [.. new short[24]]),
                new QSum("sum", "x", "c", "s", 1, -1, 1),
                new QSoftmax("softmax", "s", "p", 1, 1, 1, 1),
                new QGatherRows("gather", "g", [new("s", 0, 3, 1, 1, 0), new("p", 1, 2, 2, 1, 0)]),
                new QMap("map", "s", "i", 0, 1, 0, []),
                new QMaximumPool("pool", "i", "m", new Window(2, 2, 2, 2, 1, 1, 0, 0, 1, 1)),
                new QTranspose("transpose", "i", "t"),
                new QAttention("attend", "i", "i", "y", "a", 2, 3, 1, 1, 1, 1, 4, "s", "p", "c") { Mask = "mask" },
                new QActivationProduct("product", "i", "i", "r", 1, 1) { IsTransposed = true },
                new QActivationProduct("beside", "i", "t", "b", 1, 1) { Batches = 2, IsLeftBeside = true, IsOutputBeside = true },
            ])
        {
            MoreInputs = ["y", "long"],
            Masks = [new QMask("mask", new MaskInput("tokens", MaskMeaning.Keeps, 4, false))],
        };
    }
}
