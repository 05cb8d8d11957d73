using Hil.Models.Onnx;

namespace Hil.Jobs.Tests.Imported;

/// <summary>A linear layer, one pattern, a linear layer; or an attention whose scores have the pattern. A spelling is a number; 0 is the plain one.</summary>
internal sealed class RespeltPattern
{
    private const int Rows = RespeltModel.Rows;
    private const int Width = 8;

    private readonly TinyModel _m = new("x", 1, Rows, Width);
    private readonly Digits _digits;

    private RespeltPattern(int spelling) => _digits = new Digits(spelling);

    /// <summary>How many spellings there are of each pattern.</summary>
    public static IReadOnlyDictionary<string, int> Counts { get; } = new Dictionary<string, int>
    {
        ["tanh gelu"] = 36, ["quick gelu"] = 32, ["silu"] = 24, ["rms norm"] = 24, ["softmax"] = 24, ["constant mask"] = 48, ["given mask"] = 24, ["scale"] = 30,
    };

    /// <summary>The model with its pattern in one of its spellings.</summary>
    public static OnnxModel With(string pattern, int spelling)
    {
        var r = new RespeltPattern(spelling);
        return pattern switch
        {
            "tanh gelu" => r.Between(r.TanhGelu),
            "quick gelu" => r.Between(r.QuickGelu),
            "silu" => r.Between(r.Silu),
            "rms norm" => r.Between(r.RmsNorm),
            "softmax" => r.Attended(scores => r.Softmax(r._m.Node("Mul", [scores, r._m.Number(0.5)]))),
            "constant mask" => r.Attended(scores => r.Plain(r.ConstantMask(scores))),
            "given mask" => r.Attended(scores => r.Plain(r.GivenMask(scores))),
            _ => r.Attended(r.Plain, r.Scaled),
        };
    }

    private OnnxModel Between(Func<string, string> pattern) => _m.Parse(Linear(pattern(Linear("x", 1)), 2));

    private OnnxModel Attended(Func<string, string> weights, Func<string, string, string>? product = null)
    {
        string Heads(int seed, params long[] order) => _m.Node("Transpose", [_m.Node("Reshape", [Linear("x", seed), _m.Integers(1, Rows, 2, 4)])], ("perm", order));
        (string q, string k, string v) = (Heads(1, 0, 2, 1, 3), Heads(2, 0, 2, 3, 1), Heads(3, 0, 2, 1, 3));
        string context = _m.Node("MatMul", [weights(product is null ? _m.Node("MatMul", [q, k]) : product(q, k)), v]);
        return _m.Parse(Linear(_m.Node("Reshape", [_m.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), _m.Integers(1, Rows, Width)]), 4));
    }

    private string Plain(string scores) => _m.Node("Softmax", [scores], ("axis", -1));

    private string Linear(string x, int seed) => _m.Node("Add", [_m.Node("MatMul", [x, _m.Weights(seed, Width, Width)]), _m.Weights(seed + 50, Width)]);

    /// <summary>½x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    private string TanhGelu(string x)
    {
        (int cube, int half, bool oneFirst, bool factored) = (_digits.Next(3), _digits.Next(3), _digits.Flip(), _digits.Flip());
        string Square() => cube == 0 ? _m.Node("Pow", [x, _m.Number(2)]) : _m.Node("Mul", [x, x]);
        string inner = factored
            ? _m.Node("Mul", [x, _m.Node("Add", [_m.Number(1), _m.Node("Mul", [Square(), _m.Number(0.044715)])])])
            : _m.Node("Add", [x, _m.Node("Mul", [_m.Number(0.044715), cube == 2 ? _m.Node("Pow", [x, _m.Number(3)]) : _m.Node("Mul", [Square(), x])])]);
        string tanh = _m.Node("Tanh", [_m.Node("Mul", [inner, _m.Number(Math.Sqrt(2 / Math.PI))])]);
        string one = _m.Node("Add", oneFirst ? [_m.Number(1), tanh] : [tanh, _m.Number(1)]);
        return half switch
        {
            0 => _m.Node("Mul", [_m.Node("Mul", [x, one]), _m.Number(0.5)]),
            1 => _m.Node("Mul", [_m.Node("Mul", [_m.Number(0.5), x]), one]),
            _ => _m.Node("Mul", [x, _m.Node("Mul", [one, _m.Number(0.5)])]),
        };
    }

    private string QuickGelu(string x)
    {
        string argument = _digits.Next(4) switch
        {
            1 => _m.Node("Mul", [_m.Number(1.702), x]),
            2 => _m.Node("Div", [x, _m.Number(1 / 1.702)]),
            3 => _m.Node("Neg", [_m.Node("Mul", [x, _m.Number(-1.702)])]),
            _ => _m.Node("Mul", [x, _m.Number(1.702)]),
        };
        return Gated(x, argument);
    }

    private string Silu(string x) => Gated(x, _digits.Next(3) switch
    {
        1 => _m.Node("Identity", [x]),
        2 => _m.Node("Reshape", [_m.Node("Reshape", [x, _m.Integers(Rows, Width)]), _m.Integers(1, Rows, Width)]),
        _ => x,
    });

    /// <summary>x · sigmoid(argument).</summary>
    private string Gated(string x, string argument)
    {
        (int form, bool swapped) = (_digits.Next(4), _digits.Flip());
        string Denominator() => _m.Node("Add", [_m.Number(1), _m.Node("Exp", [_m.Node("Neg", [argument])])]);
        string sigmoid = form switch
        {
            1 => _m.Node("Reciprocal", [Denominator()]),
            2 => _m.Node("Div", [_m.Number(1), Denominator()]),
            3 => _m.Node("Mul", [_m.Number(0.5), _m.Node("Add", [_m.Number(1), _m.Node("Tanh", [_m.Node("Mul", [argument, _m.Number(0.5)])])])]),
            _ => _m.Node("Sigmoid", [argument]),
        };
        return _m.Node("Mul", swapped ? [sigmoid, x] : [x, sigmoid]);
    }

    private string RmsNorm(string x)
    {
        (bool byMul, int root, bool epsilonFirst, bool gammaFirst) = (_digits.Flip(), _digits.Next(3), _digits.Flip(), _digits.Flip());
        string square = byMul ? _m.Node("Mul", [x, x]) : _m.Node("Pow", [x, _m.Number(2)]);
        string mean = _m.Node("ReduceMean", [square], ("axes", new long[] { -1 }));
        string power = _m.Node("Add", epsilonFirst ? [_m.Number(1e-5), mean] : [mean, _m.Number(1e-5)]);
        string normal = root switch
        {
            0 => _m.Node("Div", [x, _m.Node("Sqrt", [power])]),
            1 => _m.Node("Mul", [x, _m.Node("Pow", [power, _m.Number(-0.5)])]),
            _ => _m.Node("Mul", [x, _m.Node("Reciprocal", [_m.Node("Sqrt", [power])])]),
        };
        string gamma = _m.Weights(20, Width);
        return _m.Node("Mul", gammaFirst ? [gamma, normal] : [normal, gamma]);
    }

    private string Softmax(string scores)
    {
        (int form, bool last, bool shifted) = (_digits.Next(6), _digits.Flip(), _digits.Flip());
        int axis = last ? 3 : -1;
        scores = shifted ? _m.Node("Add", [scores, _m.Constant(new float[Rows], Rows)]) : scores;
        if (form == 0) return _m.Node("Softmax", [scores], ("axis", axis));
        string top = form < 4 ? _m.Node("Sub", [scores, _m.Node("ReduceMax", [scores], ("axes", new long[] { axis }))]) : scores;
        string e = _m.Node("Exp", [top]);
        string sum = _m.Node("ReduceSum", [e, _m.Integers(axis)], ("keepdims", 1));
        return form switch
        {
            1 or 4 => _m.Node("Div", [e, sum]),
            2 or 5 => _m.Node("Mul", [e, _m.Node("Reciprocal", [sum])]),
            _ => _m.Node("Mul", [_m.Node("Reciprocal", [sum]), e]),
        };
    }

    /// <summary>Each query sees itself and what came before.</summary>
    private string ConstantMask(string scores)
    {
        float fill = new[] { float.NegativeInfinity, float.MinValue, -1e9f, -1e4f }[_digits.Next(4)];
        long[] shape = new long[][] { [Rows, Rows], [1, 1, Rows, Rows], [1, 2, Rows, Rows] }[_digits.Next(3)];
        float[] Values(Func<bool, float> of) => [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => of(i % Rows <= i / Rows % Rows))];
        string Condition(bool keeps) => _m.Node("Greater", [_m.Constant(Values(k => k == keeps ? 1 : 0), shape), _m.Number(0.5)]);
        return _digits.Next(4) switch
        {
            1 => _m.Node("Add", [_m.Constant(Values(k => k ? 0 : fill), shape), scores]),
            2 => _m.Node("Where", [Condition(true), scores, _m.Constant([fill])]),
            3 => _m.Node("Where", [Condition(false), _m.Constant([fill]), scores]),
            _ => _m.Node("Add", [scores, _m.Constant(Values(k => k ? 0 : fill), shape)]),
        };
    }

    /// <summary>Keys that an input of ones and zeros leaves out.</summary>
    private string GivenMask(string scores)
    {
        float fill = new[] { float.MinValue, -1e9f, -1e4f }[_digits.Next(3)];
        string mask = _m.Input("attention_mask", TensorData.Int64, 1, Rows);
        mask = _digits.Flip() ? _m.Node("Reshape", [mask, _m.Integers(1, 1, 1, Rows)]) : _m.Node("Unsqueeze", [mask, _m.Integers(1, 2)]);
        string AsFloat() => _m.Node("Cast", [mask], ("to", TensorData.Float));
        return _digits.Next(4) switch
        {
            1 => _m.Node("Where", [_m.Node("Cast", [mask], ("to", TensorData.Bool)), scores, _m.Constant([fill])]),
            2 => _m.Node("Where", [_m.Node("Equal", [mask, _m.Integers(0)]), _m.Constant([fill]), scores]),
            3 => _m.Node("Add", [_m.Node("Mul", [_m.Node("Sub", [AsFloat(), _m.Number(1)]), _m.Number(-fill)]), scores]),
            _ => _m.Node("Add", [scores, _m.Node("Mul", [_m.Node("Sub", [_m.Number(1), AsFloat()]), _m.Number(fill)])]),
        };
    }

    /// <summary>q·kᵀ/4, a quarter in one place or in two.</summary>
    private string Scaled(string q, string k)
    {
        (int place, bool byDivision, bool numberFirst) = (_digits.Next(8), _digits.Flip(), _digits.Flip());
        string Times(string x, double s) => byDivision ? _m.Node("Div", [x, _m.Number(1 / s)]) : _m.Node("Mul", numberFirst ? [_m.Number(s), x] : [x, _m.Number(s)]);
        return place switch
        {
            1 => _m.Node("MatMul", [Times(q, 0.25), k]),
            2 => _m.Node("MatMul", [q, Times(k, 0.25)]),
            3 => _m.Node("MatMul", [Times(q, 0.5), Times(k, 0.5)]),
            4 => Times(_m.Node("MatMul", [Times(q, 0.5), k]), 0.5),
            5 => Times(Times(_m.Node("MatMul", [q, k]), 0.5), 0.5),
            6 => Times(_m.Node("MatMul", [q, Times(k, 0.125)]), 2),
            7 => _m.Node("MatMul", [Times(Times(q, 0.5), 0.5), k]),
            _ => Times(_m.Node("MatMul", [q, k]), 0.25),
        };
    }
}
