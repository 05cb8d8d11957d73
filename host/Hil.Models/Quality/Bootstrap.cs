namespace Hil.Models.Quality;

/// <summary>A figure computed from the samples at these positions, in which one may occur more than once.</summary>
public delegate double Statistic(ReadOnlySpan<int> samples);

/// <summary>
/// Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13): a figure's 95 % interval over samples that
/// are drawn again with replacement. Two runs over the same samples are compared by the interval of their difference, each draw taking
/// the same samples of both (paired).
/// </summary>
public static class Bootstrap
{
    private const int Resamples = 1000;

    /// <summary>Fewer samples than this have no spread to draw from.</summary>
    private const int FewestSamples = 2;

    /// <summary>The intervals of several statistics over the same draws; null with a single sample.</summary>
    public static IReadOnlyList<Interval?> Intervals(int samples, IReadOnlyList<Statistic> statistics, int seed)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        if (samples < FewestSamples)
        {
            return [.. statistics.Select(_ => (Interval?)null)];
        }

#pragma warning disable CA5394 // Statistics, not secrets.
        var random = new Random(seed);
        var values = statistics.Select(_ => new double[Resamples]).ToArray();
        var drawn = new int[samples];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < samples; j++)
            {
                drawn[j] = random.Next(samples);
            }

            for (var s = 0; s < values.Length; s++)
            {
                values[s][i] = statistics[s](drawn);
            }
        }
#pragma warning restore CA5394

        return [.. values.Select(Percentiles)];
    }

    /// <summary>The interval of one statistic.</summary>
    public static Interval? Interval(int samples, Statistic statistic, int seed) => Intervals(samples, [statistic], seed)[0];

    /// <summary>All samples once.</summary>
    public static double Whole(int samples, Statistic statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        return statistic([.. Enumerable.Range(0, samples)]);
    }

    private static Interval Percentiles(double[] values)
    {
        Array.Sort(values);
        return new(values[(int)(0.025 * Resamples)], values[(int)(0.975 * Resamples) - 1]);
    }
}
