namespace Hil.Models.Graphs;

/// <summary>The activation functions in double precision, for tables and for recognising them.</summary>
public static class Functions
{
    /// <summary>The value of an activation function.</summary>
    public static double Evaluate(Activation activation, double x) => activation switch
    {
        Activation.None => x,
        Activation.Gelu => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.Relu => Math.Max(x, 0),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x),
        Activation.Silu => x * Sigmoid(x),
        Activation.QuickGelu => x * Sigmoid(1.702 * x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>
    /// The error function: its Taylor series up to 3, beyond that the continued fraction of erfc (Abramowitz and Stegun 7.1.5 and 7.1.14).
    /// </summary>
    public static double Erf(double x)
    {
        var magnitude = Math.Abs(x);
        return magnitude < 3 ? Series(x) : Math.Sign(x) * (1 - Tail(magnitude));
    }

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 100 && Math.Abs(term) > 1e-17; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Tail(double x)
    {
        var fraction = x;
        for (var n = 40; n >= 1; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / (fraction * Math.Sqrt(Math.PI));
    }
}
