using Hil.Contract.Machines;

namespace Hil.Reconcile;

/// <summary>What a run's results are worth, as a job measured it. Metrics are fractions: accuracy 0.97, wer 0.031.</summary>
/// <param name="Metric">"accuracy" (higher is better) or "wer" (lower is better).</param>
/// <param name="Float">Of the float reference.</param>
/// <param name="Device">Of the device's outputs.</param>
/// <param name="Agreement">Share of samples (or valid frames) with equal argmax; null if not computed.</param>
/// <param name="SqnrDb">Device output against float, decibels; null if not computed.</param>
/// <param name="Items">What the metric counts (samples or words); null if the same as samples.</param>
/// <param name="Low">Lower end of a 95 % confidence interval of <paramref name="Device"/>; null if not computed.</param>
/// <param name="High">Its upper end.</param>
public sealed record RunQuality(
    string Metric, double Float, double Device, double? Agreement, double? SqnrDb, int Samples,
    int? Items = null, double? Low = null, double? High = null)
{
    /// <summary>How much worse than float, as a fraction; negative if better.</summary>
    public double Loss => Metric.Equals("wer", StringComparison.OrdinalIgnoreCase) ? Device - Float : Float - Device;
}

/// <summary>Noise at one layer's output: signal to quantization noise in decibels, and how many values were clipped.</summary>
public sealed record LayerNoise(string Layer, double SqnrDb, long Saturated);

/// <summary>How full one memory is.</summary>
public sealed record MemoryFit(string Memory, long UsedBytes, long CapacityBytes);

/// <summary>Limits; null is no limit.</summary>
/// <param name="MaxCycleErrorPercent">Of the total, predicted against measured.</param>
/// <param name="MaxQualityLoss">As a fraction: 0.01 is one point of accuracy or WER.</param>
public sealed record ReconcileGates(double? MaxCycleErrorPercent = null, double? MaxQualityLoss = null);

/// <summary>Everything beside the two records that a report can show.</summary>
public sealed record ReconcileExtras
{
    /// <summary>For milliseconds and utilization; without it these are left out.</summary>
    public Machine? Machine { get; init; }

    public RunQuality? Quality { get; init; }

    public IReadOnlyList<LayerNoise> Noise { get; init; } = [];

    public IReadOnlyList<MemoryFit> Fit { get; init; } = [];

    public ReconcileGates Gates { get; init; } = new();

    /// <summary>Another run of the same model to compare with, for example the dense one of a pruned model.</summary>
    public Comparison? Comparison { get; init; }
}

/// <param name="Label">What the other run is, for example "dense".</param>
/// <param name="OwnLabel">What this run is, for example "pruned".</param>
public sealed record Comparison(string Label, string OwnLabel, Reconciliation Other);
