using System.Collections.Immutable;

namespace Hil.Models.Quality;

/// <summary>The elementary measures.</summary>
public static class Metrics
{
    /// <summary>Position of the largest value; the first of equal ones.</summary>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Greedy CTC: the best class of each of the first <paramref name="length"/> frames, repeats merged, blanks (the last class) removed.</summary>
    public static ImmutableArray<int> GreedyCtc(ReadOnlySpan<float> logits, int classes, int length)
    {
        var result = ImmutableArray.CreateBuilder<int>();
        var (blank, previous) = (classes - 1, -1);
        for (var frame = 0; frame < length; frame++)
        {
            var best = ArgMax(logits.Slice(frame * classes, classes));
            if (best != previous && best != blank)
            {
                result.Add(best);
            }

            previous = best;
        }

        return result.ToImmutable();
    }

    /// <summary>Fewest substitutions, insertions and deletions that turn one sequence into the other (Levenshtein).</summary>
    public static int EditDistance(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    /// <summary>KL(softmax <paramref name="a"/> ‖ softmax <paramref name="b"/>) in nats; never negative.</summary>
    public static double Divergence(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (logA, logB) = (LogSumExp(a), LogSumExp(b));
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var p = a[i] - logA;
            sum += Math.Exp(p) * (p - (b[i] - logB));
        }

        return Math.Max(0, sum);
    }

    /// <summary>10·log₁₀(signal/noise); 300 dB stands for no noise, so that the value can be written as JSON.</summary>
    public static double Decibels(double signal, double noise)
    {
        const double Exact = 300;
        return noise <= 0 ? Exact : signal <= 0 ? -Exact : Math.Clamp(10 * Math.Log10(signal / noise), -Exact, Exact);
    }

    private static double LogSumExp(ReadOnlySpan<float> values)
    {
        var largest = values[ArgMax(values)];
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Exp((double)value - largest);
        }

        return largest + Math.Log(sum);
    }
}
