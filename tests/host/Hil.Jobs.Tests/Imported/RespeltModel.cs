using Hil.Models.Onnx;

namespace Hil.Jobs.Tests.Imported;

/// <summary>
/// One post-norm block of 6 × 8 with two heads, each of its patterns in any of many spellings of the same function. A spelling is a number; 0 is the plain one.
/// </summary>
internal sealed class RespeltModel
{
    public const int Rows = 6;

    private const int Width = 8;
    private readonly TinyModel _m = new("x", 1, Rows, Width);
    private readonly IReadOnlyDictionary<string, int> _spelling;

    private RespeltModel(IReadOnlyDictionary<string, int> spelling) => _spelling = spelling;

    /// <summary>How many spellings there are of each pattern.</summary>
    public static IReadOnlyDictionary<string, int> Counts { get; } = new Dictionary<string, int>
    {
        ["linear"] = 20, ["gelu"] = 24, ["norm"] = 48, ["attention"] = 40, ["residual"] = 24,
    };

    /// <summary>The model with one pattern respelt.</summary>
    public static OnnxModel With(string pattern, int spelling) =>
        new RespeltModel(Counts.Keys.ToDictionary(k => k, k => k == pattern ? spelling : 0)).Build();

    private OnnxModel Build()
    {
        string stream = Linear("x", 1, Width, Width);
        string attended = Linear(Attention(stream), 5, Width, Width);
        stream = Norm(Residual(stream, attended), 20);
        string hidden = Gelu(Linear(stream, 6, Width, 2 * Width));
        stream = Norm(Residual(stream, Linear(hidden, 7, 2 * Width, Width)), 30);
        return _m.Parse(Linear(stream, 8, Width, 3));
    }

    private string Linear(string x, int seed, int k, int n)
    {
        var digits = new Digits(_spelling["linear"]);
        int form = digits.Next(4);
        int around = digits.Next(5);
        x = around switch
        {
            1 => _m.Node("Identity", [x]),
            2 => _m.Node("Reshape", [x, _m.Integers(1, Rows, k)]),
            3 => _m.Node("Squeeze", [_m.Node("Unsqueeze", [x, _m.Integers(0)]), _m.Integers(0)]),
            4 => Swapped(Swapped(x)),
            _ => x,
        };
        string bias = _m.Weights(seed + 50, n);
        if (form < 2)
        {
            string y = _m.Node("MatMul", [x, _m.Weights(seed, k, n)]);
            return _m.Node("Add", form == 0 ? [y, bias] : [bias, y]);
        }

        string flat = _m.Node("Reshape", [x, _m.Integers(-1, k)]);
        string product = form == 2
            ? _m.Node("Gemm", [flat, _m.Weights(seed, k, n), bias])
            : _m.Node("Gemm", [flat, TransposedWeights(seed, k, n), bias], ("transB", 1));
        return _m.Node("Reshape", [product, _m.Integers(1, Rows, n)]);
    }

    private string Attention(string x)
    {
        var digits = new Digits(_spelling["attention"]);
        (int scale, bool twice, bool zeros, bool axis) = (digits.Next(5), digits.Next(2) == 1, digits.Next(2) == 1, digits.Next(2) == 1);
        string Heads(int seed, params long[] order) =>
            _m.Node("Transpose", [_m.Node("Reshape", [Linear(x, seed, Width, Width), _m.Integers(1, Rows, 2, 4)])], ("perm", order));
        string q = Heads(2, 0, 2, 1, 3);
        string k = twice ? _m.Node("Transpose", [Heads(3, 0, 2, 1, 3)], ("perm", new long[] { 0, 1, 3, 2 })) : Heads(3, 0, 2, 3, 1);
        string v = Heads(4, 0, 2, 1, 3);
        string scores = scale switch
        {
            1 => _m.Node("Div", [_m.Node("MatMul", [q, k]), _m.Number(2)]),
            2 => _m.Node("MatMul", [_m.Node("Mul", [_m.Number(0.5), q]), k]),
            3 => _m.Node("MatMul", [q, _m.Node("Div", [k, _m.Number(2)])]),
            4 => _m.Node("MatMul", [_m.Node("Mul", [q, _m.Number(0.25)]), _m.Node("Mul", [k, _m.Number(2)])]),
            _ => _m.Node("Mul", [_m.Node("MatMul", [q, k]), _m.Number(0.5)]),
        };
        if (zeros) scores = _m.Node("Add", [scores, _m.Constant(new float[Rows], 1, 1, 1, Rows)]);
        string context = _m.Node("MatMul", [_m.Node("Softmax", [scores], ("axis", axis ? 3 : -1)), v]);
        return _m.Node("Reshape", [_m.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), _m.Integers(1, Rows, Width)]);
    }

    private string Residual(string stream, string branch)
    {
        var digits = new Digits(_spelling["residual"]);
        bool swapped = digits.Next(2) == 1;
        if (digits.Next(2) == 1) stream = _m.Node("Identity", [stream]);
        if (digits.Next(2) == 1) branch = _m.Node("Identity", [branch]);
        branch = digits.Next(3) switch
        {
            1 => _m.Node("Squeeze", [_m.Node("Unsqueeze", [branch, _m.Integers(1)]), _m.Integers(1)]),
            2 => _m.Node("Reshape", [_m.Node("Reshape", [branch, _m.Integers(Rows, Width)]), _m.Integers(1, Rows, Width)]),
            _ => branch,
        };
        return _m.Node("Add", swapped ? [branch, stream] : [stream, branch]);
    }

    private string Gelu(string x)
    {
        var digits = new Digits(_spelling["gelu"]);
        (int half, bool byMul, bool oneFirst, bool xLast) = (digits.Next(3), digits.Next(2) == 1, digits.Next(2) == 1, digits.Next(2) == 1);
        string argument = byMul ? _m.Node("Mul", [x, _m.Number(Math.Sqrt(0.5))]) : _m.Node("Div", [x, _m.Number(Math.Sqrt(2))]);
        string erf = _m.Node("Erf", [argument]);
        string one = _m.Node("Add", oneFirst ? [_m.Number(1), erf] : [erf, _m.Number(1)]);
        string Times(string a, string c) => _m.Node("Mul", xLast ? [c, a] : [a, c]);
        return half switch
        {
            0 => Times(Times(x, one), _m.Number(0.5)),
            1 => Times(Times(x, _m.Number(0.5)), one),
            _ => Times(x, Times(one, _m.Number(0.5))),
        };
    }

    private string Norm(string x, int seed)
    {
        var digits = new Digits(_spelling["norm"]);
        (bool byMul, int root, bool epsilonFirst, bool gammaFirst, bool twice) =
            (digits.Next(2) == 1, digits.Next(3), digits.Next(2) == 1, digits.Next(2) == 1, digits.Next(2) == 1);
        (string gamma, string beta) = (_m.Weights(seed, Width), _m.Weights(seed + 1, Width));
        string Mean(string t) => _m.Node("ReduceMean", [t], ("axes", new long[] { -1 }));
        string difference = _m.Node("Sub", [x, Mean(x)]);
        string square = byMul ? _m.Node("Mul", [difference, difference]) : _m.Node("Pow", [difference, _m.Number(2)]);
        string variance = _m.Node("Add", epsilonFirst ? [_m.Number(1e-5), Mean(square)] : [Mean(square), _m.Number(1e-5)]);
        string top = twice ? _m.Node("Sub", [x, Mean(x)]) : difference;
        string normal = root switch
        {
            0 => _m.Node("Div", [top, _m.Node("Sqrt", [variance])]),
            1 => _m.Node("Mul", [top, _m.Node("Pow", [variance, _m.Number(-0.5)])]),
            _ => _m.Node("Mul", [top, _m.Node("Reciprocal", [_m.Node("Sqrt", [variance])])]),
        };
        return _m.Node("Add", [_m.Node("Mul", gammaFirst ? [gamma, normal] : [normal, gamma]), beta]);
    }

    private string Swapped(string x) => _m.Node("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));

    private string TransposedWeights(int seed, int k, int n)
    {
        float[] plain = [.. Enumerable.Range(0, k * n).Select(i => MathF.Sin((i * 1.37f) + (seed * 11)))];
        return _m.Constant([.. Enumerable.Range(0, k * n).Select(i => plain[(i % k * n) + (i / k)])], n, k);
    }
}
