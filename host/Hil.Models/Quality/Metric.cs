using System.Globalization;

namespace Hil.Models.Quality;

/// <summary>Whose outputs a metric judges.</summary>
public enum Side
{
    /// <summary>The float model's.</summary>
    Float,

    /// <summary>The device's.</summary>
    Device,
}

/// <summary>A measure of quality that is computed from <see cref="SampleOutcomes"/>.</summary>
/// <param name="Name">As `--metric` takes it.</param>
/// <param name="Unit"><c>share</c> (0 … 1), <c>dB</c>, <c>nats</c>, or <c>score</c> for a user's own.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Needs">What the data must have for it, as a person says it.</param>
public sealed record Metric(string Name, string Unit, bool HigherIsBetter, string Needs)
{
    /// <summary>Before the number of a class: <c>f1:1</c> is the F1 score of class 1 against all others.</summary>
    public const string ClassPrefix = "f1:";

    private const string ClassLabels = "one label a sample";
    private const string FloatModel = "the float model's outputs";

    /// <summary>Share of samples whose argmax is the label.</summary>
    public static readonly Metric Accuracy = new("accuracy", "share", true, ClassLabels);

    /// <summary>Word errors of greedy CTC transcripts over the words of the labels.</summary>
    public static readonly Metric Wer = new("wer", "share", false, "transcripts as labels (a row a sample)");

    /// <summary>F1, the mean over the classes that occur as label or as output (macro).</summary>
    public static readonly Metric F1 = new("f1", "share", true, ClassLabels);

    /// <summary>Share of samples (of valid frames for sequences) with equal argmax of float and device.</summary>
    public static readonly Metric Agreement = new("agreement", "share", true, FloatModel);

    /// <summary>10·log₁₀(Σ float²/Σ (float − device)²).</summary>
    public static readonly Metric Sqnr = new("sqnr", "dB", true, FloatModel);

    /// <summary>Mean divergence KL(softmax float ‖ softmax device) of a sample or valid frame.</summary>
    public static readonly Metric Kl = new("kl", "nats", false, FloatModel);

    /// <summary>Those with a fixed name.</summary>
    public static readonly IReadOnlyList<Metric> All = [Accuracy, Wer, F1, Agreement, Sqnr, Kl];

    /// <summary>The names that `--metric` takes, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(m => m.Name)) + $", {ClassPrefix}CLASS";

    /// <summary>The metric of this name, or null.</summary>
    public static Metric? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(m => m.Name == name) ?? (ClassOf(name) is null ? null : F1 with { Name = name });
    }

    /// <summary>The statistic that gives it over a choice of samples; null where the outcomes do not have what it needs.</summary>
    public Statistic? Of(SampleOutcomes o, Side side)
    {
        ArgumentNullException.ThrowIfNull(o);
        var classes = side == Side.Float ? SampleOutcomes.FloatClass : SampleOutcomes.DeviceClass;
        var errors = side == Side.Float ? SampleOutcomes.FloatErrors : SampleOutcomes.DeviceErrors;
        return Name switch
        {
            "accuracy" when o.Has(SampleOutcomes.Label) && o.Has(classes) => Share(o, SampleOutcomes.Label, classes),
            "wer" when o.Has(SampleOutcomes.Words) && o.Has(errors) => Ratio(o, errors, SampleOutcomes.Words),
            "agreement" when o.Has(SampleOutcomes.Agreed) => side == Side.Float ? _ => 1 : Ratio(o, SampleOutcomes.Agreed, SampleOutcomes.Frames),
            "kl" when o.Has(SampleOutcomes.Divergence) => side == Side.Float ? _ => 0 : Ratio(o, SampleOutcomes.Divergence, SampleOutcomes.Frames),
            "sqnr" when o.Has(SampleOutcomes.Noise) && side == Side.Device => s =>
                Metrics.Decibels(Sum(o, SampleOutcomes.Signal, s), Sum(o, SampleOutcomes.Noise, s)),
            _ when Name.StartsWith("f1", StringComparison.Ordinal) && o.Has(SampleOutcomes.Label) && o.Has(classes) => s => FScore(o, classes, ClassOf(Name), s),
            _ => null,
        };
    }

    /// <summary>The mean of a column of a user's scores; null where it is not there.</summary>
    public static Statistic? Mean(SampleOutcomes o, Side side)
    {
        ArgumentNullException.ThrowIfNull(o);
        var column = side == Side.Float ? SampleOutcomes.FloatScore : SampleOutcomes.DeviceScore;
        return o.Has(column) ? s => Sum(o, column, s) / s.Length : null;
    }

    private static int? ClassOf(string name) =>
        name.StartsWith(ClassPrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(ClassPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Statistic Share(SampleOutcomes o, string a, string b)
    {
        var (x, y) = (o[a], o[b]);
        return samples =>
        {
            var equal = 0;
            foreach (var i in samples)
            {
                equal += x[i] == y[i] ? 1 : 0;
            }

            return (double)equal / samples.Length;
        };
    }

    private static Statistic Ratio(SampleOutcomes o, string count, string total) => samples =>
    {
        var of = Sum(o, total, samples);
        return of == 0 ? 0 : Sum(o, count, samples) / of;
    };

    private static double Sum(SampleOutcomes o, string column, ReadOnlySpan<int> samples)
    {
        var values = o[column].AsSpan();
        var sum = 0.0;
        foreach (var i in samples)
        {
            sum += values[i];
        }

        return sum;
    }

    /// <summary>2·TP/(2·TP + FP + FN); 0 where the class neither occurs nor is given, as scikit-learn counts it.</summary>
    private static double FScore(SampleOutcomes o, string column, int? positive, ReadOnlySpan<int> samples)
    {
        var labels = o[SampleOutcomes.Label].AsSpan();
        var given = o[column].AsSpan();
        var most = positive ?? 0;
        foreach (var i in samples)
        {
            most = Math.Max(most, (int)Math.Max(labels[i], given[i]));
        }

        var (hits, occurrences) = (new int[most + 1], new int[most + 1]);
        foreach (var i in samples)
        {
            hits[(int)labels[i]] += labels[i] == given[i] ? 1 : 0;
            occurrences[(int)labels[i]]++;
            occurrences[(int)given[i]]++;
        }

        double Score(int c) => occurrences[c] == 0 ? 0 : 2.0 * hits[c] / occurrences[c];
        return positive is { } one ? Score(one) : Enumerable.Range(0, most + 1).Where(c => occurrences[c] > 0).Average(Score);
    }
}
