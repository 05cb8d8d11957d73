using Hil.Contract.Machines;

namespace Hil.Reconcile;

/// <summary>One metric of a run, as a job measured it.</summary>
/// <param name="Unit"><c>share</c> for a fraction (accuracy 0.97, wer 0.031), else what stands after the number: <c>dB</c>, <c>nats</c>, <c>score</c>.</param>
/// <param name="Float">Of the float reference; null if it has none.</param>
/// <param name="Device">Of the device's outputs.</param>
/// <param name="Low">Lower end of a 95 % confidence interval of <paramref name="Device"/>; null if not computed.</param>
/// <param name="High">Its upper end.</param>
public sealed record RunMetric(
    string Name, string Unit, bool HigherIsBetter, double? Float, double? Device, double? Low = null, double? High = null);

/// <summary>What a run's results are worth, as a job measured it.</summary>
/// <param name="Metric">The one that the run is judged by; fractions, or in the unit of its entry in <see cref="Metrics"/>.</param>
/// <param name="Float">Of the float reference; null if it has none.</param>
/// <param name="Device">Of the device's outputs.</param>
/// <param name="Agreement">Share of samples (or valid frames) with equal argmax; null if not computed.</param>
/// <param name="SqnrDb">Device output against float, decibels; null if not computed.</param>
/// <param name="Items">What the metric counts (samples or words); null if the same as samples.</param>
/// <param name="Low">Lower end of a 95 % confidence interval of <paramref name="Device"/>; null if not computed.</param>
/// <param name="High">Its upper end.</param>
public sealed record RunQuality(
    string Metric, double? Float, double? Device, double? Agreement, double? SqnrDb, int Samples,
    int? Items = null, double? Low = null, double? High = null)
{
    /// <summary>The unit of fractions.</summary>
    public const string Share = "share";

    /// <summary>All that was measured, the chosen one among them; empty if nothing else was.</summary>
    public IReadOnlyList<RunMetric> Metrics { get; init; } = [];

    /// <summary>How much worse than float, in the metric's unit; negative if better, null where float has no value.</summary>
    public double? Loss => HigherIsBetter ? Float - Device : Device - Float;

    /// <summary>Unit of the chosen metric.</summary>
    public string Unit => Chosen?.Unit ?? Share;

    private bool HigherIsBetter => Chosen?.HigherIsBetter ?? !Metric.Equals("wer", StringComparison.OrdinalIgnoreCase);

    private RunMetric? Chosen => Metrics.FirstOrDefault(m => m.Name == Metric);
}

/// <summary>Noise at one layer's output: signal to quantization noise in decibels, and how many values were clipped.</summary>
public sealed record LayerNoise(string Layer, double SqnrDb, long Saturated);

/// <summary>How full one memory is.</summary>
public sealed record MemoryFit(string Memory, long UsedBytes, long CapacityBytes);

/// <summary>Limits; null is no limit.</summary>
/// <param name="MaxCycleErrorPercent">Of the total, predicted against measured.</param>
/// <param name="MaxQualityLoss">In the unit of the metric; of fractions, 0.01 is one point of accuracy or WER.</param>
/// <param name="MinAgreement">With the float model, as a fraction.</param>
/// <param name="MinSqnrDb">Of the output against the float model.</param>
/// <param name="MaxCycles">Measured.</param>
/// <param name="MaxMilliseconds">Measured cycles at the machine's clock.</param>
/// <param name="MaxEnergyMicrojoules">Predicted; of a device with a sensor, measured.</param>
public sealed record ReconcileGates(
    double? MaxCycleErrorPercent = null,
    double? MaxQualityLoss = null,
    double? MinAgreement = null,
    double? MinSqnrDb = null,
    double? MaxCycles = null,
    double? MaxMilliseconds = null,
    double? MaxEnergyMicrojoules = null);

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
