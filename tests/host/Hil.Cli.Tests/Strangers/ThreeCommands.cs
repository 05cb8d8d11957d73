using System.Globalization;
using System.Text.Json.Nodes;
using Hil.Contract;

namespace Hil.Cli.Tests.Strangers;

/// <summary>What someone types first: <c>hil inspect</c>, <c>hil run</c> and <c>hil diff</c> on one model, and what must hold of the three answers.</summary>
internal static class ThreeCommands
{
    /// <summary>A sample more tells nothing more about whether a model runs.</summary>
    private const string Samples = "2";

    /// <summary>What inspect predicts without data against what the run takes. Ranges decide the slots that zero weights leave, and whether an operand of a product of two activations needs a table of its own.</summary>
    private const double Promise = 0.02;

    /// <returns>Exit code of inspect, which the other two share where nothing runs.</returns>
    public static async Task<ExitKind> Try(string model, string data, string calib, string machine, string? bind)
    {
        string[] common = ["--machine", machine, "--json", .. bind is null ? Array.Empty<string>() : ["--bind", bind]];
        string[] samples = ["--data", data, "--calib", calib, "--samples", Samples];
        CommandRun inspect = await CommandRun.Of(["inspect", model, .. common]);
        CommandRun run = await CommandRun.Of(["run", model, .. samples, .. common]);
        CommandRun diff = await CommandRun.Of(["diff", model, .. samples, .. common]);
        JsonNode inspected = inspect.Json;
        if ((bool)inspected["supported"]!)
        {
            Assert.True(inspect.Exit == 0 && run.Exit == 0, $"inspect {inspect.Exit}, run {run.Exit}: {inspect.Error}{run.Error}");
            HoldsOfARun(run.Json, inspected["cost"]!);
            HoldsOfADiff(diff);
        }
        else
        {
            Assert.Equal(((int)ExitKind.Unsupported, (int)ExitKind.Unsupported, (int)ExitKind.Unsupported), (inspect.Exit, run.Exit, diff.Exit));
            IsAFullList(inspected["unsupported"]!.AsArray(), run.Error);
            IsAFullList(inspected["unsupported"]!.AsArray(), diff.Error);
            Assert.Equal(("", ""), (run.Out, diff.Out));
        }

        return (ExitKind)inspect.Exit;
    }

    private static void HoldsOfARun(JsonNode run, JsonNode promise)
    {
        double measured = (double)run["cycles"]!["measured"]!;
        Assert.Equal("hil.run/1", (string)run["schema"]!);
        // What is estimated from shapes alone is a lower bound.
        bool isEstimate = (string)promise["source"]! == "estimated";
        Assert.InRange((double)promise["cycles"]! / measured, isEstimate ? 0.5 : 1 - Promise, isEstimate ? 1 : 1 + Promise);
        Assert.Equal(measured, run["layers"]!.AsArray().Sum(l => (double)l!["measured"]!));
        Assert.Equal((long)run["macs"]!, run["layers"]!.AsArray().Sum(l => (long)l!["macs"]!));
        Assert.InRange((double)run["utilization"]!, 0, 1);
        // A layer that ends before the one ahead of it takes no cycles of its own.
        Assert.All(run["layers"]!.AsArray(), l => Assert.InRange((double?)l!["utilization"] ?? ((double)l["measured"]! == 0 ? 0 : double.NaN), 0, 1));
        Assert.InRange((int)run["quality"]!["samples"]!, 1, int.Parse(Samples, CultureInfo.InvariantCulture));
        Assert.True((double)run["quality"]!["sqnrDb"]! > 15, $"{run["quality"]!["sqnrDb"]} dB");
    }

    private static void HoldsOfADiff(CommandRun diff)
    {
        Assert.True(diff.Exit == 0, diff.Error + diff.Out);
        Assert.Equal("hil.diff/1", (string)diff.Json["schema"]!);
        Assert.Null(diff.Json["firstBeyond"]);
        JsonArray tensors = diff.Json["tensors"]!.AsArray();
        Assert.NotEmpty(tensors);
        Assert.All(tensors, t => Assert.NotNull(t!["sqnrDb"]));
        Assert.Contains(tensors, t => (bool)t!["seen"]! && t["nodes"]!.AsArray().Count > 0);
        Assert.Contains(tensors, t => t!["largestSteps"] is not null);
    }

    // Each thing that inspect names is named again, by place, reason and rewrite.
    private static void IsAFullList(JsonArray unsupported, string error)
    {
        Assert.NotEmpty(unsupported);
        Assert.All(unsupported, u =>
        {
            foreach (string key in new[] { "name", "reason", "whatToDo" })
            {
                Assert.NotEmpty((string)u![key]!);
                Assert.Contains((string)u[key]!, error, StringComparison.Ordinal);
            }
        });
    }
}
