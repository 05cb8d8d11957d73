using System.Collections.Immutable;
using Hil.Models.Data;
using Hil.Models.Graphs;

namespace Hil.Models.Quality;

/// <summary>Compares a device's outputs with the float model's and with the labels.</summary>
public static class QualityMeter
{
    private const int Resamples = 1000;

    /// <summary>
    /// Both lists hold one row-major output a sample, in the data's order. Outputs of one row are classes, others are frames of a
    /// sequence. <paramref name="seed"/> drives the bootstrap.
    /// </summary>
    public static QualityReport Measure(
        Dataset data, Tensor output, IReadOnlyList<float[]> reference, IReadOnlyList<float[]> device, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(device);
        if (reference.Count != data.Count || device.Count != data.Count
            || reference.Concat(device).Any(o => o.Length != output.Count))
        {
            throw new ArgumentException("There must be one output of the model's shape for each sample.", nameof(device));
        }

        var isSequence = data.Labels.IsEmpty ? output.Rows > 1 : data.LabelsAreSequences;
        var (agreed, frames, signal, noise) = (0L, 0L, 0.0, 0.0);
        for (var i = 0; i < data.Count; i++)
        {
            var length = ValidRows(data, output, i);
            for (var r = 0; r < length; r++)
            {
                var a = Row(reference[i], r);
                var b = Row(device[i], r);
                agreed += Metrics.ArgMax(a) == Metrics.ArgMax(b) ? 1 : 0;
                frames++;
                for (var c = 0; c < a.Length; c++)
                {
                    var difference = (double)a[c] - b[c];
                    signal += (double)a[c] * a[c];
                    noise += difference * difference;
                }
            }
        }

        var agreement = (double)agreed / frames;
        var sqnr = Metrics.Decibels(signal, noise);
        if (!isSequence)
        {
            if (data.Labels.IsEmpty)
            {
                return new("agreement", null, null, null, null, agreement, null, sqnr, data.Count, null);
            }

            var (f, d) = (Correct(reference), Correct(device));
            return new(
                "accuracy", Rate(f), Bootstrap(f, seed), Rate(d), Bootstrap(d, seed), agreement, null, sqnr, data.Count, null);
        }

        var (floatText, deviceText) = (Transcripts(data, output, reference), Transcripts(data, output, device));
        var transcriptDifference = Rate(Errors(floatText, deviceText));
        if (data.Labels.IsEmpty)
        {
            return new("agreement", null, null, null, null, agreement, transcriptDifference, sqnr, data.Count, null);
        }

        var (floatErrors, deviceErrors) = (Errors(data.Labels, floatText), Errors(data.Labels, deviceText));
        return new(
            "wer",
            Rate(floatErrors),
            Bootstrap(floatErrors, seed),
            Rate(deviceErrors),
            Bootstrap(deviceErrors, seed),
            agreement,
            transcriptDifference,
            sqnr,
            data.Count,
            data.Labels.Sum(l => l.Length));

        ReadOnlySpan<float> Row(float[] values, int row) => values.AsSpan(row * output.Columns, output.Columns);

        ImmutableArray<(int, int)> Correct(IReadOnlyList<float[]> outputs) =>
            [.. outputs.Select((o, i) => (Metrics.ArgMax(Row(o, 0)) == data.Labels[i][0] ? 1 : 0, 1))];
    }

    /// <summary>The greedy CTC transcript of each sample.</summary>
    public static ImmutableArray<ImmutableArray<int>> Transcripts(Dataset data, Tensor output, IReadOnlyList<float[]> outputs)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        return [.. outputs.Select((o, i) => Metrics.GreedyCtc(o, output.Columns, ValidRows(data, output, i)))];
    }

    private static int ValidRows(Dataset data, Tensor output, int sample) =>
        data.Lengths.IsEmpty ? output.Rows : Math.Min(output.Rows, data.Lengths[sample]);

    private static ImmutableArray<(int Errors, int Words)> Errors(
        ImmutableArray<ImmutableArray<int>> truth, ImmutableArray<ImmutableArray<int>> text) =>
        [.. truth.Zip(text, (t, h) => (Metrics.EditDistance(t.AsSpan(), h.AsSpan()), t.Length))];

    private static double Rate(ImmutableArray<(int Count, int Total)> samples)
    {
        var total = samples.Sum(s => (long)s.Total);
        return total == 0 ? 0 : (double)samples.Sum(s => (long)s.Count) / total;
    }

    private static Interval Bootstrap(ImmutableArray<(int Count, int Total)> samples, int seed)
    {
#pragma warning disable CA5394 // Statistics, not secrets.
        var random = new Random(seed);
        var rates = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            var (count, total) = (0L, 0L);
            for (var j = 0; j < samples.Length; j++)
            {
                var (c, t) = samples[random.Next(samples.Length)];
                count += c;
                total += t;
            }

            rates[i] = total == 0 ? 0 : (double)count / total;
        }
#pragma warning restore CA5394

        Array.Sort(rates);
        return new(rates[(int)(0.025 * Resamples)], rates[(int)(0.975 * Resamples) - 1]);
    }
}
