using System.Globalization;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs.Specs;
using Hil.Models.Quality;

namespace Hil.Jobs.Comparing;

/// <summary>Puts two runs side by side, as far as that makes sense.</summary>
public static class RunComparer
{
    private const int Seed = 1;
    private const int ShownHashDigits = 12;

    /// <exception cref="HilException">IdentityMismatch: they have neither model nor data in common, or are of different kinds.</exception>
    public static RunComparison Compare(SavedRun a, SavedRun b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        bool sameModel = Same(a, b, JobSpec.Model) ?? Text(a, "programHash") == Text(b, "programHash");
        bool? sameData = Same(a, b, JobSpec.Data);
        if (Text(a, "schema") != Text(b, "schema") || (!sameModel && sameData != true))
        {
            throw new HilException(ExitKind.IdentityMismatch,
                Text(a, "schema") != Text(b, "schema") ? $"{Text(a, "schema")} and {Text(b, "schema")} have nothing in common."
                : $"the runs are of different models ({Named(a, JobSpec.Model)}; {Named(b, JobSpec.Model)}) on different data "
                    + $"({Named(a, JobSpec.Data)}; {Named(b, JobSpec.Data)}).",
                $"{a.Name}, {b.Name}", "Compare runs that share the model or the data.");
        }

        var notes = new List<string>();
        List<MetricPair> metrics = Metrics(a, b, sameData, notes, out int samples);
        Pair[] figures =
        [
            new("cycles", Number(a, "cycles", "measured"), Number(b, "cycles", "measured")),
            new("cycles, predicted", Number(a, "cycles", "predicted"), Number(b, "cycles", "predicted")),
            new("milliseconds", Number(a, "millisecondsMeasured"), Number(b, "millisecondsMeasured")),
            new("energy, predicted, µJ", Number(a, "energyMicrojoules", "predicted"), Number(b, "energyMicrojoules", "predicted")),
            new("multiply-accumulates", Number(a, "macs"), Number(b, "macs")),
            new("utilization", Number(a, "utilization"), Number(b, "utilization")),
        ];
        return new RunComparison(
            a.Name, b.Name,
            Identity(a, b),
            figures,
            [.. Joined(a, b, "layers", "name", "measured").OrderByDescending(l => Math.Abs(l.Difference ?? l.A ?? l.B ?? 0))],
            Joined(a, b, "memories", "memory", "used"),
            metrics,
            samples,
            notes,
            Verdict(figures[0], metrics, (string?)a.Result["quality"]?["metric"]));
    }

    private static List<MetricPair> Metrics(SavedRun a, SavedRun b, bool? sameData, List<string> notes, out int samples)
    {
        samples = 0;
        if (a.Result["quality"]?["metrics"] is not JsonArray ours || b.Result["quality"]?["metrics"] is not JsonArray theirs)
        {
            return [];
        }

        if (sameData != true)
        {
            notes.Add("the data differ: quality is not compared.");
            return [];
        }

        bool isPaired = a.Outcomes is not null && b.Outcomes is not null;
        if (!isPaired)
        {
            notes.Add($"the outcomes of {(a.Outcomes is null ? a.Name : b.Name)} are not here: no intervals. "
                + $"Write them with `hil run --outcomes`, beside the result as NAME{SavedRun.OutcomesEnding}.");
        }

        // Both took samples from the first on.
        samples = isPaired ? Math.Min(a.Outcomes!.Count, b.Outcomes!.Count) : 0;
        if (isPaired && a.Outcomes!.Count != b.Outcomes!.Count)
        {
            notes.Add($"{a.Outcomes.Count} and {b.Outcomes.Count} samples: compared on the {samples} that both have.");
        }

        var pairs = new List<MetricPair>();
        foreach (JsonNode? m in ours)
        {
            JsonNode? other = theirs.FirstOrDefault(t => (string?)t!["name"] == (string?)m!["name"]);
            if (other is null || (double?)m!["device"] is not { } x || (double?)other["device"] is not { } y)
            {
                continue;
            }

            string name = (string)m["name"]!;
            Interval? interval = null;
            if (isPaired && Statistic(a.Outcomes!, name) is { } first && Statistic(b.Outcomes!, name) is { } second)
            {
                int n = samples;
                (x, y) = (Bootstrap.Whole(n, first), Bootstrap.Whole(n, second));
                interval = Bootstrap.Interval(n, s => second(s) - first(s), Seed);
            }

            pairs.Add(new MetricPair(name, (string)m["unit"]!, (bool)m["higherIsBetter"]!, x, y, interval));
        }

        return pairs;
    }

    private static Statistic? Statistic(SampleOutcomes outcomes, string name) =>
        Metric.Find(name) is { } metric ? metric.Of(outcomes, Side.Device) : Metric.Mean(outcomes, Side.Device);

    private static IReadOnlyList<IdentityDifference> Identity(SavedRun a, SavedRun b) =>
    [
        .. new[] { JobSpec.Model, JobSpec.Program, JobSpec.Data, JobSpec.Calibration, JobSpec.Machine, JobSpec.Baseline, JobSpec.Reference }
            .Where(role => a.Hash(role) != b.Hash(role))
            .Select(role => new IdentityDifference(role, Named(a, role), Named(b, role)))
            .Concat(new[] { "device", "provenance", "contractHash", "programHash" }
                .Where(key => Text(a, key) != Text(b, key))
                .Select(key => new IdentityDifference(key, Short(Text(a, key)), Short(Text(b, key))))),
    ];

    private static IReadOnlyList<Pair> Joined(SavedRun a, SavedRun b, string list, string key, string value)
    {
        Dictionary<string, double> Of(SavedRun run) => (run.Result[list]?.AsArray() ?? [])
            .GroupBy(l => (string)l![key]!).ToDictionary(g => g.Key, g => g.Sum(l => (double)l![value]!));
        (Dictionary<string, double> ours, Dictionary<string, double> theirs) = (Of(a), Of(b));
        double? Value(Dictionary<string, double> of, string name) => of.TryGetValue(name, out double v) ? v : null;
        return [.. ours.Keys.Union(theirs.Keys).Select(name => new Pair(name, Value(ours, name), Value(theirs, name)))];
    }

    private static string Verdict(Pair cycles, List<MetricPair> metrics, string? chosen)
    {
        string speed = cycles.Percent is not { } p ? "cycles unknown" : cycles.Difference == 0 ? "equal cycles"
            : string.Create(CultureInfo.InvariantCulture, $"B takes {Math.Abs(p):0.##} % {(p < 0 ? "fewer" : "more")} cycles");
        MetricPair? m = metrics.FirstOrDefault(x => x.Name == chosen) ?? (metrics.Count > 0 ? metrics[0] : null);
        return m switch
        {
            null => $"{speed}; quality not compared",
            { Difference: 0, Interval: { Low: 0, High: 0 } } => $"{speed}; {m.Name} is equal in every draw",
            { IsSignificant: null } => $"{speed}; {m.Name} is {(m.Difference == 0 ? "equal" : Better(m) ? "better" : "worse")} in B, without an interval",
            { IsSignificant: false } => $"{speed}; no significant difference in {m.Name}",
            _ => $"{speed}; {m.Name} is significantly {(Better(m) ? "better" : "worse")} in B",
        };
    }

    private static bool Better(MetricPair m) => m.Difference > 0 == m.HigherIsBetter;

    /// <summary>Whether both have the input, with equal contents; null where neither has it.</summary>
    private static bool? Same(SavedRun a, SavedRun b, string role) =>
        a.Hash(role) is null && b.Hash(role) is null ? null : a.Hash(role) == b.Hash(role);

    private static string? Text(SavedRun run, string key) => (string?)run.Result[key];

    private static double? Number(SavedRun run, params string[] keys) => (double?)keys.Aggregate((JsonNode?)run.Result, (node, key) => node?[key]);

    private static string? Named(SavedRun run, string role) =>
        run.Hash(role) is { } hash ? $"{(string?)run.Result["inputs"]![role]!["name"]} {Short(hash)}" : null;

    private static string? Short(string? text) => text is { Length: 64 } ? text[..ShownHashDigits] : text;
}
