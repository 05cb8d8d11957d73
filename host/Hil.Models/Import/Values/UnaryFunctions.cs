using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Values;

/// <summary>Element-wise operators of one tensor that have attributes, or constant bounds as inputs, with the defaults of the ONNX specification.</summary>
internal static class UnaryFunctions
{
    private static readonly HashSet<string> Names =
    [
        "Ceil", "Celu", "Clip", "Cos", "Elu", "Floor", "HardSigmoid", "HardSwish", "LeakyRelu", "Log", "Mish", "Selu", "Sign", "Sin", "Softplus",
        "Softsign", "ThresholdedRelu",
    ];

    public static bool IsKnown(string op) => Names.Contains(op);

    /// <summary>The function that a node applies to its first input, or null if it has constants that are not known.</summary>
    /// <param name="node">A node of one of the known operators.</param>
    /// <param name="number">The value of a constant of one element; null if it is none.</param>
    public static Func<double, double>? Of(NodeProto node, Func<string, double?> number)
    {
        double Attribute(string name, float otherwise) => node.Float(name, otherwise);
        switch (node.OpType)
        {
            case "Ceil":
                return Math.Ceiling;
            case "Celu":
                var celu = Attribute("alpha", 1);
                return x => Math.Max(0, x) + Math.Min(0, celu * (Math.Exp(x / celu) - 1));
            case "Clip":
                var low = Bound(1, "min", double.NegativeInfinity);
                var high = Bound(2, "max", double.PositiveInfinity);
                return low is { } l && high is { } h ? x => Math.Min(Math.Max(x, l), h) : null;
            case "Cos":
                return Math.Cos;
            case "Elu":
                var elu = Attribute("alpha", 1);
                return x => x >= 0 ? x : elu * (Math.Exp(x) - 1);
            case "Floor":
                return Math.Floor;
            case "HardSigmoid":
                var (slope, offset) = (Attribute("alpha", 0.2f), Attribute("beta", 0.5f));
                return x => Math.Clamp((slope * x) + offset, 0, 1);
            case "HardSwish":
                return x => x * Math.Clamp((x / 6) + 0.5, 0, 1);
            case "LeakyRelu":
                var leak = Attribute("alpha", 0.01f);
                return x => x >= 0 ? x : leak * x;
            case "Log":
                return Math.Log;
            case "Mish":
                return x => x * Math.Tanh(Softplus(x));
            case "Selu":
                var (alpha, gamma) = (Attribute("alpha", 1.67326319217681884765625f), Attribute("gamma", 1.05070102214813232421875f));
                return x => gamma * (x > 0 ? x : (alpha * Math.Exp(x)) - alpha);
            case "Sign":
                return x => double.IsNaN(x) ? x : Math.Sign(x);
            case "Sin":
                return Math.Sin;
            case "Softplus":
                return Softplus;
            case "Softsign":
                return x => x / (1 + Math.Abs(x));
            case "ThresholdedRelu":
                var threshold = Attribute("alpha", 1);
                return x => x > threshold ? x : 0;
            default:
                return null;
        }

        // Clip has its bounds as attributes up to opset 10, as inputs from then on.
        double? Bound(int input, string attribute, double otherwise) =>
            node.InputAt(input) is { } name ? number(name) : node.Attribute.FirstOrDefault(a => a.Name == attribute)?.F ?? otherwise;
    }

    private static double Softplus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));
}
