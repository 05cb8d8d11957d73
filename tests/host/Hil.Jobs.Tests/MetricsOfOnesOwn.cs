using System.Collections.Immutable;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Quality;

namespace Hil.Jobs.Tests;

/// <summary>A metric command: what it is given, what it may answer, and what becomes of one that goes wrong.</summary>
public sealed class MetricsOfOnesOwn : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly Tensor Output = new("y", 1, 2);
    private static readonly float[][] Floats = [[1, 0], [0, 1]];
    private static readonly float[][] Outputs = [[1, 0], [1, 0]];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<QualityReport> Measure(string command, string? metric = null, int timeoutSeconds = 60)
    {
        Skip.If(OperatingSystem.IsWindows(), "the commands of this test are for a POSIX shell");
        JobOptions options = JobOptions.Default with { MetricCommand = command, Metric = metric, MetricTimeoutSeconds = timeoutSeconds };
        LocalJob job = LocalJob.Of(JobKind.Run, _folder.RunOf("model"), options);
        var work = new JobWork(job.Spec, job, _folder.Store(), new RecordedProgress(), CancellationToken.None);
        var data = new Dataset(
            "d", "h", [ModelSample.Of("x", new float[] { 0 }), ModelSample.Of("x", new float[] { 0 })], [[0], [1]], false, [], []);
        return await QualityStep.MeasureAsync(work, data, Output, Floats, Outputs, "");
    }

    /// <summary>A command that writes this to its second argument.</summary>
    private static string Answer(string json) => $"printf '%s' '{json}' > \"$2\"; true";

    [SkippableFact]
    public async Task One_score_a_sample_is_a_mean_with_an_interval_and_the_run_is_judged_by_it()
    {
        QualityReport report = await Measure(Answer("""{"name": "mine", "float": [1, 1], "device": [1, 0.5]}"""));
        Assert.Equal(new MetricValue("mine", "score", true, 1, new(1, 1), 0.75, new(0.5, 1)), report.Chosen);
        Assert.Equal(["mine", "accuracy", "f1", "agreement", "sqnr", "kl"], report.Metrics.Select(m => m.Name));
        Assert.Equal([1, 0.5], report.Outcomes[SampleOutcomes.DeviceScore].ToArray());
        Assert.Equal(0.25, QualityStep.ForReport(report)!.Loss!.Value, 12);
    }

    [SkippableFact]
    public async Task One_score_has_no_interval_and_less_may_be_better()
    {
        QualityReport report = await Measure(Answer("""{"higherIsBetter": false, "float": 2, "device": 1.5}"""));
        Assert.Equal(new MetricValue("command", "score", false, 2, null, 1.5, null), report.Chosen);
        Assert.Equal(-0.5, QualityStep.ForReport(report)!.Loss!.Value, 12);
    }

    [SkippableFact]
    public async Task A_metric_that_is_named_is_judged_by_and_the_command_only_shown()
    {
        QualityReport report = await Measure(Answer("""{"device": 1.5}"""), metric: "accuracy");
        Assert.Equal(("accuracy", 0.5), (report.Metric, report.Device));
        Assert.Equal("command", report.Metrics[0].Name);
    }

    [SkippableFact]
    public async Task It_is_given_outputs_and_labels_and_may_answer_with_an_archive()
    {
        Skip.IfNot(File.Exists(Python) && await ChildProcess.RunAsync(
            Python, ["-c", "import numpy"], _folder.Path, null, null, TimeSpan.FromMinutes(1), CancellationToken.None) == 0, "needs python3 with numpy");
        string script = _folder.File("m.py", """
            import sys
            import numpy as np
            z = np.load(sys.argv[1])
            assert z["outputs"].shape == z["float_outputs"].shape == (2, 1, 2), z["outputs"].shape
            assert z["labels"].tolist() == [0, 1]
            right = z["outputs"].argmax(2)[:, 0] == z["labels"]
            np.savez(open(sys.argv[2], "wb"), device=right.astype(float))
            """);
        QualityReport report = await Measure($"{Python} {script}");
        Assert.Equal([1, 0], report.Outcomes[SampleOutcomes.DeviceScore].ToArray());
        Assert.Equal(0.5, report.Device);
    }

    [SkippableTheory]
    [InlineData("echo broken >&2; exit 3; true", "code 3")]
    [InlineData("echo broken >&2; exit 3; true", "broken")]
    [InlineData("true", "nothing")]
    [InlineData("printf nonsense > \"$2\"; true", "JSON")]
    [InlineData("printf PKnonsense > \"$2\"; true", "npz")]
    [InlineData("printf '{\"float\": 1}' > \"$2\"; true", "device")]
    [InlineData("printf '{\"device\": [1, 2, 3]}' > \"$2\"; true", "3 scores for 2 samples")]
    [InlineData("printf '{\"device\": \"good\"}' > \"$2\"; true", "JSON")]
    [InlineData("printf '{\"device\": []}' > \"$2\"; true", "empty")]
    [InlineData("printf '{\"device\": 1e999}' > \"$2\"; true", "finite")]
    [InlineData("printf '{\"device\": 1, \"score\": 1}' > \"$2\"; true", "score")]
    [InlineData("printf '{\"device\": 1, \"name\": \"wer\"}' > \"$2\"; true", "wer")]
    public async Task What_goes_wrong_is_bad_input_and_says_what(string command, string named)
    {
        var error = await Assert.ThrowsAsync<HilException>(() => Measure(command));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(named, error.What, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task One_that_never_ends_is_stopped()
    {
        var error = await Assert.ThrowsAsync<HilException>(() => Measure("sleep 600; true", timeoutSeconds: 1));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("did not end within 1 s", error.What, StringComparison.Ordinal);
    }
}
