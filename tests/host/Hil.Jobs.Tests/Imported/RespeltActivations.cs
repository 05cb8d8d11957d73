using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Jobs.Tests.Imported;

/// <summary>
/// Products of two activations without a softmax between them, each in any of many spellings of the same function, and a linear layer after it. A spelling is
/// a number; 0 is the plain one.
/// </summary>
internal sealed class RespeltActivations
{
    private const int Rows = RespeltModel.Rows;
    private const int Width = 8;
    private const int Heads = 2;

    private readonly TinyModel _m = new("x", 1, Rows, Width);
    private readonly Digits _digits;

    private RespeltActivations(int spelling)
    {
        _digits = new Digits(spelling);
        _m.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
    }

    /// <summary>How many spellings there are of each pattern.</summary>
    public static IReadOnlyDictionary<string, int> Counts { get; } = new Dictionary<string, int>
    {
        ["product of activations"] = 70, ["product of activations by heads"] = 48, ["linear attention"] = 72, ["gate"] = 64,
    };

    /// <summary>The model with its pattern in one of its spellings.</summary>
    public static OnnxModel With(string pattern, int spelling)
    {
        var r = new RespeltActivations(spelling);
        return pattern switch
        {
            "product of activations" => r.Followed(r.Gram(), Rows),
            "gate" => r.Followed(r.Gate(), Width),
            "product of activations by heads" => r.Followed(r.Merged(r.ByHeads()), Width),
            _ => r.Followed(r.Merged(r.LinearAttention()), Width),
        };
    }

    private OnnxModel Followed(string rows, int columns) => _m.Parse(_m.Node("MatMul", [rows, _m.Weights(9, columns, 3)]));

    /// <summary>l·rᵀ/4 of two linear layers: the quarter in any place, the transposition as a node, as nodes, or as the operator's own.</summary>
    private string Gram()
    {
        (int form, int place, bool byDivision) = (_digits.Next(7), _digits.Next(5), _digits.Flip());
        (string l, string r) = (Linear(1), Linear(2));
        string Times(string x, double s) => s == 1 ? x : byDivision ? _m.Node("Div", [x, _m.Number(1 / s)]) : _m.Node("Mul", [_m.Number(s), x]);
        double[] factors = new[] { [1, 1, 0.25], [0.25, 1, 1], [1, 0.25, 1], [0.5, 0.5, 1], new[] { 0.125, 2, 1 } }[place];
        (l, r) = (Times(l, factors[0]), Times(r, factors[1]));
        string Flat(string x) => _m.Node("Reshape", [x, _m.Integers(Rows, Width)]);
        string Whole(string x) => _m.Node("Reshape", [x, _m.Integers(1, Rows, Rows)]);
        return form switch
        {
            1 => Times(_m.Node("MatMul", [_m.Node("Identity", [l]), Turned(Turned(Turned(r)))]), factors[2]),
            2 => Times(_m.Node("Squeeze", [_m.Node("MatMul", [Axis(l), Turned(Axis(r), 4)]), _m.Integers(1)]), factors[2]),
            3 => Times(Whole(_m.Node("MatMul", [Flat(l), _m.Node("Transpose", [Flat(r)], ("perm", new long[] { 1, 0 }))])), factors[2]),
            4 => Whole(_m.Node("Gemm", [Flat(l), Flat(r)], ("transB", 1), ("alpha", (float)factors[2]))),
            5 => Fused([l, r], ("transB", 1), ("alpha", (float)factors[2])),
            6 => Times(_m.Node("MatMul", [l, _m.Node("Reshape", [Turned(Axis(r), 4), _m.Integers(1, Width, Rows)])]), factors[2]),
            _ => Times(_m.Node("MatMul", [l, Turned(r)]), factors[2]),
        };

        string Axis(string x) => _m.Node("Unsqueeze", [x, _m.Integers(1)]);
    }

    /// <summary>(q·kᵀ)·v by heads, without a softmax.</summary>
    private string ByHeads()
    {
        (int turn, bool isFused, bool twice, int scale) = (_digits.Next(3), _digits.Flip(), _digits.Flip(), _digits.Next(4));
        (string q, string v) = (Split(Linear(1)), Split(Linear(3)));
        string k = turn switch
        {
            1 => Turned(Split(Linear(2)), 4),
            2 => Turned(Split(_m.Node("Identity", [Linear(2)])), 4),
            _ => _m.Node("Transpose", [_m.Node("Reshape", [Linear(2), _m.Integers(1, Rows, Heads, -1)])], ("perm", new long[] { 0, 2, 3, 1 })),
        };
        q = twice ? Turned(Turned(q, 4), 4) : q;
        (q, k) = (scale == 1 ? Half(q) : q, scale == 2 ? Half(k) : k);
        string scores = isFused ? Fused([q, Turned(k, 4)], ("transB", 1)) : _m.Node("MatMul", [q, k]);
        return _m.Node("MatMul", [scale is 0 ? Half(scores) : scores, scale == 3 ? Half(v) : v]);
    }

    /// <summary>φ(q)·(φ(k)ᵀ·v)/2 by heads, φ a rectified linear layer.</summary>
    private string LinearAttention()
    {
        (int relu, int place, bool isFused, bool beforeHeads, bool twice) = (_digits.Next(3), _digits.Next(3), _digits.Flip(), _digits.Flip(), _digits.Flip());
        string Feature(int seed) => beforeHeads ? Split(Rectified(Linear(seed))) : Rectified(Split(Linear(seed)));
        (string q, string k, string v) = (Feature(1), Feature(2), Split(Linear(3)));
        k = twice ? Turned(Turned(k, 4), 4) : k;
        string context = isFused ? Fused([k, v], ("transA", 1)) : _m.Node("MatMul", [Turned(k, 4), v]);
        context = place switch
        {
            1 => _m.Node("Div", [context, _m.Number(2)]),
            2 => Half(_m.Node("Identity", [context])),
            _ => Half(context),
        };
        return _m.Node("MatMul", [q, context]);

        string Rectified(string x) => relu switch
        {
            1 => _m.Node("Max", [x, _m.Number(0)]),
            2 => _m.Node("Max", [_m.Number(0), _m.Node("Identity", [x])]),
            _ => _m.Node("Relu", [x]),
        };
    }

    /// <summary>silu(a)·b, the halves of one product.</summary>
    private string Gate()
    {
        (int form, bool isSplit, bool swapped, bool turned, bool named) = (_digits.Next(4), _digits.Flip(), _digits.Flip(), _digits.Flip(), _digits.Flip());
        string both = _m.Node("Add", [_m.Node("MatMul", ["x", _m.Weights(1, Width, 2 * Width)]), _m.Weights(51, 2 * Width)]);
        (string a, string b) = isSplit ? Split() : (Half(0), Half(Width));
        b = named ? _m.Node("Identity", [b]) : b;
        string Denominator() => _m.Node("Add", [_m.Number(1), _m.Node("Exp", [_m.Node("Neg", [a])])]);
        string sigmoid = form switch
        {
            1 => _m.Node("Reciprocal", [Denominator()]),
            2 => _m.Node("Div", [_m.Number(1), Denominator()]),
            3 => _m.Node("Mul", [_m.Number(0.5), _m.Node("Add", [_m.Number(1), _m.Node("Tanh", [_m.Node("Mul", [a, _m.Number(0.5)])])])]),
            _ => _m.Node("Sigmoid", [a]),
        };
        string silu = _m.Node("Mul", turned ? [sigmoid, a] : [a, sigmoid]);
        return _m.Node("Mul", swapped ? [b, silu] : [silu, b]);

        string Half(int first) => _m.Node("Slice", [both, _m.Integers(first), _m.Integers(first + Width), _m.Integers(2)]);

        (string, string) Split()
        {
            string first = _m.Node("Split", [both, _m.Integers(Width, Width)], ("axis", -1));
            _m.Proto.Graph.Node[^1].Output.Add($"{first}:second");
            return (first, $"{first}:second");
        }
    }

    private string Linear(int seed) => _m.Node("Add", [_m.Node("MatMul", ["x", _m.Weights(seed, Width, Width)]), _m.Weights(seed + 50, Width)]);

    private string Half(string x) => _m.Node("Mul", [x, _m.Number(0.5)]);

    /// <summary>The last two axes change places.</summary>
    private string Turned(string x, int rank = 3) => _m.Node("Transpose", [x], ("perm", rank == 3 ? [0, 2, 1] : new long[] { 0, 1, 3, 2 }));

    private string Split(string x) => _m.Node("Transpose", [_m.Node("Reshape", [x, _m.Integers(1, Rows, Heads, -1)])], ("perm", new long[] { 0, 2, 1, 3 }));

    private string Merged(string heads) => _m.Node("Reshape", [_m.Node("Transpose", [heads], ("perm", new long[] { 0, 2, 1, 3 })), _m.Integers(1, Rows, Width)]);

    private string Fused(string[] inputs, params (string, object)[] attributes)
    {
        string output = _m.Node("FusedMatMul", inputs, attributes);
        _m.Proto.Graph.Node[^1].Domain = "com.microsoft";
        return output;
    }
}
