using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;

namespace Hil.Models.Tests.Quality;

public sealed class QualityMeasures
{
    [Fact]
    public void Greedy_ctc_merges_repeats_and_drops_blanks()
    {
        // Three classes, the last is blank; best per frame: 0 0 blank 0 1 1 | 1
        float[] logits = [2, 1, 0, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 3, 1, 0, 3, 1, 0, 3, 1];

        Assert.Equal([0, 0, 1], Metrics.GreedyCtc(logits, 3, 6).ToArray());
        Assert.Equal([0, 0, 1], Metrics.GreedyCtc(logits, 3, 7).ToArray());
        Assert.Equal([0], Metrics.GreedyCtc(logits, 3, 2).ToArray());
    }

    [Theory]
    [InlineData(new int[0], new int[0], 0)]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1, 2, 3 }, 0)]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1, 3 }, 1)]
    [InlineData(new[] { 1, 2, 3 }, new[] { 4, 1, 5, 3 }, 2)]
    [InlineData(new int[0], new[] { 1, 1 }, 2)]
    public void Edit_distance_counts_the_fewest_changes(int[] a, int[] b, int expected)
    {
        Assert.Equal(expected, Metrics.EditDistance(a, b));
        Assert.Equal(expected, Metrics.EditDistance(b, a));
    }

    [Fact]
    public void Classes_are_measured_by_accuracy()
    {
        var data = Data([[0], [1], [1], [0]], isSequence: false, []);
        float[][] reference = [[1, 0], [0, 1], [1, 0], [1, 0]];
        float[][] device = [[1, 0], [0, 1], [0, 1], [0.5f, 1]];

        var report = QualityMeter.Measure(data, new Tensor("y", 1, 2), reference, device);

        Assert.Equal(("accuracy", 0.75, 0.75, 0.5), (report.Metric, report.Float, report.Device, report.Agreement));
        Assert.Equal(10 * Math.Log10(4 / 3.25), report.SqnrDb!.Value, 1e-6);
        Assert.InRange(report.Device!.Value, report.DeviceInterval!.Low, report.DeviceInterval.High);
        Assert.Null(report.Words);
    }

    [Fact]
    public void Sequences_are_measured_by_word_errors_within_their_length()
    {
        var data = Data([[0], [0, 1]], isSequence: true, [1, 2]);
        float[][] reference = [[9, 0, 0, 0, 9, 0], [9, 0, 0, 0, 9, 0]];
        float[][] device = [[9, 0, 0, 0, 0, 9], [9, 0, 0, 0, 0, 9]];

        var report = QualityMeter.Measure(data, new Tensor("y", 2, 3), reference, device);

        Assert.Equal(("wer", 0.0, 1.0 / 3, 3), (report.Metric, report.Float, report.Device, report.Words));
        Assert.Equal(2.0 / 3, report.Agreement!.Value, 1e-9);
        Assert.Equal(1.0 / 3, report.TranscriptDifference!.Value, 1e-9);
    }

    [Fact]
    public void Equal_outputs_have_no_noise_and_the_same_seed_gives_the_same_interval()
    {
        var data = Data([[0], [1]], isSequence: false, []);
        float[][] outputs = [[1, 0], [1, 0]];

        var (a, b) = (QualityMeter.Measure(data, new Tensor("y", 1, 2), outputs, outputs, 5), QualityMeter.Measure(data, new Tensor("y", 1, 2), outputs, outputs, 5));

        Assert.Equal(300, a.SqnrDb);
        Assert.Equal((a.Chosen, a.SqnrDb), (b.Chosen, b.SqnrDb));
    }

    private static Dataset Data(int[][] labels, bool isSequence, int[] lengths) => new(
        "d", "h", [.. labels.Select(_ => ModelSample.Of("x", new float[] { 0 }))], [.. labels.Select(l => (System.Collections.Immutable.ImmutableArray<int>)[.. l])], isSequence, [.. lengths], []);
}
