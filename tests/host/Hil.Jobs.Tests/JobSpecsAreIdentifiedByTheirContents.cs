using System.Text;
using Hil.Contract;
using Hil.Contract.Machines;
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

    [Theory]
    [InlineData("\"hil.job/1\"", "\"hil.job/2\"")]
    [InlineData("\"run\"", "\"walk\"")]
    [InlineData("\"machine\"", "\"engine\"")]
    [InlineData("\"m.onnx\"", "\"../m.onnx\"")]
    [InlineData("\"samples\": null", "\"samples\": 0")]
    [InlineData("\"pruneBlocks\": 0", "\"pruneBlocks\": 1")]
    [InlineData("\"device\"", "\"surprise\": 1, \"device\"")]
    [InlineData("{", "")]
    public void A_specification_that_is_wrong_is_refused_as_bad_input(string right, string wrong)
    {
        string text = Encoding.UTF8.GetString(Job().Spec.ToJson());
        Assert.Contains(right, text, StringComparison.Ordinal);
        string broken = text.Replace(right, wrong, StringComparison.Ordinal);
        var error = Assert.Throws<HilException>(() => JobSpec.FromJson(Encoding.UTF8.GetBytes(broken), "test"));
        Assert.Equal(ExitKind.BadInput, error.Kind);
    }

    [Fact]
    public void A_missing_file_is_bad_input_and_named()
    {
        var error = Assert.Throws<HilException>(() => InputSource.FromFile("/nowhere/x.onnx"));
        Assert.Equal((ExitKind.BadInput, "/nowhere/x.onnx"), (error.Kind, error.Where));
    }
}
