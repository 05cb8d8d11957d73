using System.Text;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Tests;

public sealed class JobSpecsAreIdentifiedByTheirContents : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LocalJob Job(JobOptions? options = null, string model = "model") =>
        LocalJob.Of(JobKind.Run, _folder.RunOf(model), options ?? JobOptions.Default);

    [Fact]
    public void The_same_inputs_and_options_have_the_same_hash() => Assert.Equal(Job().Spec.Hash(), Job().Spec.Hash());

    [Fact]
    public void Another_option_gives_another_hash() =>
        Assert.NotEqual(Job().Spec.Hash(), Job(JobOptions.Default with { Samples = 3 }).Spec.Hash());

    [Fact]
    public void Another_content_under_the_same_name_gives_another_hash() =>
        Assert.NotEqual(Job().Spec.Hash(), Job(model: "another").Spec.Hash());

    [Fact]
    public void A_machine_is_the_same_by_name_and_by_file()
    {
        string path = _folder.File("copy.json", Encoding.UTF8.GetString(
            MachineFile.Write(MachineFile.Bundled("icebreaker"))).ReplaceLineEndings("\r\n"));
        Assert.Equal(InputSource.FromMachine("icebreaker").Read(), InputSource.FromMachine(path).Read());
    }

    [Fact]
    public void A_specification_survives_being_written_and_read()
    {
        JobSpec spec = Job(JobOptions.Default with { PruneBlocks = 0.25, MaxCycleErrorPercent = 1 }).Spec;
        Assert.Equal(spec.Hash(), JobSpec.FromJson(spec.ToJson(), "test").Hash());
    }

    [Fact]
    public void What_is_probed_belongs_to_it()
    {
        var probe = new ProbeSpec(Lockstep: true, Waves: new CycleWindow(5, 9));
        JobSpec spec = Job(JobOptions.Default with { Probe = probe }).Spec;
        Assert.NotEqual(Job().Spec.Hash(), spec.Hash());
        Assert.Equal(probe, JobSpec.FromJson(spec.ToJson(), "test").Options.Probe);
        Assert.DoesNotContain("probe", Encoding.UTF8.GetString(Job().Spec.ToJson()), StringComparison.Ordinal);
        Assert.Throws<HilException>(() => Job(JobOptions.Default with { Probe = new ProbeSpec(Waves: new CycleWindow(5, 4)) }));
        Assert.Throws<HilException>(() => Job(JobOptions.Default with { Probe = new ProbeSpec(Waves: new CycleWindow(-1, 4)) }));
    }

    [Theory]
    [InlineData("\"hil.job/1\"", "\"hil.job/2\"")]
    [InlineData("\"run\"", "\"walk\"")]
    [InlineData("\"machine\"", "\"engine\"")]
    [InlineData("\"m.onnx\"", "\"../m.onnx\"")]
    [InlineData("\"samples\": null", "\"samples\": 0")]
    [InlineData("\"pruneBlocks\": 0", "\"pruneBlocks\": 1")]
    [InlineData("\"device\"", "\"surprise\": 1, \"device\"")]
    [InlineData("\"pruneBlocks\": 0", "\"pruneBlocks\": -0.1")]
    [InlineData("\"maxCycleErrorPercent\": null", "\"maxCycleErrorPercent\": -1")]
    [InlineData("\"maxQualityLoss\": null", "\"maxQualityLoss\": -1")]
    [InlineData("\"device\": \"emulator\"", "\"device\": \"\"")]
    [InlineData("\"gemm\": null", "\"gemm\": {\"m\": 1, \"k\": 1, \"n\": 1, \"sparsity\": 0}")]
    [InlineData("\"m.onnx\"", "\"\"")]
    [InlineData("\"m.onnx\"", "\"a\\nb\"")]
    [InlineData("\"model\"", "\"baseline\"")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"0")]
    [InlineData("{", "")]
    public void A_specification_that_is_wrong_is_refused_as_bad_input(string right, string wrong)
    {
        string text = Encoding.UTF8.GetString(Job().Spec.ToJson());
        Assert.Contains(right, text, StringComparison.Ordinal);
        string broken = text.Replace(right, wrong, StringComparison.Ordinal);
        var error = Assert.Throws<HilException>(() => JobSpec.FromJson(Encoding.UTF8.GetBytes(broken), "test"));
        Assert.Equal(ExitKind.BadInput, error.Kind);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"schema\": \"hil.job/1\", \"kind\": \"inspect\", \"inputs\": {\"model\": null}, \"options\": {}}")]
    public void A_null_in_a_specification_is_refused(string text) =>
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => JobSpec.FromJson(Encoding.UTF8.GetBytes(text), "test")).Kind);

    [Theory]
    [InlineData("\"m.onnx\"")]
    [InlineData("null")]
    public void An_input_that_is_null_or_no_reference_is_refused(string input)
    {
        string text = Encoding.UTF8.GetString(Job().Spec.ToJson());
        int from = text.IndexOf('{', text.IndexOf("\"model\":", StringComparison.Ordinal));
        text = text[..from] + input + text[(text.IndexOf('}', from) + 1)..];

        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => JobSpec.FromJson(Encoding.UTF8.GetBytes(text), "test")).Kind);
    }

    public static TheoryData<JobKind, string[], string> Missing => new()
    {
        { JobKind.Run, ["machine"], "either a model or a program" },
        { JobKind.Predict, ["machine", "model", "program"], "either a model or a program" },
        { JobKind.Compile, ["machine"], "a model is needed" },
        { JobKind.Quantize, ["machine"], "a model is needed" },
        { JobKind.Quantize, ["machine", "program"], "a model is needed" },
        { JobKind.Prune, ["machine"], "a model is needed" },
        { JobKind.Run, ["model"], "no machine" },
        { JobKind.Gemm, ["machine"], "a product has a shape" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public void A_job_without_what_it_works_on_is_refused(JobKind kind, string[] roles, string says)
    {
        var inputs = roles.ToDictionary(r => r, r => new InputReference(r, new string('0', 64)));
        var error = Assert.Throws<HilException>(() => new JobSpec(JobSpec.CurrentSchema, kind, inputs, JobOptions.Default).Checked("test"));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1, 0)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(65537, 1, 1, 0)]
    [InlineData(1, 65537, 1, 0)]
    [InlineData(1, 1, 65537, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 1, 1, -0.5)]
    [InlineData(1, 1, 1, double.NaN)]
    public void A_product_of_no_size_or_of_no_sparsity_is_refused(int m, int k, int n, double sparsity)
    {
        var inputs = new Dictionary<string, InputReference> { [JobSpec.Machine] = new("m.json", new string('0', 64)) };
        JobOptions options = JobOptions.Default with { Gemm = new GemmShape(m, k, n, sparsity) };

        Assert.Throws<HilException>(() => new JobSpec(JobSpec.CurrentSchema, JobKind.Gemm, inputs, options).Checked("test"));
    }

    [Fact]
    public void A_missing_file_is_bad_input_and_named()
    {
        var error = Assert.Throws<HilException>(() => InputSource.FromFile("/nowhere/x.onnx"));
        Assert.Equal((ExitKind.BadInput, "/nowhere/x.onnx"), (error.Kind, error.Where));
    }
}
