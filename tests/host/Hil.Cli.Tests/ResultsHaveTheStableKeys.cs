using System.Text.Json.Nodes;

namespace Hil.Cli.Tests;

public sealed class ResultsHaveTheStableKeys : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hil-json-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void HasCommonKeys(JsonNode result, string schema)
    {
        Assert.Equal(schema, (string)result["schema"]!);
        Assert.Equal("icebreaker", (string)result["machine"]!);
        Assert.Equal("emulator", (string)result["device"]!);
        Assert.Equal("emulated", (string)result["provenance"]!);
        double predicted = (double)result["cycles"]!["predicted"]!;
        double measured = (double)result["cycles"]!["measured"]!;
        Assert.Equal(100 * (predicted - measured) / measured, (double)result["cycles"]!["errorPercent"]!, 9);
        JsonArray layers = result["layers"]!.AsArray();
        Assert.Equal(measured, layers.Sum(l => (double)l!["measured"]!));
        Assert.Equal(predicted, layers.Sum(l => (double)l!["predicted"]!), 3);
        Assert.All(layers, l =>
        {
            Assert.NotEmpty((string)l!["name"]!);
            Assert.Contains((string)l["bound"]!, new[] { "compute", "vector", "load", "store" });
        });
        // Multiply-accumulates over rows x columns x cycles.
        Assert.Equal((double)result["macs"]! / (4 * 2 * measured), (double)result["utilization"]!, 9);
        Assert.True((double)result["energyMicrojoules"]!["predicted"]! > 0);
        Assert.Null(result["energyMicrojoules"]!["measured"]);
    }

    [Fact]
    public async Task Of_a_product()
    {
        JsonNode result = (await CommandRun.Of("gemm", "16", "24", "8", "--json")).Json;
        HasCommonKeys(result, "hil.gemm/1");
        Assert.Equal(16 * 24 * 8, (long)result["macs"]!);
    }

    [Fact]
    public async Task Of_a_run_and_of_its_records_joined_again()
    {
        string Path(string name) => System.IO.Path.Combine(_folder, name);
        CommandRun run = await CommandRun.Of(
            "run", "spoken-digits", "--samples", "2", "--json", "--report", Path("r.html"),
            "--measurement", Path("m.json"), "--prediction", Path("p.json"));
        Assert.Equal(0, run.Exit);
        JsonNode result = run.Json;
        HasCommonKeys(result, "hil.run/1");
        JsonNode quality = result["quality"]!;
        Assert.Equal("wer", (string)quality["metric"]!);
        Assert.Equal(2, (int)quality["samples"]!);
        Assert.InRange((double)quality["agreement"]!, 0.98, 1);
        Assert.True((double)quality["sqnrDb"]! > 25);
        Assert.InRange((double)quality["float"]!, 0, 1);
        Assert.InRange((double)quality["device"]!, 0, 1);
        Assert.Contains("<html", File.ReadAllText(Path("r.html")), StringComparison.OrdinalIgnoreCase);

        JsonNode joined = (await CommandRun.Of("reconcile", Path("p.json"), Path("m.json"), "--json")).Json;
        HasCommonKeys(joined, "hil.reconcile/1");
        Assert.Equal((double)result["cycles"]!["measured"]!, (double)joined["cycles"]!["measured"]!);
    }

    [Theory]
    [InlineData("machines", "hil.machines/1")]
    [InlineData("devices", "hil.devices/1")]
    [InlineData("doctor", "hil.doctor/1")]
    public async Task Of_a_list(string verb, string schema) =>
        Assert.Equal(schema, (string)(await CommandRun.Of(verb, "--json")).Json["schema"]!);

    [Fact]
    public async Task A_gate_that_fails_still_gives_its_result()
    {
        CommandRun run = await CommandRun.Of("run", "spoken-digits", "--samples", "1", "--blocks", "60%",
            "--max-cycles", "1", "--max-cycle-error", "0%", "--json");
        Assert.Equal(1, run.Exit);
        Assert.Contains(run.Json["gates"]!.AsArray(), g => !(bool)g!["passed"]!);
        Assert.True((double)run.Json["cycles"]!["measured"]! < (double)run.Json["baseline"]!["cycles"]!["measured"]!);
    }
}
