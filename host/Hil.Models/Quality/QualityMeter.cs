using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;

namespace Hil.Models.Quality;

/// <summary>Compares a device's outputs with the float model's and with the labels.</summary>
public static class QualityMeter
{
    /// <summary>
    /// Both lists hold one row-major output a sample, in the data's order; <paramref name="reference"/> is null without a float model.
    /// Outputs of one row are classes, others are frames of a sequence. <paramref name="seed"/> drives the bootstrap.
    /// </summary>
    /// <param name="metric">By name; null chooses by the data, see <see cref="QualityReport.Chosen"/>.</param>
    /// <exception cref="HilException">The data do not have what the metric needs.</exception>
    public static QualityReport Measure(
        Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> device, int seed = 1, string? metric = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Report(Outcomes(data, output, reference, device), Asked(metric), data.Name, seed);
    }

    /// <summary>Refuses a metric that the data cannot give, before anything has run.</summary>
    /// <param name="hasReference">There will be outputs of the float model.</param>
    /// <exception cref="HilException">As <see cref="Measure"/>.</exception>
    public static void Require(string? metric, Dataset data, Tensor output, bool hasReference)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        float[][] nothing = [new float[output.Count]];
        Choose(Outcomes(data.Take(1), output, hasReference ? nothing : null, nothing), Asked(metric), data.Name);
    }

    /// <summary>What each sample came to.</summary>
    public static SampleOutcomes Outcomes(Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> device)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(device);
        if (device.Count != data.Count || (reference ?? device).Count != data.Count
            || device.Concat(reference ?? []).Any(o => o.Length != output.Count))
        {
            throw new ArgumentException("There must be one output of the model's shape for each sample.", nameof(device));
        }

        var result = new SampleOutcomes(data.Count, ImmutableSortedDictionary<string, ImmutableArray<double>>.Empty)
            .With(SampleOutcomes.Frames, Enumerable.Range(0, data.Count).Select(i => (double)ValidRows(data, output, i)));
        result = reference is null ? result : WithDistance(result, output, reference, device);
        var isSequence = data.Labels.IsEmpty ? output.Rows > 1 : data.LabelsAreSequences;
        return isSequence ? WithTranscripts(result, data, output, reference, device) : WithClasses(result, data, output, reference, device);
    }

    /// <summary>The greedy CTC transcript of each sample.</summary>
    public static ImmutableArray<ImmutableArray<int>> Transcripts(Dataset data, Tensor output, IReadOnlyList<float[]> outputs)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        return [.. outputs.Select((o, i) => Metrics.GreedyCtc(o, output.Columns, ValidRows(data, output, i)))];
    }

    private static QualityReport Report(SampleOutcomes o, Metric? asked, string where, int seed)
    {
        var values = Values(o, Choose(o, asked, where), seed);
        var chosen = values.FirstOrDefault(v => v.Name == asked?.Name)
            ?? values.FirstOrDefault(v => v.Name is "accuracy" or "wer")
            ?? values.FirstOrDefault(v => v.Name == Metric.Agreement.Name)
            ?? new MetricValue(Metric.Agreement.Name, Metric.Agreement.Unit, true, null, null, null, null);
        double? Value(Metric m) => values.FirstOrDefault(v => v.Name == m.Name)?.Device;
        var floatWords = o.Sum(SampleOutcomes.FloatWords);
        return new(
            chosen,
            values,
            Value(Metric.Agreement),
            !o.Has(SampleOutcomes.TranscriptErrors) ? null : floatWords == 0 ? 0 : o.Sum(SampleOutcomes.TranscriptErrors) / floatWords,
            Value(Metric.Sqnr),
            o.Count,
            o.Has(SampleOutcomes.Words) ? (int)o.Sum(SampleOutcomes.Words) : null,
            o);
    }

    private static Metric? Asked(string? metric) => metric is null ? null : Metric.Find(metric)
        ?? throw new HilException(ExitKind.Usage, $"there is no metric '{metric}'.", "metric", $"Name one of {Metric.Names}.");

    /// <summary>The metrics that the outcomes allow, the one asked for among them.</summary>
    private static Metric[] Choose(SampleOutcomes o, Metric? asked, string where)
    {
        Metric[] candidates = [.. asked is null || Metric.All.Contains(asked) ? [] : new[] { asked }, .. Metric.All];
        Metric[] metrics = [.. candidates.Where(m => m.Of(o, Side.Device) is not null)];
        return asked is null || metrics.Contains(asked) ? metrics : throw new HilException(
            ExitKind.BadInput, $"the metric '{asked.Name}' needs {asked.Needs}.", where,
            metrics.Length == 0 ? "Leave the metric out." : $"Add them, or choose one of {string.Join(", ", metrics.Select(m => m.Name))}.");
    }

    private static MetricValue[] Values(SampleOutcomes o, Metric[] metrics, int seed)
    {
        // Agreement and divergence compare with the float model: its own value is known and has no spread.
        bool Measured(Metric m, Side side) => m.Of(o, side) is not null && (side == Side.Device || (m != Metric.Agreement && m != Metric.Kl));
        (Metric Metric, Side Side)[] statistics =
            [.. metrics.SelectMany(m => new[] { (m, Side.Float), (m, Side.Device) }).Where(p => Measured(p.m, p.Item2))];
        var intervals = Bootstrap.Intervals(o.Count, [.. statistics.Select(s => s.Metric.Of(o, s.Side)!)], seed);
        Interval? IntervalOf(Metric m, Side side) => Array.IndexOf(statistics, (m, side)) is >= 0 and var at ? intervals[at] : null;
        double? ValueOf(Metric m, Side side) => m.Of(o, side) is { } statistic ? Bootstrap.Whole(o.Count, statistic) : null;
        return
        [
            .. metrics.Select(m => new MetricValue(m.Name, m.Unit, m.HigherIsBetter,
                ValueOf(m, Side.Float), IntervalOf(m, Side.Float), ValueOf(m, Side.Device), IntervalOf(m, Side.Device))),
        ];
    }

    private static SampleOutcomes WithDistance(SampleOutcomes result, Tensor output, IReadOnlyList<float[]> reference, IReadOnlyList<float[]> device)
    {
        var (agreed, signal, noise, divergence) =
            (new double[result.Count], new double[result.Count], new double[result.Count], new double[result.Count]);
        for (var i = 0; i < result.Count; i++)
        {
            for (var r = 0; r < (int)result[SampleOutcomes.Frames][i]; r++)
            {
                var a = reference[i].AsSpan(r * output.Columns, output.Columns);
                var b = device[i].AsSpan(r * output.Columns, output.Columns);
                agreed[i] += Metrics.ArgMax(a) == Metrics.ArgMax(b) ? 1 : 0;
                divergence[i] += Metrics.Divergence(a, b);
                for (var c = 0; c < a.Length; c++)
                {
                    var difference = (double)a[c] - b[c];
                    signal[i] += (double)a[c] * a[c];
                    noise[i] += difference * difference;
                }
            }
        }

        return result.With(SampleOutcomes.Agreed, agreed).With(SampleOutcomes.Signal, signal)
            .With(SampleOutcomes.Noise, noise).With(SampleOutcomes.Divergence, divergence);
    }

    private static SampleOutcomes WithClasses(
        SampleOutcomes result, Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> device)
    {
        IEnumerable<double> Classes(IReadOnlyList<float[]> outputs) => outputs.Select(o => (double)Metrics.ArgMax(o.AsSpan(0, output.Columns)));
        result = result.With(SampleOutcomes.DeviceClass, Classes(device));
        result = reference is null ? result : result.With(SampleOutcomes.FloatClass, Classes(reference));
        return data.Labels.IsEmpty ? result : result.With(SampleOutcomes.Label, data.Labels.Select(l => (double)l[0]));
    }

    private static SampleOutcomes WithTranscripts(
        SampleOutcomes result, Dataset data, Tensor output, IReadOnlyList<float[]>? reference, IReadOnlyList<float[]> device)
    {
        var deviceText = Transcripts(data, output, device);
        if (!data.Labels.IsEmpty)
        {
            result = result.With(SampleOutcomes.Words, data.Labels.Select(l => (double)l.Length))
                .With(SampleOutcomes.DeviceErrors, Errors(data.Labels, deviceText));
        }

        if (reference is null)
        {
            return result;
        }

        var floatText = Transcripts(data, output, reference);
        result = data.Labels.IsEmpty ? result : result.With(SampleOutcomes.FloatErrors, Errors(data.Labels, floatText));
        return result.With(SampleOutcomes.FloatWords, floatText.Select(t => (double)t.Length))
            .With(SampleOutcomes.TranscriptErrors, Errors(floatText, deviceText));
    }

    private static int ValidRows(Dataset data, Tensor output, int sample) =>
        data.Lengths.IsEmpty ? output.Rows : Math.Min(output.Rows, data.Lengths[sample]);

    private static IEnumerable<double> Errors(ImmutableArray<ImmutableArray<int>> truth, ImmutableArray<ImmutableArray<int>> text) =>
        truth.Zip(text, (t, h) => (double)Metrics.EditDistance(t.AsSpan(), h.AsSpan()));
}
