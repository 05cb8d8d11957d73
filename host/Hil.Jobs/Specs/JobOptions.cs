using System.Text.Json.Serialization;
using Hil.Contract;
using Hil.Models.Export;

namespace Hil.Jobs.Specs;

/// <summary>What a job does with its inputs. Nothing here may depend on who runs it or how fast.</summary>
/// <param name="Device">Name of the device: <c>emulator</c>, or another that `hil devices` lists.</param>
/// <param name="Samples">Samples to evaluate, from the first; null means all.</param>
/// <param name="PruneBlocks">Share of feed-forward weight tiles to prune, 0 to 1; 0 leaves the model as it is.</param>
/// <param name="MaxCycleErrorPercent">Gate on |measured − predicted| / measured; null: none.</param>
/// <param name="MaxQualityLoss">Gate on the loss of the quality metric against float, in points (0.01 is one percent); null: none.</param>
/// <param name="Gemm">The product of a <see cref="JobKind.Gemm"/> job.</param>
public sealed record JobOptions(
    string Device,
    int? Samples,
    double PruneBlocks,
    double? MaxCycleErrorPercent,
    double? MaxQualityLoss,
    GemmShape? Gemm)
{
    public const string Emulator = "emulator";

    /// <summary>Time that a metric command has, unless the job says otherwise.</summary>
    public const int DefaultMetricTimeoutSeconds = 600;

    /// <summary>What <see cref="Metric"/> can be, for messages.</summary>
    public static string MetricNames => Models.Quality.Metric.Names;

    /// <summary>The metric to judge by, as <see cref="Models.Quality.Metric"/> names it; null: chosen by the data.</summary>
    public string? Metric { get; init; }

    /// <summary>A user's own metric: a command of the shell, see docs/command-line.md; null: none. A service refuses it.</summary>
    public string? MetricCommand { get; init; }

    /// <summary>After which <see cref="MetricCommand"/> is stopped.</summary>
    public int MetricTimeoutSeconds { get; init; } = DefaultMetricTimeoutSeconds;

    /// <summary>Gate on the agreement with the float model, 0 to 1; null: none.</summary>
    public double? MinAgreement { get; init; }

    /// <summary>Gate on the output's signal-to-noise ratio, decibels; null: none.</summary>
    public double? MinSqnrDb { get; init; }

    /// <summary>Gate on the measured cycles of an inference; null: none.</summary>
    public double? MaxCycles { get; init; }

    /// <summary>Gate on the measured time of an inference at the machine's clock; null: none.</summary>
    public double? MaxMilliseconds { get; init; }

    /// <summary>Gate on the energy of an inference, predicted where there is no sensor; null: none.</summary>
    public double? MaxEnergyMicrojoules { get; init; }

    /// <summary>Lengths of the model's symbolic dimensions by name; null: the samples show them, and the batch is 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Bind
    {
        get;
        // In one order, so that jobs that say the same are the same.
        init => field = value is { Count: > 0 } ? new SortedDictionary<string, long>(value.ToDictionary(), StringComparer.Ordinal) : null;
    }

    public static readonly JobOptions Default = new(Emulator, null, 0, null, null, null);

    /// <summary>Operator set of an exported model; null: the newest that is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Opset { get; init; }

    /// <summary>What to look at besides outputs, on the first sample; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProbeSpec? Probe { get; init; }

    internal void Check(JobKind kind, string where)
    {
        Require(Samples is null or > 0, "samples must be positive.");
        Require(PruneBlocks is >= 0 and < 1, "pruneBlocks must be at least 0 and less than 1.");
        Require(MaxCycleErrorPercent is null or >= 0, "maxCycleErrorPercent must not be negative.");
        Require(MaxQualityLoss is null or >= 0, "maxQualityLoss must not be negative.");
        Require(Opset is null or QdqOptions.Portable or QdqOptions.WithInt16, $"opset must be {QdqOptions.Portable} or {QdqOptions.WithInt16}.");
        Require((kind == JobKind.Gemm) == Gemm is not null, "a product has a shape, and only a product.");
        Require(Device.Length > 0, "a device is needed.");
        Require(Metric is null || Models.Quality.Metric.Find(Metric) is not null, $"metric must be one of {Models.Quality.Metric.Names}.");
        Require(MetricCommand is null || MetricCommand.Trim().Length > 0, "metricCommand must not be empty.");
        Require(MetricTimeoutSeconds is > 0 and <= 86400, "metricTimeoutSeconds must be 1 to 86400.");
        Require(Metric != Models.Quality.Metric.Sqnr.Name || MaxQualityLoss is null, "sqnr has no value of the float model to lose; use minSqnrDb.");
        Require(MinAgreement is null or (>= 0 and <= 1), "minAgreement must be 0 to 1.");
        Require(MinSqnrDb is null || double.IsFinite(MinSqnrDb.Value), "minSqnrDb must be a number.");
        Require(MaxCycles is null or >= 0 && MaxMilliseconds is null or >= 0 && MaxEnergyMicrojoules is null or >= 0,
            "maxCycles, maxMilliseconds and maxEnergyMicrojoules must not be negative.");
        Require(Bind?.All(b => b.Key.Length > 0 && b.Value > 0) ?? true, "bind must give positive lengths by name.");
        Require(Probe is null || kind is JobKind.Run or JobKind.Gemm, "only what runs can be probed.");
        Require(Probe?.Waves is null or { From: >= 0 } && (Probe?.Waves is not { } w || w.To >= w.From), "waves must be cycles, from 0 on, the first not after the last.");
        if (Gemm is not null)
        {
            Require(Gemm.M is > 0 and <= GemmShape.Largest && Gemm.K is > 0 and <= GemmShape.Largest
                && Gemm.N is > 0 and <= GemmShape.Largest, $"sizes must be 1 to {GemmShape.Largest}.");
            Require(Gemm.Sparsity is >= 0 and < 1, "sparsity must be at least 0 and less than 1.");
        }

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new HilException(ExitKind.BadInput, what, where, "Correct the option.");
            }
        }
    }
}

/// <summary>An M × K by K × N product of seeded random int8 numbers, a share of its weight tiles being zero.</summary>
public sealed record GemmShape(int M, int K, int N, double Sparsity)
{
    /// <summary>Larger products say nothing that smaller ones do not, and take hours.</summary>
    public const int Largest = 65536;
}
