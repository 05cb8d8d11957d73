using Google.Protobuf;
using Hil.Models.Import;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;
using static Hil.Models.Import.ImporterFault;

namespace Hil.Mutants.Tests.Importer;

/// <summary>Checks and rules taken from the importer: for each a small model that depends on it.</summary>
internal static partial class ImporterMutants
{
    private const int Rows = 6;
    private const int Width = 8;
    private static readonly long[] LastTwo = [0, 2, 1];

    public static readonly Mutant[] All =
    [
        Unread(WrittenTwice, "there already", m => m.Node("Relu", ["x"]), g => g.Node.Add(g.Node[0].Clone())),
        Unread(ReadBeforeWritten, "no initialiser, input or earlier node", m => m.Node("Relu", ["y"])),
        Unread(NamesRepeat, "no name of its own", m => m.Node("MatMul", ["x", m.Weights(1, Width, 4)]), g => g.Initializer.Add(g.Initializer[0].Clone())),
        Unread(ShapesOfAnySize, "is out of range", m => m.Node("Reshape", ["x", m.Integers(1L << 40, 1)])),
        Refused(OpsetUnchecked, "model", "Opset 9", m => m.Node("MatMul", ["x", m.Weights(1, Width, 4)]), p => p.OpsetImport[0].Version = 9),
        Refused(MoreOutputsIgnored, "model", "2 outputs", m => m.Node("Relu", [Linear(m, "x", 1)]), p => p.Graph.Output.Add(new ValueInfoProto { Name = p.Graph.Node[0].Output[0] })),
        Refused(ControlFlowUnchecked, "Relu", "Control flow", m => m.Node("Relu", [Linear(m, "x", 1)]), p => p.Graph.Node[^1].Attribute.Add(new AttributeProto { Name = "body", Type = 5, G = new GraphProto() })),
        Refused(DomainsUnchecked, "somebody.Relu", "outside the ONNX set", m => m.Node("Relu", [Linear(m, "x", 1)]), p => p.Graph.Node[^1].Domain = "somebody"),
        Refused(SoftCapUnchecked, "Attention", "no such operation", m => Cap(m), p => p.OpsetImport[0].Version = 23),
        Refused(AxesOfKeysUnchecked, "com.microsoft.MultiHeadAttention", "outside", m => Microsoft(m, m.Node("MultiHeadAttention", ["x", Keys(m, "k"), Keys(m, "v")], ("num_heads", 2)))),
        Refused(SoftmaxAxisUnchecked, "Softmax", "softmax of no tensor", m => Attended(m, s => m.Node("Softmax", [s], ("axis", 2)))),
        Refused(ValuesUnchecked, "MatMul", "do not match", m => Attended(m, s => Softmax(m, s), valueHeads: 1)),
        Refused(MaskShapeUnchecked, "Add", "not one row of", m => Attended(m, s => Softmax(m, m.Node("Add", [s, Mask(m, 1, 2, Rows, Rows)])))),
        Refused(SecondMaskUnchecked, "Add", "second mask", m => Attended(m, s => Softmax(m, m.Node("Add", [m.Node("Add", [s, Mask(m, 1, 1, 1, Rows)]), Mask(m, 1, 1, 1, Rows)])))),
        Refused(AnyFillMasks, "Where", "very negative constant", m => Attended(m, s => Softmax(m, m.Node("Where", [Condition(m), s, m.Number(0)])))),
        Refused(CastsUnchecked, "Cast", "another type", m => m.Node("Relu", [m.Node("Cast", [m.Node("Cast", [Linear(m, "x", 1)], ("to", 7))], ("to", 1))])),
        Refused(NegativePoolUnchecked, "MaxPool", "negative number", m => m.Node("MaxPool", [m.Node("Mul", [Conv(m, 1), m.Number(-2)])], ("kernel_shape", new long[] { 2, 2 }))),
        Refused(UnequalPairs, "DequantizeLinear", "", m => Linear(m, m.Node("DequantizeLinear", [m.Node("QuantizeLinear", ["x", m.Number(0.01)]), m.Number(0.02)]), 1)),
        Wrong(HeadsUnchecked, m => Attended(m, s => Softmax(m, s), keyHeads: 1, valueHeads: 1)),
        Wrong(ZeroPointOfUnsigned, m => Linear(m, Quantized(m, m.Node("Relu", [Linear(m, "x", 1)])), 2)),
        Wrong(NegativeScaleIgnored, m => Linear(m, Microsoft(m, m.Node("MultiHeadAttention", [Linear(m, "x", 1), m.Node("Neg", [Linear(m, "x", 2)]), Linear(m, "x", 3)], ("num_heads", 2), ("scale", -2f))), 4), refusal: true),
        Wrong(SkipBiasLost, m => Microsoft(m, m.Node("SkipLayerNormalization", [Linear(m, "x", 1), "x", m.Weights(4, Width), m.Weights(5, Width), m.Weights(6, Width)]))),
        Wrong(BatchTranspositionLost, m => Batches(m)),
        Wrong(CausalLost, m => Linear(m, Microsoft(m, m.Node("MultiHeadAttention", [Linear(m, "x", 1), Linear(m, "x", 2), Linear(m, "x", 3)], ("num_heads", 2), ("unidirectional", 1))), 4)),
        Wrong(SoftmaxOfAnySum, m => Attended(m, s => m.Node("Div", [m.Node("Exp", [s]), m.Node("ReduceSum", [m.Node("Exp", [m.Node("Mul", [s, m.Number(2)])]), m.Integers(-1)])])), refusal: true),
        Wrong(TransposedWeightsLost, m => m.Node("Gemm", [Flat(m), m.Weights(1, Width, Width)], ("transB", 1))),
        Wrong(BetaLost, m => m.Node("Gemm", [Flat(m), m.Weights(1, Width, Width), m.Weights(2, Width)], ("beta", 3f))),
        Wrong(MildBiasMasks, m => Attended(m, s => Softmax(m, m.Node("Add", [s, m.Weights(9, Rows, Rows)])))),
        Wrong(MaskOfFirstHead, m => Attended(m, s => Softmax(m, m.Node("Add", [s, m.Constant([.. Enumerable.Range(0, 2 * Rows * Rows).Select(i => (i + (i / (Rows * Rows))) % 3 == 0 ? -10000f : 0)], 1, 2, Rows, Rows)])))),
        Wrong(DivisionTurned, m => Attended(m, s => Softmax(m, m.Node("Div", [m.Number(2), s]))), refusal: true),
        Wrong(SharedProductChanged, m => Shared(m, t => m.Node("Add", [t, m.Weights(3, Width)]))),
        Wrong(SharedSumActivated, m => Shared(m, t => m.Node("Relu", [t]))),
        Wrong(NegativeStartsCut, m => Linear(m, m.Node("Slice", [Linear(m, "x", 1), m.Integers(-4), m.Integers(100), m.Integers(1), m.Integers(2)]), 2)),
        Wrong(PadsTurned, m => Linear(m, m.Node("Pad", [m.Node("Relu", [Linear(m, "x", 1)]), m.Integers(0, 2, 0, 0, 1, 0)]), 2)),
        Wrong(GroupsIgnored, m => Conv(m, 2)),
        Wrong(DilationLost, m => Conv(m, 1, 2)),
        .. OfTwoActivations(), .. OfChannelScales(), .. OfTables(),
    ];

    private static Mutant Unread(ImporterFault fault, string reason, Func<TinyModel, string> model, Action<GraphProto>? change = null)
    {
        byte[] bytes = Bytes(model, p => change?.Invoke(p.Graph));
        return new("Importer", $"{fault}", planted => ImportCheck.Unread(bytes, reason, planted ? fault : None), $"'{reason}' is not said");
    }

    private static Mutant Refused(ImporterFault fault, string op, string reason, Func<TinyModel, string> model, Action<ModelProto>? change = null)
    {
        byte[] bytes = Bytes(model, change);
        return new("Importer", $"{fault}", planted => ImportCheck.Refused(bytes, op, reason, planted ? fault : None), $"{op} is not refused");
    }

    /// <param name="refusal">Without the fault the model is refused, and so never wrong.</param>
    private static Mutant Wrong(ImporterFault fault, Func<TinyModel, string> model, bool refusal = false)
    {
        byte[] bytes = Bytes(model, null);
        return new(
            "Importer", $"{fault}",
            planted => ImportCheck.Wrong(bytes, planted ? fault : None) is { } report && !(refusal && report.Contains("cannot be computed", StringComparison.Ordinal)) ? report : null,
            "the output");
    }

    private static byte[] Bytes(Func<TinyModel, string> model, Action<ModelProto>? change)
    {
        var m = new TinyModel("x", 1, Rows, Width);
        m.Finish(model(m));
        change?.Invoke(m.Proto);
        return m.Proto.ToByteArray();
    }

    private static string Linear(TinyModel m, string x, int seed) => m.Node("MatMul", [x, m.Weights(seed, Width, Width)]);

    private static string Flat(TinyModel m) => m.Node("Reshape", ["x", m.Integers(Rows, Width)]);

    private static string Softmax(TinyModel m, string scores) => m.Node("Softmax", [scores], ("axis", -1));

    private static string Keys(TinyModel m, string name) => m.Input(name, 1, 1, 2, Rows, Width / 2);

    private static string Mask(TinyModel m, params long[] shape) => m.Node("Mul", [m.Input($"mask{m.Proto.Graph.Input.Count}", 1, shape), m.Number(-10000)]);

    private static string Condition(TinyModel m) => m.Node("Greater", [m.Weights(7, Rows, Rows), m.Number(0)]);

    private static string Microsoft(TinyModel m, string output)
    {
        m.Proto.Graph.Node[^1].Domain = "com.microsoft";
        m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        return output;
    }

    private static string Cap(TinyModel m) =>
        Linear(m, m.Node("Attention", [Linear(m, "x", 1), Linear(m, "x", 2), Linear(m, "x", 3)], ("q_num_heads", 2), ("kv_num_heads", 2), ("softcap", 2f)), 4);

    /// <summary>Queries by heads in front, transposed behind the rows by the fused product itself; the file's axes are as long as each other.</summary>
    private static string Batches(TinyModel m)
    {
        string Heads(int seed) => m.Node("Reshape", [m.Node("Slice", [Linear(m, "x", seed), m.Integers(0), m.Integers(2), m.Integers(1)]), m.Integers(2, 2, 4)]);
        string scores = Microsoft(m, m.Node("FusedMatMul", [Heads(1), Heads(2)], ("transBatchA", 1), ("transBatchB", 1), ("transB", 1)));
        string context = m.Node("MatMul", [Softmax(m, scores), m.Node("Transpose", [Heads(3)], ("perm", new long[] { 1, 0, 2 }))]);
        return Linear(m, m.Node("Reshape", [m.Node("Transpose", [context], ("perm", new long[] { 1, 0, 2 })), m.Integers(1, 2, Width)]), 4);
    }

    private static string Attended(TinyModel m, Func<string, string> weights, int keyHeads = 2, int valueHeads = 2)
    {
        string Heads(int seed, int heads, params long[] order) => m.Node(
            "Transpose", [m.Node("Reshape", [m.Node("MatMul", ["x", m.Weights(seed, Width, heads * 4)]), m.Integers(1, Rows, heads, 4)])], ("perm", order));
        string scores = m.Node("MatMul", [Heads(1, 2, 0, 2, 1, 3), Heads(2, keyHeads, 0, 2, 3, 1)]);
        string context = m.Node("MatMul", [weights(scores), Heads(3, valueHeads, 0, 2, 1, 3)]);
        return Linear(m, m.Node("Reshape", [m.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), m.Integers(1, Rows, Width)]), 4);
    }

    private static string Quantized(TinyModel m, string x)
    {
        string[] parameters = [m.Number(0.015), Zero(m)];
        return m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [x, .. parameters]), .. parameters]);
    }

    private static string Zero(TinyModel m)
    {
        m.Proto.Graph.Initializer.Add(new TensorProto { Name = "zero", DataType = 2, RawData = ByteString.CopyFrom(7) });
        return "zero";
    }

    /// <summary>Two readers of one linear layer, of which one changes it.</summary>
    private static string Shared(TinyModel m, Func<string, string> change)
    {
        string shared = Linear(m, "x", 1);
        return m.Node("Add", [Linear(m, change(shared), 2), Linear(m, shared, 5)]);
    }

    private static string Conv(TinyModel m, int groups, int dilation = 1) => m.Node(
        "Conv", [m.Node("Reshape", [m.Node("Transpose", ["x"], ("perm", LastTwo)), m.Integers(1, Width, 3, 2)]), m.Weights(4, 4, Width / groups, 2, 1)],
        ("group", groups), ("dilations", new long[] { dilation, 1 }), ("kernel_shape", new long[] { 2, 1 }));
}
