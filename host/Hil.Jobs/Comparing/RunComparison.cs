using Hil.Models.Quality;

namespace Hil.Jobs.Comparing;

/// <summary>A figure of both runs; null where a run does not have it.</summary>
public sealed record Pair(string Name, double? A, double? B)
{
    /// <summary>B − A.</summary>
    public double? Difference => B - A;

    /// <summary>(B − A)/A, percent.</summary>
    public double? Percent => A is > 0 ? 100 * (B - A) / A : null;
}

/// <summary>A metric of both runs.</summary>
/// <param name="Interval">95 % interval of B − A over the same samples (paired); null where the outcomes of a run are not at hand.</param>
public sealed record MetricPair(string Name, string Unit, bool HigherIsBetter, double A, double B, Interval? Interval)
{
    /// <summary>B − A.</summary>
    public double Difference => B - A;

    /// <summary>The interval leaves out zero.</summary>
    public bool? IsSignificant => Interval is null ? null : Interval.Low > 0 || Interval.High < 0;
}

/// <summary>Something by which two runs differ that is no result: another machine, model, device.</summary>
public sealed record IdentityDifference(string What, string? A, string? B);

/// <summary>Two runs side by side; A is the earlier or reference one.</summary>
/// <param name="Layers">By the size of the difference in cycles.</param>
/// <param name="Samples">That both have, over which metrics are paired; 0 without.</param>
/// <param name="Notes">What could not be compared, and why.</param>
public sealed record RunComparison(
    string A,
    string B,
    IReadOnlyList<IdentityDifference> Identity,
    IReadOnlyList<Pair> Figures,
    IReadOnlyList<Pair> Layers,
    IReadOnlyList<Pair> Memories,
    IReadOnlyList<MetricPair> Metrics,
    int Samples,
    IReadOnlyList<string> Notes,
    string Verdict);
