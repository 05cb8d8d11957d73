using System.Text;

namespace Hil.Reconcile.Report;

/// <summary>What the run is judged by, and every other metric that was measured.</summary>
internal static class QualitySection
{
    public static string Draw(RunQuality q, string word)
    {
        string interval = q is { Low: { } low, High: { } high } ? $"95 % interval {Figure(low, q.Unit)} to {Figure(high, q.Unit)}" : "";
        string items = q.Items is { } n ? $"{Text.Cycles(n)} words or samples counted" : $"{Text.Cycles(q.Samples)} samples";
        string tiles = SideSections.Tiles(
            ($"{q.Metric}, float reference", Figure(q.Float, q.Unit), items),
            ($"{q.Metric}, {word}", Figure(q.Device, q.Unit), interval),
            ("loss", Figure(q.Loss, q.Unit), q.Loss is null ? "float has no value" : q.Loss <= 0 ? "not worse than float" : "worse than float"),
            ("agreement with float", Figure(q.Agreement, RunQuality.Share), "equal argmax"),
            ("output SQNR", Figure(q.SqnrDb, "dB"), "device output against float"));
        return q.Metrics.Count < 2 ? tiles : tiles + Table(q.Metrics, word);
    }

    /// <summary>A fraction as percent, anything else with its unit; a dash for none.</summary>
    public static string Figure(double? value, string? unit) => (value, unit) switch
    {
        (null, _) => "\u2013",
        ({ } v, RunQuality.Share) => Text.Percent(v, 2),
        ({ } v, "dB") => Text.Number(v, 1) + "\u00a0dB",
        ({ } v, "nats") => Text.Number(v, 5) + "\u00a0nats",
        ({ } v, _) => Text.Number(v, 4),
    };

    private static string Table(IReadOnlyList<RunMetric> metrics, string word)
    {
        var html = new StringBuilder("<table><thead><tr><th>metric<th class=r>float<th class=r>")
            .Append(Text.Escape(word)).Append("<th class=r>95 % interval<th></tr></thead><tbody>");
        foreach (RunMetric m in metrics)
        {
            html.Append($"<tr><td class=name>{Text.Escape(m.Name)}<td class=r>{Figure(m.Float, m.Unit)}<td class=r>{Figure(m.Device, m.Unit)}")
                .Append($"<td class=r>{(m is { Low: { } low, High: { } high } ? $"{Figure(low, m.Unit)} to {Figure(high, m.Unit)}" : "\u2013")}")
                .Append($"<td class=soft>{(m.HigherIsBetter ? "more is better" : "less is better")}</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }
}
