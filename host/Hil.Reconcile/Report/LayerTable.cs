using System.Globalization;
using System.Text;

namespace Hil.Reconcile.Report;

/// <summary>Layers by how far off they are, with a bar each for predicted and measured.</summary>
internal static class LayerTable
{
    private const double BarWidth = 120;

    public static string Draw(Reconciliation r, string word)
    {
        double most = r.Layers.Select(l => Math.Max(l.Predicted, l.Measured)).DefaultIfEmpty(1).Max();
        var html = new StringBuilder();
        html.Append($"<table><thead><tr><th data-sort=s>layer<th data-sort=s>kind<th data-sort=s>bound<th class=r data-sort=n>predicted<th class=r data-sort=n>{word}")
            .Append("<th class=\"r on\" data-sort=n>\u0394 cycles<th class=r data-sort=n>prediction<th data-sort=s>largest cause<th class=r data-sort=n>utilization<th>predicted, ")
            .Append(word).Append("</tr></thead><tbody>");
        foreach (LayerJoin layer in r.Layers
            .Select((l, i) => (l, i)).OrderByDescending(p => Math.Abs(p.l.Measured - p.l.Predicted)).ThenBy(p => p.i).Select(p => p.l))
        {
            double difference = layer.Measured - layer.Predicted;
            string causes = string.Join(", ", layer.Causes.Where(c => Math.Abs(c.Difference) >= 0.5).Take(6)
                .Select(c => $"{c.Cause} {Text.SignedCycles(c.Difference)}"));
            html.Append($"<tr><td class=name data-k=\"{Text.Escape(layer.Name)}\">{Text.Escape(layer.Name)}")
                .Append($"<td data-k=\"{Text.Escape(layer.Kind)}\" class=soft>{Text.Escape(layer.Kind)}")
                .Append($"<td data-k=\"{Text.Escape(layer.Bound)}\">{Text.Escape(layer.Bound)}")
                .Append(layer.Bound == layer.BoundPredicted ? "" : $" <span class=soft>(predicted {Text.Escape(layer.BoundPredicted)})</span>");
            Cell(layer.Predicted, Text.Cycles(layer.Predicted));
            Cell(layer.Measured, Text.Cycles(layer.Measured));
            Cell(Math.Abs(difference), $"<span class={(Math.Abs(difference) < 0.5 ? "soft" : difference > 0 ? "more" : "less")}>{Text.SignedCycles(difference)}</span>");
            Cell(Math.Abs(layer.ErrorPercent), Text.Off(layer.ErrorPercent));
            html.Append($"<td data-k=\"{Text.Escape(layer.LargestCause)}\" title=\"{Text.Escape(causes)}\">{(layer.LargestCause.Length > 0 ? Text.Escape(layer.LargestCause) : "\u2013")}");
            Cell(layer.Utilization ?? 0, layer is { Utilization: { } u, Macs: > 0 } ? Text.Percent(u) : "\u2013");
            html.Append("<td>").Append(new Drawing(BarWidth, 15, "predicted above " + word)
                .Rect(0, 0, layer.Predicted / most * BarWidth, 6, "var(--pred)")
                .Rect(0, 8, layer.Measured / most * BarWidth, 6, "var(--meas)")).Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();

        void Cell(double key, string text) =>
            html.Append($"<td class=r data-k={Math.Round(key, 4).ToString(CultureInfo.InvariantCulture)}>{text}");
    }
}
