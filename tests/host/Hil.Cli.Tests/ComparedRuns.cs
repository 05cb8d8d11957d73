using System.Text.Json.Nodes;
using Hil.Contract;

namespace Hil.Cli.Tests;

public sealed class ComparedRuns : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Are_the_same_by_file_and_by_job()
    {
        CommandRun dense = await CommandRun.Of("run", "spoken-digits", "--samples", "2", "--json", "--outcomes", _folder["a.outcomes.npz"]);
        CommandRun pruned = await CommandRun.Of("run", "spoken-digits", "--samples", "2", "--blocks", "40%", "--json");
        CommandRun byFile = await CommandRun.Of(
            "compare", _folder.Write("a.json", dense.Out), _folder.Write("b.json", pruned.Out), "--json");
        CommandRun byJob = await CommandRun.Of("compare", ((string)dense.Json["job"]!)[..12], (string)pruned.Json["job"]!, "--json");
        Assert.Equal(0, byFile.Exit);
        Assert.Equal("hil.compare/1", (string)byFile.Json["schema"]!);
        JsonNode cycles = byFile.Json["figures"]![0]!;
        Assert.Equal((double)dense.Json["cycles"]!["measured"]!, (double)cycles["a"]!);
        Assert.True((double)cycles["percent"]! < 0);
        Assert.NotNull(byFile.Json["metrics"]![0]!["interval"]);
        foreach (string key in new[] { "figures", "layers", "memories", "metrics", "verdict" })
        {
            Assert.Equal(byFile.Json[key]!.ToJsonString(), byJob.Json[key]!.ToJsonString());
        }

        CommandRun text = await CommandRun.Of("compare", _folder["a.json"], _folder["b.json"]);
        Assert.EndsWith((string)byFile.Json["verdict"]! + Environment.NewLine, text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_are_not_there_are_six() =>
        Assert.Equal((int)ExitKind.BadInput, (await CommandRun.Of("compare", "/nowhere/a.json", "/nowhere/b.json")).Exit);
}
