using Hil.Contract;
using Hil.Jobs.Specs;
using Hil.Models.Quality;

namespace Hil.Jobs.Tests;

public sealed class OptionsOutOfRangeAreRefused : IDisposable
{
    private static readonly JobOptions Default = JobOptions.Default;

    private static readonly Dictionary<string, JobOptions> Wrong = new()
    {
        ["opset"] = Default with { Opset = 12 },
        ["metricTimeoutSeconds must be 1"] = Default with { MetricTimeoutSeconds = 0 },
        ["metricTimeoutSeconds must be 1 to 86400"] = Default with { MetricTimeoutSeconds = 86401 },
        ["metricCommand"] = Default with { MetricCommand = " " },
        ["metric must be one of"] = Default with { Metric = "beauty" },
        ["sqnr has no value"] = Default with { Metric = Metric.Sqnr.Name, MaxQualityLoss = 0.01 },
        ["minAgreement"] = Default with { MinAgreement = 1.1 },
        ["minAgreement must be 0"] = Default with { MinAgreement = -0.1 },
        ["minSqnrDb"] = Default with { MinSqnrDb = double.NaN },
        ["maxCycles"] = Default with { MaxCycles = -1 },
        ["maxMilliseconds"] = Default with { MaxMilliseconds = -1 },
        ["maxEnergyMicrojoules"] = Default with { MaxEnergyMicrojoules = -1 },
        ["bind must give"] = Default with { Bind = new Dictionary<string, long> { ["batch"] = 0 } },
        ["bind must give positive lengths by name"] = Default with { Bind = new Dictionary<string, long> { [""] = 1 } },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Messages => [.. Wrong.Keys];

    public void Dispose() => _folder.Dispose();

    private JobSpec Spec(JobOptions options, JobKind kind = JobKind.Run) => LocalJob.Of(kind, _folder.RunOf("model"), options).Spec;

    [Theory]
    [MemberData(nameof(Messages))]
    public void With_what_they_may_be(string message)
    {
        var error = Assert.Throws<HilException>(() => Spec(Wrong[message]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void And_those_within_are_kept()
    {
        JobOptions options = Default with
        {
            Opset = 21, MetricTimeoutSeconds = 86400, MinAgreement = 1, MinSqnrDb = -3, MaxCycles = 0, MaxMilliseconds = 0, MaxEnergyMicrojoules = 0,
            Bind = new Dictionary<string, long> { ["length"] = 9, ["batch"] = 1 }, Metric = Metric.Sqnr.Name,
        };
        JobSpec spec = Spec(options);

        JobOptions read = JobSpec.FromJson(spec.ToJson(), "test").Options;
        Assert.Equal(spec.Hash(), JobSpec.FromJson(spec.ToJson(), "test").Hash());
        Assert.Equal([("batch", 1), ("length", 9)], read.Bind!.Select(b => (b.Key, b.Value)));
    }

    [Fact]
    public void Only_what_runs_can_be_probed() =>
        Assert.Contains("probed", Assert.Throws<HilException>(() => Spec(Default with { Probe = new ProbeSpec(Lockstep: true) }, JobKind.Predict)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nothing_bound_is_the_same_as_no_bindings() => Assert.Null((Default with { Bind = new Dictionary<string, long>() }).Bind);
}
