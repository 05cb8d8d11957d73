using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Values;

/// <summary>
/// A function of one row x of a tensor, put together from element-wise operators and the mean over the row. It is evaluated on a few
/// made-up rows only to find out <em>what</em> it computes; the model itself is always run by ONNX Runtime.
/// </summary>
internal sealed class RowFunction
{
    private readonly Func<double[][], double[]> _apply;
    private readonly RowFunction[] _arguments;

    private RowFunction(Func<double[][], double[]> apply, RowFunction[] arguments, bool usesColumns, bool usesMean)
    {
        (_apply, _arguments) = (apply, arguments);
        UsesColumns = usesColumns || arguments.Any(a => a.UsesColumns);
        UsesMean = usesMean || arguments.Any(a => a.UsesMean);
    }

    /// <summary>It treats columns differently.</summary>
    public bool UsesColumns { get; }

    /// <summary>It takes means over the row.</summary>
    public bool UsesMean { get; }

    /// <summary>factor · x.</summary>
    public static RowFunction Variable(double factor) =>
        new(_ => throw new InvalidOperationException("A variable has no arguments."), [], false, false) { Factor = factor };

    /// <summary>One value, or one a column.</summary>
    public static RowFunction Constant(float[] values)
    {
        double[] row = [.. values.Select(v => (double)v)];
        return new(_ => row, [], row.Length > 1, false);
    }

    /// <summary>A function of one number of each element.</summary>
    public static RowFunction Unary(Func<double, double> function, RowFunction argument) => new(a => [.. a[0].Select(function)], [argument], false, false);

    /// <summary>A node's operator on earlier functions, or null if it is not one of those known here.</summary>
    public static RowFunction? Apply(NodeProto node, RowFunction[] arguments)
    {
        var op = node.OpType;
        if (op == "QuickGelu" && arguments is [var x])
        {
            var alpha = node.Float("alpha", 1.702f);
            return new(a => [.. a[0].Select(v => v * Functions.Sigmoid(alpha * v))], [x], false, false);
        }

        if (op == "Gelu" && node.Attribute.Any(a => a.Name == "approximate" && a.S.ToStringUtf8() == "tanh"))
        {
            op = "FastGelu";
        }

        if (op == "ReduceMean" && arguments.Length == 1)
        {
            return new(a => [a[0].Average()], arguments, false, true);
        }

        Func<double, double>? unary = op switch
        {
            "Neg" => x => -x,
            "Sqrt" => Math.Sqrt,
            "Reciprocal" => x => 1 / x,
            "Exp" => Math.Exp,
            "Abs" => Math.Abs,
            "Erf" => Functions.Erf,
            "Tanh" => Math.Tanh,
            "Sigmoid" => Functions.Sigmoid,
            "Relu" => x => Math.Max(x, 0),
            "Gelu" => x => Functions.Evaluate(Activation.Gelu, x),
            "FastGelu" => x => Functions.Evaluate(Activation.GeluTanh, x),
            "Swish" => x => Functions.Evaluate(Activation.Silu, x),
            _ => null,
        };
        Func<double, double, double>? binary = op switch
        {
            "Add" => (x, y) => x + y,
            "Sub" => (x, y) => x - y,
            "Mul" => (x, y) => x * y,
            "Div" => (x, y) => x / y,
            "Pow" => Math.Pow,
            "Max" => Math.Max,
            "Min" => Math.Min,
            _ => null,
        };
        return (unary, binary, arguments.Length) switch
        {
            ({ } f, _, 1) => Unary(f, arguments[0]),
            (_, { } f, 2) => new(a => Zip(a[0], a[1], f), arguments, false, false),
            _ => null,
        };
    }

    /// <summary>The constants that count for one column, and for no other or not for all: columns that have the same are treated alike.</summary>
    public IEnumerable<double> ConstantsOf(int column) =>
        _arguments.Length > 0 ? _arguments.SelectMany(a => a.ConstantsOf(column)) : UsesColumns ? [_apply([])[column]] : [];

    /// <summary>The function's value for a row.</summary>
    public double[] Evaluate(double[] row) => Evaluate(row, []);

    private double? Factor { get; init; }

    private double[] Evaluate(double[] row, Dictionary<RowFunction, double[]> known)
    {
        if (Factor is { } factor)
        {
            return factor == 1 ? row : [.. row.Select(x => factor * x)];
        }

        if (!known.TryGetValue(this, out var value))
        {
            value = _apply([.. _arguments.Select(a => a.Evaluate(row, known))]);
            known.Add(this, value);
        }

        return value;
    }

    private static double[] Zip(double[] a, double[] b, Func<double, double, double> f)
    {
        var result = new double[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = f(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        }

        return result;
    }
}
