using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;

namespace Hil.Models.Tests.Quality;

public sealed class MetricsAreComputedFromOutcomes
{
    private static readonly Tensor TwoClasses = new("y", 1, 2);

    /// <summary>Labels 0 0 0 1 1 2 against outputs 0 0 1 1 2 2.</summary>
    private static QualityReport SixSamples(string? metric = null)
    {
        int[] device = [0, 0, 1, 1, 2, 2];
        int[] labels = [0, 0, 0, 1, 1, 2];
        return QualityMeter.Measure(
            Data([.. labels.Select(l => new[] { l })]), new Tensor("y", 1, 3), [.. labels.Select(OneHot)], [.. device.Select(OneHot)], metric: metric);

        static float[] OneHot(int c) => [.. Enumerable.Range(0, 3).Select(i => i == c ? 4f : 0f)];
    }

    [Theory]
    // TP, FP, FN by class: 2 0 1, 1 1 1, 1 1 0; F1 = 4/5, 2/4, 2/3.
    [InlineData("f1", (0.8 + 0.5 + (2.0 / 3)) / 3)]
    [InlineData("f1:0", 0.8)]
    [InlineData("f1:1", 0.5)]
    [InlineData("f1:2", 2.0 / 3)]
    [InlineData("f1:7", 0)]
    [InlineData("accuracy", 4.0 / 6)]
    [InlineData("agreement", 4.0 / 6)]
    public void By_hand(string metric, double expected)
    {
        QualityReport report = SixSamples(metric);
        Assert.Equal(metric, report.Metric);
        Assert.Equal(expected, report.Device!.Value, 12);
        Assert.Equal(metric == "f1:7" ? 0 : 1, report.Float!.Value, 12);
    }

    [Fact]
    public void Divergence_is_that_of_the_two_softmaxes()
    {
        // softmax (ln 3, 0) = (3/4, 1/4); softmax (0, 0) = (1/2, 1/2).
        float[][] reference = [[MathF.Log(3), 0]];
        float[][] device = [[0, 0]];
        QualityReport report = QualityMeter.Measure(Data([[0]]), TwoClasses, reference, device, metric: "kl");
        Assert.Equal((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), report.Device!.Value, 7);
        Assert.Equal(0, report.Float);
        Assert.Equal(0, QualityMeter.Measure(Data([[0]]), TwoClasses, reference, reference, metric: "kl").Device!.Value, 12);
    }

    [Fact]
    public void Divergence_of_large_logits_is_finite() =>
        Assert.Equal(2000, Metrics.Divergence([1000f, -1000f], [-1000f, 1000f]), 3);

    [Fact]
    public void Every_metric_that_the_data_allow_is_there_and_the_default_is_chosen_by_the_data()
    {
        Assert.Equal(["accuracy", "f1", "agreement", "sqnr", "kl"], SixSamples().Metrics.Select(m => m.Name));
        Assert.Equal("accuracy", SixSamples().Metric);
        float[][] outputs = [[1, 0], [0, 1]];
        QualityReport unlabelled = QualityMeter.Measure(Data([[0], [0]]) with { Labels = [] }, TwoClasses, outputs, outputs);
        Assert.Equal(("agreement", 1.0, 1.0), (unlabelled.Metric, unlabelled.Device, unlabelled.Float));
        Assert.Equal(["agreement", "sqnr", "kl"], unlabelled.Metrics.Select(m => m.Name));
    }

    [Fact]
    public void Without_a_float_model_only_labels_are_judged()
    {
        float[][] outputs = [[1, 0], [0, 1]];
        QualityReport report = QualityMeter.Measure(Data([[0], [0]]), TwoClasses, null, outputs);
        Assert.Equal(("accuracy", 0.5), (report.Metric, report.Device));
        Assert.Null(report.Float);
        Assert.Null(report.Agreement);
        Assert.Null(report.SqnrDb);
        Assert.Empty(QualityMeter.Measure(Data([[0], [0]]) with { Labels = [] }, TwoClasses, null, outputs).Metrics);
    }

    [Theory]
    [InlineData("wer", ExitKind.BadInput)]
    [InlineData("f2", ExitKind.Usage)]
    [InlineData("f1:x", ExitKind.Usage)]
    public void A_metric_that_the_data_cannot_give_is_refused_before_anything_runs(string metric, ExitKind kind)
    {
        HilException error = Assert.Throws<HilException>(() => QualityMeter.Require(metric, Data([[0]]), TwoClasses, hasReference: true));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(metric, error.What, StringComparison.Ordinal);
        Assert.Contains("f1", error.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_sample_has_a_value_and_no_interval()
    {
        float[][] one = [[1, 0]];
        QualityReport report = QualityMeter.Measure(Data([[0]]), TwoClasses, one, one);
        Assert.Equal(1, report.Device);
        Assert.Null(report.DeviceInterval);
    }

    [Fact]
    public void An_interval_covers_the_value_and_narrows_with_the_square_root_of_the_samples()
    {
        Statistic Half(int n) => s =>
        {
            int count = 0;
            foreach (int i in s)
            {
                count += i < n / 2 ? 1 : 0;
            }

            return (double)count / s.Length;
        };
        Interval few = Bootstrap.Interval(100, Half(100), 3)!;
        Interval many = Bootstrap.Interval(1600, Half(1600), 3)!;

        // Of a share p: 2 · 1.96 · √(p(1 − p)/n), here 0.196 and 0.049; the draws are a thousand.
        Assert.InRange(few.High - few.Low, 0.17, 0.22);
        Assert.InRange(many.High - many.Low, 0.042, 0.056);
        Assert.InRange(0.5, few.Low, few.High);
        Assert.Equal(few, Bootstrap.Interval(100, Half(100), 3));
        Assert.NotEqual(few, Bootstrap.Interval(100, Half(100), 4));
    }

    [Fact]
    public void Outcomes_survive_being_written_and_read()
    {
        SampleOutcomes outcomes = SixSamples().Outcomes;
        SampleOutcomes read = OutcomeFile.Parse(OutcomeFile.Write(outcomes), "o.npz");
        Assert.Equal(outcomes.Count, read.Count);
        Assert.Equal(outcomes.Columns.Keys, read.Columns.Keys);
        Assert.All(outcomes.Columns, c => Assert.Equal(c.Value.ToArray(), read[c.Key].ToArray()));
        Assert.Equal(OutcomeFile.Write(outcomes), OutcomeFile.Write(read));
    }

    [Fact]
    public void Outcomes_of_unequal_length_are_refused()
    {
        byte[] bad = NpzFile.Write([NpyArray.Of("agreed", [2], [1.0, 0.0]), NpyArray.Of("frames", [1], [1.0])]);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => OutcomeFile.Parse(bad, "o.npz")).Kind);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => OutcomeFile.Parse([1, 2, 3], "o.npz")).Kind);
    }

    private static Dataset Data(int[][] labels) => new(
        "d", "h", [.. labels.Select(_ => ModelSample.Of("x", new float[] { 0 }))], [.. labels.Select(l => (ImmutableArray<int>)[.. l])], false, [], []);
}
