using Hil.Models.Import;
using Hil.Models.Onnx.Format;
using Hil.Models.Onnx;
using Hil.Models.Tests.Import;

namespace Hil.Jobs.Tests.Imported;

/// <summary>
/// One pre-norm block of width 16 with two heads and a classifier, in the spellings of exporters that Debian's PyTorch 1.13 does not have: node for node as
/// they write, put together by hand.
/// </summary>
internal sealed class HandMadeModels
{
    private const int Inputs = 6;
    private const int Width = 16;
    private const int Heads = 2;
    private const int Hidden = 32;
    private const string Library = "pkg.onnxscript.torch_lib";

    private readonly TinyModel _m;
    private readonly int _opset;

    private HandMadeModels(int opset, int rows)
    {
        _opset = opset;
        _m = new TinyModel("x", 1, rows, Inputs);
        _m.Proto.OpsetImport[0].Version = opset;
        _m.Proto.IrVersion = 10;
    }

    /// <summary>Who would write it, its name, and the model.</summary>
    public static IReadOnlyList<(string Writer, string Name, Func<OnnxModel> Read)> All { get; } =
    [
        ("by hand, as PyTorch dynamo writes", "local functions, symbolic rows", () => new HandMadeModels(18, 0).Dynamo()),
        ("by hand, as PyTorch dynamo writes", "fused Gelu and LayerNormalization", () => new HandMadeModels(20, 7).Fused()),
        ("by hand, opset 21", "axes and splits as inputs", () => new HandMadeModels(21, 7).Fused()),
        ("by hand, opset 23", "Attention and RMSNormalization", () => new HandMadeModels(23, 7).Newest()),
    ];

    private OnnxModel Dynamo()
    {
        _m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Library, Version = 1 });
        _m.Proto.Functions.Add(Gelu());
        _m.Proto.Functions.Add(LayerNorm());
        string Norm(string x, int seed) => Call("aten_layer_norm", x, Scale(seed), _m.Weights(seed + 1, Width));
        string x = Block(Norm, h => Call("aten_gelu", h), Attended);
        return InputBinding.Bind(_m.Parse(x), new Dictionary<string, long> { ["seq"] = 10 });
    }

    private OnnxModel Fused() => _m.Parse(Block(
        (x, seed) => _m.Node("LayerNormalization", [x, Scale(seed), _m.Weights(seed + 1, Width)], ("axis", -1)),
        h => _m.Node("Gelu", [h], ("approximate", "tanh")),
        _opset > 20 ? Packed : Attended));

    private OnnxModel Newest() => _m.Parse(Block(
        (x, seed) => _m.Node("RMSNormalization", [x, Scale(seed)], ("axis", -1)),
        h => _m.Node("Gelu", [h]),
        n => _m.Node("Attention", [Linear(n, 2, Width, Width), Linear(n, 3, Width, Width), Linear(n, 4, Width, Width)], ("q_num_heads", Heads), ("kv_num_heads", Heads))));

    private string Block(Func<string, int, string> norm, Func<string, string> gelu, Func<string, string> attention)
    {
        string x = Linear("x", 1, Inputs, Width);
        x = _m.Node("Add", [x, Linear(attention(norm(x, 20)), 5, Width, Width)]);
        x = _m.Node("Add", [x, Linear(gelu(Linear(norm(x, 30), 6, Width, Hidden)), 7, Hidden, Width)]);
        return Linear(norm(x, 40), 8, Width, 4);
    }

    private string Attended(string x)
    {
        string Split(int seed, params long[] order) =>
            _m.Node("Transpose", [_m.Node("Reshape", [Linear(x, seed, Width, Width), _m.Integers(1, -1, Heads, Width / Heads)])], ("perm", order));
        return Merged(Context(Split(2, 0, 2, 1, 3), Split(3, 0, 2, 3, 1), Split(4, 0, 2, 1, 3)));
    }

    /// <summary>Queries, keys and values of one product, taken apart by Split with its lengths, and axes as inputs.</summary>
    private string Packed(string x)
    {
        string both = _m.Node("Split", [_m.Node("Unsqueeze", [Linear(x, 2, Width, 3 * Width), _m.Integers(0)]), _m.Integers(Width, Width, Width)], ("axis", -1));
        NodeProto split = _m.Proto.Graph.Node[^1];
        split.Output.Add([$"{both}:k", $"{both}:v"]);
        string Part(int i, params long[] order) => _m.Node(
            "Transpose", [_m.Node("Reshape", [_m.Node("Squeeze", [split.Output[i], _m.Integers(0)]), _m.Integers(1, -1, Heads, Width / Heads)])], ("perm", order));
        return Merged(Context(Part(0, 0, 2, 1, 3), Part(1, 0, 2, 3, 1), Part(2, 0, 2, 1, 3)));
    }

    // Half of the scale on either side, as scaled_dot_product_attention is decomposed.
    private string Context(string q, string k, string v)
    {
        string root = _m.Number(Math.Pow((double)Width / Heads, -0.25));
        string scores = _m.Node("MatMul", [_m.Node("Mul", [q, root]), _m.Node("Mul", [k, root])]);
        return _m.Node("MatMul", [_m.Node("Softmax", [scores], ("axis", -1)), v]);
    }

    private string Merged(string heads) =>
        _m.Node("Reshape", [_m.Node("Transpose", [heads], ("perm", new long[] { 0, 2, 1, 3 })), _m.Integers(1, -1, Width)]);

    private string Linear(string x, int seed, int k, int n) =>
        _m.Node("Add", [_m.Node("MatMul", [x, _m.Constant(Small(seed, k * n, 1 / Math.Sqrt(k)), k, n)]), _m.Constant(Small(seed + 50, n, 0.1), n)]);

    private string Scale(int seed) => _m.Constant([.. Small(seed, Width, 0.2).Select(v => 1 + v)], Width);

    private static float[] Small(int seed, int count, double size)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(size * 1.7 * ((2 * random.NextDouble()) - 1)))];
    }

    private string Call(string function, params string[] inputs)
    {
        string output = _m.Node(function, inputs);
        _m.Proto.Graph.Node[^1].Domain = Library;
        return output;
    }

    private static FunctionProto Gelu() => Function(
        "aten_gelu", ["x"],
        [
            Number("root", 1 / Math.Sqrt(2)), Number("one", 1), Number("half", 0.5), Of("Mul", "scaled", "x", "root"), Of("Erf", "erf", "scaled"),
            Of("Add", "sum", "erf", "one"), Of("Mul", "weighed", "x", "sum"), Of("Mul", "y", "half", "weighed"),
        ]);

    private static FunctionProto LayerNorm() => Function(
        "aten_layer_norm", ["x", "gamma", "beta"],
        [
            Constant("axes", new TensorProto { DataType = TensorData.Int64, Dims = { 1 }, Int64Data = { -1 } }), Number("epsilon", 1e-5), Of("ReduceMean", "mean", "x", "axes"),
            Of("Sub", "difference", "x", "mean"), Of("Mul", "square", "difference", "difference"), Of("ReduceMean", "variance", "square", "axes"),
            Of("Add", "above", "variance", "epsilon"), Of("Sqrt", "deviation", "above"), Of("Div", "normal", "difference", "deviation"),
            Of("Mul", "scaled", "normal", "gamma"), Of("Add", "y", "scaled", "beta"),
        ]);

    private static FunctionProto Function(string name, string[] inputs, NodeProto[] nodes) => new()
    {
        Domain = Library, Name = name, Input = { inputs }, Output = { "y" }, Node = { nodes }, OpsetImport = { new OperatorSetIdProto { Version = 18 } },
    };

    private static NodeProto Of(string op, string output, params string[] inputs) => new() { OpType = op, Name = output, Input = { inputs }, Output = { output } };

    private static NodeProto Number(string name, double value) => Constant(name, new TensorProto { DataType = TensorData.Float, FloatData = { (float)value } });

    private static NodeProto Constant(string name, TensorProto value) =>
        new() { OpType = "Constant", Name = name, Output = { name }, Attribute = { new AttributeProto { Name = "value", T = value, Type = 4 } } };
}
