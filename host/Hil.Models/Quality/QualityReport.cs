namespace Hil.Models.Quality;

/// <summary>A 95 % confidence interval (percentile bootstrap over samples).</summary>
public sealed record Interval(double Low, double High);

/// <summary>One metric of a run. What could not be measured is null.</summary>
/// <param name="Name">Of the metric.</param>
/// <param name="Unit">As <see cref="Metric.Unit"/>.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Float">Of the float model; 1 for agreement and 0 for divergence, which compare with it.</param>
/// <param name="FloatInterval">Its interval.</param>
/// <param name="Device">Of the device.</param>
/// <param name="DeviceInterval">Its interval; null with a single sample.</param>
public sealed record MetricValue(
    string Name, string Unit, bool HigherIsBetter, double? Float, Interval? FloatInterval, double? Device, Interval? DeviceInterval);

/// <summary>How good a device's outputs are. Rates are 0 … 1; what could not be measured is null.</summary>
/// <param name="Chosen">The metric that the run is judged by: the one asked for, else <c>accuracy</c> for one label a sample,
/// <c>wer</c> for transcripts, <c>agreement</c> without labels.</param>
/// <param name="Metrics">All that the data allow, the chosen one among them.</param>
/// <param name="Agreement">Share of samples (for sequences: of valid frames) with equal argmax.</param>
/// <param name="TranscriptDifference">WER of the device's transcripts against the float transcripts; null without sequences.</param>
/// <param name="SqnrDb">10·log₁₀(Σ float²/Σ (float − device)²) over all valid outputs.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Words">Number of labels in all transcripts; null without sequences.</param>
/// <param name="Outcomes">What it was computed from.</param>
public sealed record QualityReport(
    MetricValue Chosen,
    IReadOnlyList<MetricValue> Metrics,
    double? Agreement,
    double? TranscriptDifference,
    double? SqnrDb,
    int Samples,
    int? Words,
    SampleOutcomes Outcomes)
{
    /// <summary>Name of the chosen metric.</summary>
    public string Metric => Chosen.Name;

    /// <summary>The chosen metric of the float model.</summary>
    public double? Float => Chosen.Float;

    /// <summary>The chosen metric of the device.</summary>
    public double? Device => Chosen.Device;

    /// <summary>Interval of <see cref="Float"/>.</summary>
    public Interval? FloatInterval => Chosen.FloatInterval;

    /// <summary>Interval of <see cref="Device"/>.</summary>
    public Interval? DeviceInterval => Chosen.DeviceInterval;
}
