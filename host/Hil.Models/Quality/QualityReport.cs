namespace Hil.Models.Quality;

/// <summary>A 95 % confidence interval (percentile bootstrap over samples).</summary>
public sealed record Interval(double Low, double High);

/// <summary>How good a device's outputs are. Rates are 0 … 1; what could not be measured is null.</summary>
/// <param name="Metric"><c>accuracy</c>, <c>wer</c>, or <c>agreement</c> where there are no labels.</param>
/// <param name="Float">The metric of the float model.</param>
/// <param name="FloatInterval">Its interval.</param>
/// <param name="Device">The metric of the device.</param>
/// <param name="DeviceInterval">Its interval.</param>
/// <param name="Agreement">Share of samples (for sequences: of valid frames) with equal argmax.</param>
/// <param name="TranscriptDifference">WER of the device's transcripts against the float transcripts; null without sequences.</param>
/// <param name="SqnrDb">10·log₁₀(Σ float²/Σ (float − device)²) over all valid outputs.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Words">Number of labels in all transcripts; null without sequences.</param>
public sealed record QualityReport(
    string Metric,
    double? Float,
    Interval? FloatInterval,
    double? Device,
    Interval? DeviceInterval,
    double Agreement,
    double? TranscriptDifference,
    double SqnrDb,
    int Samples,
    int? Words);
