using Hil.Models.Onnx;

namespace Hil.Models.Tests.Import;

/// <summary>One pre-norm layer of 6 × 8 with two heads, in any of several spellings that compute the same.</summary>
internal static class TinyTransformer
{
    public static readonly string[] Gelus = ["half last", "half first", "half with one", "tanh, cube by Pow", "tanh, cube by Mul"];

    public static readonly string[] Norms = ["operator", "Pow, Sqrt, Div", "Mul, Pow -0.5, Mul", "Reciprocal, twice the difference"];

    public static readonly string[] Scales = ["Mul scores", "Div scores", "Mul query", "both by roots", "fold nothing, Div query"];

    public static OnnxModel Model(
        string gelu = "half last", string norm = "operator", string scale = "Mul scores", bool biasFirst = false, bool gemm = false, bool withoutNames = false) =>
        OnnxModel.Parse(Bytes(gelu, norm, scale, biasFirst, gemm, withoutNames), "tiny", "tiny.onnx");

    public static byte[] Bytes(
        string gelu = "half last", string norm = "operator", string scale = "Mul scores", bool biasFirst = false, bool gemm = false, bool withoutNames = false)
    {
        var m = new TinyModel("x", 1, 6, 8) { WithoutNames = withoutNames };
        string Linear(string x, int seed, int k, int n)
        {
            var bias = m.Weights(seed + 50, n);
            if (gemm)
            {
                var flat = m.Node("Reshape", [x, m.Integers(6, k)]);
                var product = m.Node("Gemm", [flat, m.Weights(seed, k, n), bias]);
                return m.Node("Reshape", [product, m.Integers(1, 6, n)]);
            }

            var y = m.Node("MatMul", [x, m.Weights(seed, k, n)]);
            return m.Node("Add", biasFirst ? [bias, y] : [y, bias]);
        }

        var stream = Linear("x", 1, 8, 8);
        var normed = Norm(m, norm, stream);
        string Heads(string t, params long[] order) =>
            m.Node("Transpose", [m.Node("Reshape", [t, m.Integers(1, -1, 2, 4)])], ("perm", order));
        var q = Heads(Linear(normed, 2, 8, 8), 0, 2, 1, 3);
        var k = scale == "both by roots"
            ? m.Node("Transpose", [Heads(Linear(normed, 3, 8, 8), 0, 2, 1, 3)], ("perm", new long[] { 0, 1, 3, 2 }))
            : Heads(Linear(normed, 3, 8, 8), 0, 2, 3, 1);
        var v = Heads(Linear(normed, 4, 8, 8), 0, 2, 1, 3);
        var scores = scale switch
        {
            "Mul scores" => m.Node("Mul", [m.Node("MatMul", [q, k]), m.Number(0.5)]),
            "Div scores" => m.Node("Div", [m.Node("MatMul", [q, k]), m.Number(2)]),
            "Mul query" => m.Node("MatMul", [m.Node("Mul", [m.Number(0.5), q]), k]),
            "both by roots" => m.Node("MatMul", [m.Node("Mul", [q, m.Number(Math.Sqrt(0.5))]), m.Node("Mul", [k, m.Number(Math.Sqrt(0.5))])]),
            _ => m.Node("MatMul", [m.Node("Div", [q, m.Number(2)]), k]),
        };
        var context = m.Node("MatMul", [m.Node("Softmax", [scores], ("axis", -1)), v]);
        var merged = m.Node("Reshape", [m.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), m.Integers(1, 6, 8)]);
        var projected = Linear(merged, 5, 8, 8);
        stream = m.Node("Add", biasFirst ? [projected, stream] : [stream, projected]);
        var hidden = Gelu(m, gelu, Linear(Norm(m, norm, stream), 6, 8, 16));
        stream = m.Node("Add", [stream, Linear(hidden, 7, 16, 8)]);
        return m.Finish(Linear(Norm(m, norm, stream), 8, 8, 3));
    }

    private static string Norm(TinyModel m, string spelling, string x)
    {
        var (gamma, beta) = (m.Weights(20, 8), m.Weights(21, 8));
        if (spelling == "operator")
        {
            return m.Node("LayerNormalization", [x, gamma, beta], ("axis", -1), ("epsilon", 1e-5f));
        }

        string Mean(string t) => m.Node("ReduceMean", [t], ("axes", new long[] { -1 }));
        var difference = m.Node("Sub", [x, Mean(x)]);
        var square = spelling == "Pow, Sqrt, Div"
            ? m.Node("Pow", [difference, m.Number(2)])
            : m.Node("Mul", [difference, difference]);
        var variance = m.Node("Add", [m.Number(1e-5), Mean(square)]);
        var normal = spelling switch
        {
            "Pow, Sqrt, Div" => m.Node("Div", [difference, m.Node("Sqrt", [variance])]),
            "Mul, Pow -0.5, Mul" => m.Node("Mul", [m.Node("Pow", [variance, m.Number(-0.5)]), difference]),
            _ => m.Node("Mul", [m.Node("Sub", [x, Mean(x)]), m.Node("Reciprocal", [m.Node("Sqrt", [variance])])]),
        };
        return m.Node("Add", [m.Node("Mul", [gamma, normal]), beta]);
    }

    private static string Gelu(TinyModel m, string spelling, string x)
    {
        string Erf1() => m.Node("Add", [m.Number(1), m.Node("Erf", [m.Node("Div", [x, m.Number(Math.Sqrt(2))])])]);
        string Tanh1(string cube)
        {
            var inner = m.Node("Add", [x, m.Node("Mul", [cube, m.Number(0.044715)])]);
            return m.Node("Add", [m.Node("Tanh", [m.Node("Mul", [inner, m.Number(Math.Sqrt(2 / Math.PI))])]), m.Number(1)]);
        }

        return spelling switch
        {
            "half last" => m.Node("Mul", [m.Node("Mul", [x, Erf1()]), m.Number(0.5)]),
            "half first" => m.Node("Mul", [m.Node("Mul", [m.Number(0.5), x]), Erf1()]),
            "half with one" => m.Node("Mul", [x, m.Node("Mul", [Erf1(), m.Number(0.5)])]),
            "tanh, cube by Pow" => m.Node("Mul", [m.Node("Mul", [x, m.Number(0.5)]), Tanh1(m.Node("Pow", [x, m.Number(3)]))]),
            _ => m.Node("Mul", [m.Node("Mul", [x, Tanh1(m.Node("Mul", [m.Node("Mul", [x, x]), x]))]), m.Number(0.5)]),
        };
    }
}
