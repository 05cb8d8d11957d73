using Hil.Models.Graphs;

namespace Hil.Models.Import.Values;

/// <summary>Says which known function a <see cref="RowFunction"/> is, whatever way it is spelt, by evaluating it.</summary>
internal static class Recognizer
{
    /// <summary>Largest difference that float32 constants in the model explain.</summary>
    private const double Tolerance = 1e-5;

    private static readonly Activation[] Candidates =
        [Activation.None, Activation.Gelu, Activation.GeluTanh, Activation.Relu, Activation.Tanh, Activation.Sigmoid, Activation.Silu,
            Activation.QuickGelu];

    /// <summary>The activation function that is meant, or null.</summary>
    public static Activation? AsActivation(RowFunction function)
    {
        if (function.UsesColumns || function.UsesMean)
        {
            return null;
        }

        double[] grid = [.. Enumerable.Range(-400, 801).Select(i => i / 50.0)];
        var values = function.Evaluate(grid);
        if (values.Length != grid.Length)
        {
            return null;
        }

        foreach (var candidate in Candidates)
        {
            if (!grid.Zip(values).Any(p => !(Math.Abs(Functions.Evaluate(candidate, p.First) - p.Second) <= Tolerance)))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Scale and offset of each column where the function is scale[c] · x + offset[c]; else null.</summary>
    public static (float[] Scale, float[] Offset)? AsAffine(RowFunction function, int columns)
    {
        if (function.UsesMean)
        {
            return null;
        }

        double[] Row(double x) => function.Evaluate([.. Enumerable.Repeat(x, columns)]);
        var (zero, one) = (Row(0), Row(1));
        if (zero.Length != columns || one.Length != columns)
        {
            return null;
        }

        foreach (var x in new[] { -300.0, -1.5, 0.25, 7, 1000 })
        {
            var expected = zero.Zip(one, (a, b) => a + (x * (b - a)));
            if (Row(x).Zip(expected).Any(p => !(Math.Abs(p.First - p.Second) <= Tolerance * (1 + Math.Abs(p.Second)))))
            {
                return null;
            }
        }

        return ([.. zero.Zip(one, (a, b) => (float)(b - a))], [.. zero.Select(v => (float)v)]);
    }

    /// <summary>Gamma, beta and epsilon of the normalization that is meant, by the deviation or the root mean square; or null.</summary>
    public static (float[] Gamma, float[] Beta, double Epsilon)? AsNormalization(RowFunction function, int columns, bool rms)
    {
        if (!function.UsesMean || columns < 2)
        {
            return null;
        }

        // Two opposite rows of large variance, for which epsilon does not count: their half difference is gamma, their mean beta.
        var x = TestRow(columns, 1e4, 1);
        var (up, down) = (function.Evaluate(x), function.Evaluate([.. x.Select(v => -v)]));
        if (up.Length != columns || down.Length != columns)
        {
            return null;
        }

        var standard = Standardize(x, 0, rms);
        double[] gamma = [.. up.Zip(down, standard).Select(t => (t.First - t.Second) / (2 * t.Third))];
        double[] beta = [.. up.Zip(down).Select(t => (t.First + t.Second) / 2)];

        // A row of tiny variance shows epsilon.
        var tiny = TestRow(columns, 1e-7, 2);
        var largest = Enumerable.Range(0, columns).MaxBy(c => Math.Abs(gamma[c] * tiny[c]));
        var (mean, variance) = Moments(tiny, rms);
        var shown = (function.Evaluate(tiny)[largest] - beta[largest]) / gamma[largest];
        var ratio = (tiny[largest] - mean) / shown;
        var epsilon = Math.Max(0, (ratio * ratio) - variance);
        if (!double.IsFinite(epsilon) || epsilon > 1)
        {
            return null;
        }

        foreach (var (amplitude, phase) in new[] { (1.0, 3), (0.01, 4), (100.0, 5) })
        {
            var row = TestRow(columns, amplitude, phase);
            var (expected, actual) = (Standardize(row, epsilon, rms), function.Evaluate(row));
            for (var c = 0; c < columns; c++)
            {
                var value = (expected[c] * gamma[c]) + beta[c];
                if (!(Math.Abs(actual[c] - value) <= Tolerance * (1 + Math.Abs(value))))
                {
                    return null;
                }
            }
        }

        return ([.. gamma.Select(g => (float)g)], [.. beta.Select(b => (float)b)], epsilon);
    }

    private static double[] TestRow(int columns, double amplitude, int phase)
    {
        // Far from zero in every column: gamma is found by dividing by the standardised value.
        var row = new double[columns];
        for (var c = 0; c < columns; c++)
        {
            var sign = c % 2 == 0 ? 1 : -1;
            row[c] = amplitude * sign * (1 + (0.5 * Math.Sin((c * 1.7) + phase)));
        }

        return row;
    }

    private static double[] Standardize(double[] row, double epsilon, bool rms)
    {
        var (mean, variance) = Moments(row, rms);
        return [.. row.Select(x => (x - mean) / Math.Sqrt(variance + epsilon))];
    }

    private static (double Mean, double Variance) Moments(double[] row, bool rms)
    {
        var mean = rms ? 0 : row.Average();
        return (mean, row.Average(x => (x - mean) * (x - mean)));
    }
}
