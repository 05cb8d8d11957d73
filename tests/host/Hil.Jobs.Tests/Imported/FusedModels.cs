using Hil.Models.Onnx.Format;
using Hil.Models.Onnx;
using Hil.Models.Tests.Import;

namespace Hil.Jobs.Tests.Imported;

/// <summary>One block of width 16 with two heads in the fused operators that ONNX Runtime's optimizer for transformers writes, put together by hand.</summary>
internal sealed class FusedModels
{
    public const string Writer = "by hand, as ONNX Runtime's transformer optimizer writes";

    private const string Microsoft = "com.microsoft";
    private const int Tokens = 9;
    private const int Words = 20;
    private const int Width = 16;
    private const int Heads = 2;
    private const int Hidden = 32;

    private readonly TinyModel _m;

    private FusedModels(TinyModel m)
    {
        _m = m;
        _m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
    }

    public static IReadOnlyList<(string Writer, string Name, Func<OnnxModel> Read)> All { get; } =
    [
        (Writer, "EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu", () => new FusedModels(new TinyModel("input_ids", 1, Tokens)).Post()),
        (Writer, "MultiHeadAttention, FusedMatMul, FastGelu, SkipSimplifiedLayerNormalization", () => new FusedModels(new TinyModel("x", 1, Tokens, Width)).Pre()),
    ];

    private OnnxModel Post()
    {
        _m.Proto.Graph.Input[0].Type.TensorType.ElemType = TensorData.Int32;
        string x = Fused(
            "EmbedLayerNormalization", ["input_ids", "", _m.Weights(1, Words, Width), _m.Weights(2, Tokens, Width), "", Gain(3), _m.Weights(4, Width)], ("epsilon", 1e-5f));
        _m.Proto.Graph.Node[^1].Output.Add("mask_index");
        string attended = Fused("Attention", [x, Matrix(5, Width, 3 * Width), Row(6, 3 * Width)], ("num_heads", Heads));
        string h = Skip("SkipLayerNormalization", [Product(attended, 7, Width, Width), x, Gain(8), _m.Weights(9, Width), Row(10, Width)]);
        string wide = Fused("BiasGelu", [Product(h, 11, Width, Hidden), Row(12, Hidden)]);
        return _m.Parse(Skip("SkipLayerNormalization", [Product(wide, 13, Hidden, Width), h, Gain(14), _m.Weights(15, Width), Row(16, Width)]));
    }

    private OnnxModel Pre()
    {
        string Projected(int seed) => _m.Node("Add", [Product("x", seed, Width, Width), Row(seed + 20, Width)]);
        string attended = Fused("MultiHeadAttention", [Projected(1), Projected(2), Projected(3)], ("num_heads", Heads));
        string h = Skip("SkipSimplifiedLayerNormalization", [Product(attended, 4, Width, Width), "x", Gain(5)]);
        string wide = Fused("FastGelu", [Fused("FusedMatMul", [h, Matrix(6, Hidden, Width)], ("transB", 1), ("alpha", 0.5f)), Row(7, Hidden)]);
        return _m.Parse(_m.Node("Add", [Product(wide, 8, Hidden, Width), h]));
    }

    private string Skip(string op, string[] inputs) => Fused(op, inputs, ("epsilon", 1e-5f));

    private string Fused(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = _m.Node(op, inputs, attributes);
        _m.Proto.Graph.Node[^1].Domain = Microsoft;
        return output;
    }

    private string Product(string x, int seed, int k, int n) => _m.Node("MatMul", [x, Matrix(seed, k, n)]);

    private string Matrix(int seed, int k, int n) => Small(seed, 1.5 / Math.Sqrt(k), 0, k, n);

    private string Row(int seed, int n) => Small(seed, 0.1, 0, n);

    private string Gain(int seed) => Small(seed, 0.2, 1, Width);

    private string Small(int seed, double size, double around, params long[] dims)
    {
        var random = new Random(seed);
        return _m.Constant([.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(around + (size * ((2 * random.NextDouble()) - 1))))], dims);
    }
}
