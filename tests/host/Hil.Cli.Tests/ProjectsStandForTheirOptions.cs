using System.Text.Json.Nodes;
using Hil.Contract;

namespace Hil.Cli.Tests;

public sealed class ProjectsStandForTheirOptions : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_project_that_init_wrote_runs_as_the_same_options_do()
    {
        CommandRun init = await CommandRun.Of("init", "spoken-digits", "--out", _folder["hil.json"], "--json");
        Assert.Equal(0, init.Exit);
        Assert.Equal("hil.project/1", (string)init.Json["project"]!["schema"]!);
        CommandRun byProject = await CommandRun.Of("run", "--project", _folder["hil.json"], "--samples", "2", "--json");
        CommandRun byOptions = await CommandRun.Of(
            "run", "spoken-digits", "--samples", "2", "--max-cycle-error", "2", "--max-quality-loss", "2", "--json");
        Assert.Equal(0, byProject.Exit);
        Assert.Equal(byOptions.Out, byProject.Out);
    }

    [Fact]
    public async Task Init_writes_over_nothing_and_finds_the_files_beside_the_model()
    {
        string models = Path.Combine(RepositoryRoot.Find(), "host", "Hil.Jobs", "models", "spoken-digits");
        File.Copy(Path.Combine(models, "digits.onnx"), _folder["digits.onnx"]);
        File.Copy(Path.Combine(models, "eval.npz"), _folder["eval.npz"]);
        File.Copy(Path.Combine(models, "calib.npz"), _folder["calib.npz"]);
        CommandRun init = await CommandRun.Of("init", _folder["digits.onnx"], "--out", _folder["hil.json"], "--json");
        JsonNode project = init.Json["project"]!;
        Assert.Equal(("digits.onnx", "eval.npz", "calib.npz"), ((string)project["model"]!, (string)project["data"]!, (string)project["calib"]!));
        CommandRun again = await CommandRun.Of("init", "spoken-digits", "--out", _folder["hil.json"]);
        Assert.Equal((int)ExitKind.Usage, again.Exit);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.Of("init", "spoken-digits", "--out", _folder["hil.json"], "--force")).Exit);
    }

    [Fact]
    public async Task A_project_that_names_what_is_not_there_is_not_written()
    {
        CommandRun init = await CommandRun.Of("init", _folder["none.onnx"], "--out", _folder["hil.json"]);
        Assert.Equal((int)ExitKind.BadInput, init.Exit);
        Assert.False(File.Exists(_folder["hil.json"]));
    }

    [Theory]
    [InlineData("run", "spoken-digits", "--project", "hil.json")]
    [InlineData("run", "spoken-digits", "--data", "a.npz", "--input", "b.npy")]
    [InlineData("run", "spoken-digits", "--min-sqnr", "high")]
    public async Task What_contradicts_itself_is_a_usage_error(params string[] args) =>
        Assert.Equal((int)ExitKind.Usage, (await CommandRun.Of(args)).Exit);
}
