using Google.Protobuf;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;
using Hil.Models.Tests.Import.Quantized;
using static Hil.Models.Import.ImporterFault;

namespace Hil.Mutants.Tests.Importer;

/// <summary>Of sums and products of two activations, and of activations with a scale a channel.</summary>
internal static partial class ImporterMutants
{
    private const double WeightScale = 1 / 120.0;

    private static Mutant[] OfTwoActivations() =>
    [
        Wrong(GateFactorLost, m => m.Node("Mul", [Times(m, "x", 0.5), Linear(m, "x", 1)])),
        Wrong(DifferenceAdded, m => m.Node("Sub", [Linear(m, "x", 1), Linear(m, "x", 2)])),
        Wrong(ConstantSumTurned, m => m.Node("Sub", [m.Weights(2, Rows, Width), m.Node("Relu", [Linear(m, "x", 1)])])),
        Wrong(ProductSignLost, m => m.Node("MatMul", [Times(m, Linear(m, "x", 1), -1), Turned(m, "x")])),
        Wrong(TransposedFactorLost, m => m.Node("MatMul", [Square(m, 1), Turned(m, Square(m, 2))])),
        Wrong(FactorOfFirstBatch, m => m.Node("MatMul", [Batched(m, 1), Batched(m, 2)])),
        Wrong(SharedActivationScaled, m =>
        {
            string product = m.Node("MatMul", [Square(m, 1), Turned(m, Square(m, 2))]);
            return m.Node("Add", [Times(m, product, 3), product]);
        }),
        Wrong(RowsSoftmaxAxisIgnored, m => m.Node("Softmax", [Linear(m, "x", 1)], ("axis", 1))),
        Refused(NegativeSoftmaxUnchecked, "Softmax", "negative number", m =>
        {
            string given = Linear(m, "x", 1);
            return m.Node("Add", [Softmax(m, Times(m, given, -2)), given]);
        }),
    ];

    private static Mutant[] OfTables() =>
    [
        Wrong(ColumnsAlike, m => m.Node("Max", [Linear(m, "x", 1), m.Weights(2, Width)])),
        Wrong(EntriesFromBottom, m => m.Node(
            "DequantizeLinear",
            [
                m.Node("Gather", [m.Bytes(true, [.. Enumerable.Range(0, 256).Select(i => (i < 128 ? i : 256 - i) - 64)], 256), m.Node("Cast", [Steps(m, Linear(m, "x", 1))], ("to", 6))], ("axis", 0)),
                m.Scalar(0.02), m.Zero(true, 0),
            ])),
        Wrong(SummandFactorLost, m => m.Node("Add", [Times(m, "x", 0.5), Times(m, Softmax(m, "x"), 3)])),
        Refused(AnyConditionMasks, "Where", "very negative constant", m => Attended(m, s => m.Node(
            "Where", [m.Node("Not", [Condition(m)]), Softmax(m, m.Node("Where", [Condition(m), s, m.Number(-1e9)])), m.Number(0)]))),
    ];

    private static string Steps(TinyModel m, string x) => m.Node("QuantizeLinear", [x, m.Scalar(0.02), m.Zero(true, 0)]);

    private static Mutant[] OfChannelScales() =>
    [
        Wrong(ChannelBiasLost, m => Read(m, Channels(m, m.Node("Add", [Dense(m, "x", 1), m.Weights(5, Width)])))),
        Wrong(ChannelReadersLost, m => Read(m, Channels(m, Dense(m, "x", 1)))),
        Wrong(ChannelReadersUnchecked, m => m.Node("Add", [Channels(m, Dense(m, "x", 1)), m.Weights(5, Width)])),
        Wrong(ChannelGiverShared, m =>
        {
            string given = Dense(m, "x", 1);
            return m.Node("Add", [Read(m, Channels(m, given)), Dense(m, given, 4)]);
        }),
        Wrong(ChannelTransposeIgnored, m => m.Node("Gemm", [Channels(m, Dense(m, Flat(m), 1)), Matrix(m, 3)], ("transB", 1))),
    ];

    private static string Times(TinyModel m, string x, double factor) => m.Node("Mul", [x, m.Number(factor)]);

    private static string Turned(TinyModel m, string x) => m.Node("Transpose", [x], ("perm", LastTwo));

    private static string Square(TinyModel m, int seed) => m.Node("MatMul", ["x", m.Weights(seed, Width, Rows)]);

    /// <summary>The rows in two batches of three, as wide as they are long.</summary>
    private static string Batched(TinyModel m, int seed) => m.Node("Reshape", [m.Node("MatMul", ["x", m.Weights(seed, Width, Rows / 2)]), m.Integers(2, Rows / 2, Rows / 2)]);

    private static string Read(TinyModel m, string x) => m.Node("MatMul", [x, Matrix(m, 3)]);

    private static string Dense(TinyModel m, string x, int seed) => m.Node("MatMul", [x, Matrix(m, seed)]);

    private static string Matrix(TinyModel m, int seed) => m.Node(
        "DequantizeLinear", [Integers(m, $"w{seed}", [.. Enumerable.Range(0, Width * Width).Select(i => (int)(127 * Math.Sin((i * 1.37) + (seed * 11))))], Width, Width), m.Number(WeightScale)]);

    /// <summary>A quantizer whose scales differ by up to two, the finest of which reaches as far as the values do.</summary>
    private static string Channels(TinyModel m, string x)
    {
        string[] parameters =
        [
            m.Constant([.. Enumerable.Range(0, Width).Select(i => 0.032f * (1 + (0.5f * (i % 3))))], Width),
            Integers(m, "zeros", new int[Width], Width),
        ];
        return m.Node("DequantizeLinear", [m.Node("QuantizeLinear", [x, .. parameters], ("axis", -1)), .. parameters], ("axis", -1));
    }

    private static string Integers(TinyModel m, string name, int[] values, params long[] dims)
    {
        m.Proto.Graph.Initializer.Add(new TensorProto { Name = name, DataType = 3, Dims = { dims }, RawData = ByteString.CopyFrom([.. values.Select(v => unchecked((byte)v))]) });
        return name;
    }
}
