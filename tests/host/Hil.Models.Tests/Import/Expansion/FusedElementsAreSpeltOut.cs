using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import.Expansion;

/// <summary>ONNX Runtime's fused activations, normalizations, embeddings and products give the same in plain operators; what they do not, is refused by name.</summary>
public sealed class FusedElementsAreSpeltOut
{
    private const double Tolerance = 1e-5;
    private const int Rows = 5;
    private const int Width = 8;

    public static TheoryData<string> Names() => [.. Cases.Keys];

    public static TheoryData<string> RefusedNames() => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_expansion_gives_what_ONNX_Runtime_gives(string name) => Assert.InRange(Cases[name]().Difference(), 0, Tolerance);

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void What_has_no_expansion_is_refused_by_name(string name) => Refused[name]().AssertRefused();

    private static readonly Dictionary<string, Func<FusedModel>> Cases = new()
    {
        ["BiasGelu"] = () => Model(m => m.Fused("BiasGelu", ["x", m.Constant(Width)])),
        ["FastGelu"] = () => Model(m => m.Fused("FastGelu", ["x", m.Constant(Width)])),
        ["SkipLayerNormalization"] = () => Model(m => m.Fused("SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), m.Constant(Width)])),
        ["SkipLayerNormalization, no beta"] = () => Model(m => m.Fused("SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width)], ("epsilon", 0.1f))),
        ["SkipLayerNormalization, bias"] = () => Model(m => m.Fused(
            "SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), m.Constant(Width), m.Constant(Width)], ("epsilon", 1e-5f))),
        ["SkipLayerNormalization, bias without beta"] = () => Model(m => m.Fused(
            "SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), "", m.Constant(Width)])),
        ["SkipLayerNormalization, the sum too"] = () => Model(m => m.Fused(
            "SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), m.Constant(Width), m.Constant(Width)], ["", "", "sum"], 0)),
        ["SkipLayerNormalization, one skip for all"] = () => Model(m => m.Fused("SkipLayerNormalization", ["x", m.Input("skip", Rows, Width), m.Constant(Width), m.Constant(Width)])),
        ["SkipSimplifiedLayerNormalization"] = () => Model(m => m.Fused("SkipSimplifiedLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width)])),
        ["SkipSimplifiedLayerNormalization, bias and the sum"] = () => Model(m => m.Fused(
            "SkipSimplifiedLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), m.Constant(Width)], ["", "", "sum"], 0, ("epsilon", 1e-3f))),
        ["EmbedLayerNormalization"] = () => Embedding([]),
        ["EmbedLayerNormalization, no segments"] = () => Embedding([], segments: false),
        ["EmbedLayerNormalization, mask counted"] = () => Embedding(["count"], mask: true),
        ["EmbedLayerNormalization, no mask to count"] = () => Embedding(["count"]),
        ["EmbedLayerNormalization, places given"] = () => Embedding(["count"], mask: true, places: true),
        ["EmbedLayerNormalization, the sum too"] = () => Embedding(["count", "sum"], mask: true, epsilon: 0.01f),
        ["FusedMatMul"] = () => Product(null, [1, Rows, Width], [Width, 3]),
        ["FusedMatMul, alpha"] = () => Product(0.25f, [1, Rows, Width], [Width, 3]),
        ["FusedMatMul, alpha 0"] = () => Product(0f, [1, Rows, Width], [Width, 3]),
        ["FusedMatMul, A transposed"] = () => Product(2f, [1, Width, Rows], [1, Width, 3], ("transA", 1)),
        ["FusedMatMul, B transposed"] = () => Product(null, [2, Rows, Width], [2, 3, Width], ("transB", 1)),
        ["FusedMatMul, both transposed"] = () => Product(-1f, [2, 3, Width, Rows], [2, 3, 4, Width], ("transA", 1), ("transB", 1)),
        ["FusedMatMul, batch of A"] = () => Product(null, [Rows, 2, Width], [2, Width, 3], ("transBatchA", 1)),
        ["FusedMatMul, batch of B, transposed"] = () => Product(null, [2, Rows, Width], [3, 2, Width], ("transBatchB", 1), ("transB", 1)),
        ["FusedMatMul, both batches"] = () => Product(null, [Rows, 2, 3, Width], [Width, 2, 3, 4], ("transBatchA", 1), ("transBatchB", 1)),
        ["FusedGemm, Relu"] = () => Gemm("Relu", [Rows, Width], [Width, 3]),
        ["FusedGemm, Tanh, alpha and beta"] = () => Gemm("Tanh", [Rows, Width], [Width, 3], ("alpha", 0.5f), ("beta", 2f)),
        ["FusedConv"] = () => Convolution("Relu"),
        ["FusedConv, bias, pads and strides"] = () => Convolution("Sigmoid", isBiased: true, attributes: [("pads", new long[] { 1, 0, 1, 0 }), ("strides", new long[] { 2, 1 })]),
        ["FusedConv, something added"] = () => Convolution("Tanh", isBiased: true, isAdded: true),
        ["FusedConv, something added, no bias"] = () => Convolution("Relu", isAdded: true),
        ["FusedGemm, Sigmoid, transposed"] = () => Gemm("Sigmoid", [Width, Rows], [3, Width], ("transA", 1), ("transB", 1)),
    };

    private static readonly Dictionary<string, Func<FusedModel>> Refused = new()
    {
        ["SkipLayerNormalization, the mean used"] = () => Model(m => m.Fused(
            "SkipLayerNormalization", ["x", m.Input("skip", 1, Rows, Width), m.Constant(Width), m.Constant(Width)], ["mean"], 0)),
        ["EmbedLayerNormalization, mask index of another kind"] = () => Embedding([], kind: 0),
        ["EmbedLayerNormalization, computed places"] = () => Embedding([], computed: true),
        ["FusedMatMul, unknown axes transposed"] = () => Model(m => m.Fused("FusedMatMul", [m.Tiny.Node("Concat", ["x", "x"], ("axis", 2)), m.Constant(1, Rows, 3)], ("transA", 1))),
        ["FusedGemm, LeakyRelu"] = () => Gemm("LeakyRelu", [Rows, Width], [Width, 3], ("activation_alpha", 0.1f)),
        ["FusedConv, clipped"] = () => Convolution("Clip", attributes: ("activation_params", new float[] { 0, 6 })),
        ["GroupQueryAttention"] = () => Model(m => m.Fused("GroupQueryAttention", ["x", "x", "x"], ("num_heads", 2))),
        ["RotaryEmbedding"] = () => Model(m => m.Fused("RotaryEmbedding", ["x", "x", "x", "x"])),
    };

    private static FusedModel Model(Func<FusedModel, FusedModel> fuse) => fuse(new FusedModel(1, Rows, Width));

    private static FusedModel Product(float? alpha, long[] left, long[] right, params (string, object)[] attributes)
    {
        var m = new FusedModel(left);
        return m.Fused("FusedMatMul", ["x", m.Input("y", right)], [.. attributes, .. alpha is { } a ? new (string, object)[] { ("alpha", a) } : []]);
    }

    private static FusedModel Gemm(string activation, long[] left, long[] right, params (string, object)[] attributes)
    {
        var m = new FusedModel(left);
        return m.Fused("FusedGemm", ["x", m.Constant(right), m.Constant(3)], [.. attributes, ("activation", activation)]);
    }

    private static FusedModel Convolution(string activation, bool isBiased = false, bool isAdded = false, params (string, object)[] attributes)
    {
        var m = new FusedModel(1, 4, 6, 5);
        string[] inputs = ["x", m.Constant(8, 4, 3, 1), isBiased ? m.Constant(8) : "", isAdded ? m.Input("added", 1, 8, 4, 5) : ""];
        return m.Fused(
            "FusedConv", inputs[..(isAdded ? 4 : isBiased ? 3 : 2)], [.. attributes, ("activation", activation), ("kernel_shape", new long[] { 3, 1 })]);
    }

    private static FusedModel Embedding(
        string[] more, bool segments = true, bool mask = false, bool places = false, float epsilon = 1e-12f, int kind = 1, bool computed = false)
    {
        var m = new FusedModel(1, 1, 1);
        string Ids(string name, params float[] values) => m.Input(name, TensorData.Int32, [1, Rows], values);
        var table = m.Constant(Rows + 2, Width);
        string[] inputs =
        [
            Ids("ids", 3, 0, 9, 9, 1), segments ? Ids("segments", 0, 0, 1, 1, 1) : "", m.Constant(10, Width), computed ? m.Tiny.Node("Neg", [table]) : table,
            segments ? m.Constant(2, Width) : "", m.Constant(Width), m.Constant(Width), mask ? Ids("mask", 1, 1, 1, 0, 0) : "",
            places ? Ids("places", 6, 2, 2, 0, 1) : "",
        ];
        var last = Array.FindLastIndex(inputs, i => i.Length > 0);
        return m.Fused("EmbedLayerNormalization", inputs[..(last + 1)], more.Length == 0 ? ["count"] : more, 0, ("epsilon", epsilon), ("mask_index_type", kind));
    }
}
