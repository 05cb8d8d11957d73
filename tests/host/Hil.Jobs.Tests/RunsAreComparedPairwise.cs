using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Comparing;
using Hil.Models.Quality;

namespace Hil.Jobs.Tests;

public sealed class RunsAreComparedPairwise : IDisposable
{
    private const int Samples = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Hash(char digit) => new(digit, 64);

    private static JsonObject Result(char model = '1', char data = '2', double cycles = 1000, string layer = "fc2") => new()
    {
        ["schema"] = "hil.run/1",
        ["cycles"] = new JsonObject { ["measured"] = cycles, ["predicted"] = cycles },
        ["inputs"] = new JsonObject
        {
            ["model"] = new JsonObject { ["name"] = "m.onnx", ["sha256"] = Hash(model) },
            ["data"] = new JsonObject { ["name"] = "d.npz", ["sha256"] = Hash(data) },
        },
        ["layers"] = new JsonArray(
            new JsonObject { ["name"] = "fc1", ["measured"] = 100.0 }, new JsonObject { ["name"] = layer, ["measured"] = cycles - 100 }),
        ["quality"] = new JsonObject
        {
            ["metric"] = "accuracy",
            ["metrics"] = new JsonArray(new JsonObject { ["name"] = "accuracy", ["unit"] = "share", ["higherIsBetter"] = true, ["device"] = 0.9 }),
        },
    };

    /// <summary>Every tenth sample is wrong, and of the others the first <paramref name="more"/>.</summary>
    private static SampleOutcomes Outcomes(int more, int count = Samples)
    {
        bool Wrong(int i) => i % 10 == 0 || i - (i / 10) - 1 < more;
        return new SampleOutcomes(count, ImmutableSortedDictionary<string, ImmutableArray<double>>.Empty)
            .With(SampleOutcomes.Label, Enumerable.Repeat(1.0, count))
            .With(SampleOutcomes.DeviceClass, Enumerable.Range(0, count).Select(i => Wrong(i) ? 0.0 : 1.0));
    }

    private static SavedRun Run(string name, JsonObject result, SampleOutcomes? outcomes) => new(name, result, outcomes);

    [Fact]
    public void Cycles_layers_and_identity_are_side_by_side()
    {
        RunComparison c = RunComparer.Compare(
            Run("a", Result(), null), Run("b", Result(model: '3', cycles: 750, layer: "fc3"), null));
        Assert.Equal(("cycles", -250.0, -25.0), (c.Figures[0].Name, c.Figures[0].Difference, c.Figures[0].Percent));
        Assert.Equal(["fc2", "fc3", "fc1"], c.Layers.Select(l => l.Name));
        Assert.Equal((900.0, null), (c.Layers[0].A, c.Layers[0].B));
        Assert.Equal("model", Assert.Single(c.Identity).What);
        Assert.Contains("25 % fewer cycles", c.Verdict, StringComparison.Ordinal);
        Assert.Contains(c.Notes, n => n.Contains("--outcomes", StringComparison.Ordinal));
        Assert.Null(Assert.Single(c.Metrics).Interval);
    }

    [Fact]
    public void The_same_outcomes_differ_by_exactly_nothing()
    {
        RunComparison c = RunComparer.Compare(Run("a", Result(), Outcomes(0)), Run("b", Result(), Outcomes(0)));
        Assert.Equal(new Interval(0, 0), Assert.Single(c.Metrics).Interval);
        Assert.Equal("equal cycles; accuracy is equal in every draw", c.Verdict);
        Assert.Empty(c.Identity);
    }

    /// <summary>
    /// Eight of 200 samples turn wrong. Unpaired, each accuracy alone has an interval of about ±4 points and they overlap; paired, only the
    /// eight count: 4 ± 2.7 points.
    /// </summary>
    [Fact]
    public void Pairing_sees_what_two_separate_intervals_hide()
    {
        (SampleOutcomes before, SampleOutcomes after) = (Outcomes(0), Outcomes(8));
        MetricPair m = Assert.Single(RunComparer.Compare(Run("a", Result(), before), Run("b", Result(), after)).Metrics);
        Assert.Equal((0.9, 0.86), (m.A, m.B));
        Assert.True(m.IsSignificant);
        Assert.InRange(m.Interval!.Low, -0.075, -0.055);
        Assert.InRange(m.Interval.High, -0.025, -0.005);
        Interval alone = Bootstrap.Interval(Samples, Metric.Accuracy.Of(before, Side.Device)!, 1)!;
        Interval other = Bootstrap.Interval(Samples, Metric.Accuracy.Of(after, Side.Device)!, 1)!;
        Assert.True(alone.Low < other.High, "the separate intervals overlap");
    }

    [Fact]
    public void Runs_of_unequal_length_are_compared_on_what_both_have()
    {
        RunComparison c = RunComparer.Compare(Run("a", Result(), Outcomes(0)), Run("b", Result(), Outcomes(0, 50)));
        Assert.Equal(50, c.Samples);
        Assert.Equal(c.Metrics[0].A, c.Metrics[0].B);
        Assert.Contains("50", Assert.Single(c.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_on_other_data_is_compared_without_quality()
    {
        RunComparison c = RunComparer.Compare(Run("a", Result(), Outcomes(0)), Run("b", Result(data: '9'), Outcomes(0)));
        Assert.Empty(c.Metrics);
        Assert.Contains("data differ", Assert.Single(c.Notes), StringComparison.Ordinal);
        Assert.EndsWith("quality not compared", c.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_models_on_other_data_are_refused_with_what_differs()
    {
        var error = Assert.Throws<HilException>(() => RunComparer.Compare(
            Run("a", Result(), null), Run("b", Result(model: '7', data: '9'), null)));
        Assert.Equal(ExitKind.IdentityMismatch, error.Kind);
        Assert.Contains("m.onnx 777777777777", error.What, StringComparison.Ordinal);
        Assert.Contains("d.npz 999999999999", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"schema\": \"hil.reconcile/1\"}")]
    [InlineData("{\"schema\": \"hil.run/1\"}")]
    public void A_file_that_is_no_result_is_bad_input(string contents)
    {
        string path = _folder.File("r.json", contents);
        var error = Assert.Throws<HilException>(() => SavedRun.Load(path, _folder.Store()));
        Assert.Equal((ExitKind.BadInput, path), (error.Kind, error.Where));
    }

    [Fact]
    public void Outcomes_beside_a_result_must_be_its_own()
    {
        JsonObject result = Result();
        byte[] own = OutcomeFile.Write(Outcomes(0));
        result["quality"]!["outcomesSha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(own));
        string path = _folder.File("r.json", result.ToJsonString());
        Assert.Null(SavedRun.Load(path, _folder.Store()).Outcomes);
        string beside = Path.Combine(_folder.Path, "r.outcomes.npz");
        File.WriteAllBytes(beside, own);
        Assert.Equal(Samples, SavedRun.Load(path, _folder.Store()).Outcomes!.Count);
        File.WriteAllBytes(beside, OutcomeFile.Write(Outcomes(1)));
        Assert.Equal(ExitKind.IdentityMismatch, Assert.Throws<HilException>(() => SavedRun.Load(path, _folder.Store())).Kind);
    }

    [Fact]
    public void A_job_is_found_by_the_first_digits_of_its_hash()
    {
        ObjectStore store = _folder.Store();
        string result = store.Put(System.Text.Encoding.UTF8.GetBytes(Result().ToJsonString()));
        foreach (string job in new[] { Hash('a'), "aaaaaaab" + new string('0', 56) })
        {
            store.Remember(new Manifest(Manifest.CurrentSchema, job, [new Artefact("result.json", result, 1)]));
        }

        Assert.NotNull(SavedRun.Load("aaaaaaaa", store).Result["cycles"]);
        Assert.Equal(ExitKind.Usage, Assert.Throws<HilException>(() => SavedRun.Load("aaaaaa", store)).Kind);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => SavedRun.Load("aaa", store)).Kind);
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => SavedRun.Load("bbbbbbbb", store)).Kind);
    }
}
