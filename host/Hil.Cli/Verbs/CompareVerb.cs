using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hil.Cli.Jobs;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Comparing;

namespace Hil.Cli.Verbs;

/// <summary>Two runs side by side.</summary>
internal static class CompareVerb
{
    private const int DefaultLayers = 10;

    public static Command Create(Terminal terminal)
    {
        var a = new Argument<string>("A") { Description = "A result as `hil run --json` printed it, or a job that `hil run` named." };
        var b = new Argument<string>("B") { Description = "Another; differences are B - A." };
        var layers = new Option<int>("--layers")
        {
            Description = "So many layers, those that differ most.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultLayers,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("compare", AllVerbs.Describe(
            "Put two runs side by side: cycles, layers, memories, and quality with confidence intervals over the same samples.",
            "compare before.json after.json", "compare 3f2a91c07b11 88d0e2aa41c9 --layers 20"))
        {
            a, b, layers, json,
        };
        command.SetAction(parsed =>
        {
            var store = new ObjectStore(UserFolders.Store);
            RunComparison c = RunComparer.Compare(SavedRun.Load(parsed.GetValue(a)!, store), SavedRun.Load(parsed.GetValue(b)!, store));
            if (parsed.GetValue(json))
            {
                JsonObject result = JsonSerializer.SerializeToNode(c, CanonicalJson.Options)!.AsObject();
                result["schema"] = "hil.compare/1";
                Outputs.Write(terminal, result);
            }
            else
            {
                foreach (string line in Lines(c, parsed.GetValue(layers)))
                {
                    terminal.Out.WriteLine(line);
                }
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(RunComparison c, int layers)
    {
        yield return $"A {c.A}";
        yield return $"B {c.B}";
        foreach (IdentityDifference d in c.Identity)
        {
            yield return ResultText.Row("differs", $"{d.What}: {d.A ?? "none"} | {d.B ?? "none"}");
        }

        foreach (string line in Table("", c.Figures))
        {
            yield return line;
        }

        foreach (MetricPair m in c.Metrics)
        {
            string interval = m.Interval is { } i
                ? $" ({Signed(i.Low, m.Unit)} to {Signed(i.High, m.Unit)}{(m.IsSignificant == true ? ", significant" : "")})" : "";
            yield return ResultText.Row("quality",
                $"{m.Name} {ResultText.Figure(m.A, m.Unit)} | {ResultText.Figure(m.B, m.Unit)}, {Signed(m.Difference, m.Unit)}{interval}");
        }

        foreach (string line in Table("memory", c.Memories).Concat(Table("layer", [.. c.Layers.Where(l => l.Difference != 0).Take(layers)])))
        {
            yield return line;
        }

        foreach (string note in c.Notes)
        {
            yield return ResultText.Row("note", note);
        }

        yield return c.Verdict;
    }

    private static IEnumerable<string> Table(string row, IReadOnlyList<Pair> pairs) => pairs.Select(p => ResultText.Row(row,
        $"{p.Name}: {Value(p.A)} | {Value(p.B)}{(p.Percent is { } percent ? $" ({ResultText.Signed(percent)} %)" : "")}"));

    private static string Value(double? value) => value is { } v ? (v == Math.Floor(v) ? ResultText.Count(v) : ResultText.Number(v)) : "none";

    private static string Signed(double value, string unit) =>
        (value > 0 ? "+" : "") + (unit == "share" ? $"{(100 * value).ToString("0.00", CultureInfo.InvariantCulture)} points" : ResultText.Figure(value, unit));
}
