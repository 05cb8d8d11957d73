using System.Text;
using Hil.Contract.Records;

namespace Hil.Reconcile.Report;

/// <summary>Noise by layer, memories, the comparison with another run.</summary>
internal static class SideSections
{
    private const double Left = 330;
    private const double Width = 1120;

    public static string Tiles(params (string Name, string Value, string Under)[] tiles)
    {
        var html = new StringBuilder("<div class=tiles>");
        foreach ((string name, string value, string under) in tiles)
        {
            html.Append($"<div class=tile><div>{Text.Escape(name)}</div><div class=v>{Text.Escape(value)}</div><div class=u>{Text.Escape(under)}</div></div>");
        }

        return html.Append("</div>").ToString();
    }

    public static string Noise(IReadOnlyList<LayerNoise> noise)
    {
        double most = Math.Max(10, noise.Where(n => double.IsFinite(n.SqnrDb)).Select(n => n.SqnrDb).DefaultIfEmpty(10).Max());
        const double row = 17;
        var drawing = new Drawing(Width, (noise.Count * row) + 24, "signal to noise by layer, decibels");
        double X(double db) => Left + (Math.Clamp(db, 0, most) / most * (Width - Left - 190));
        for (double db = 0; db <= most; db += 10)
        {
            drawing.Line(X(db), 0, X(db), noise.Count * row, "var(--grid)").Label(X(db), (noise.Count * row) + 16, Text.Number(db, 0) + (db == 0 ? " dB" : ""), "s m");
        }

        double worst = noise.Where(n => double.IsFinite(n.SqnrDb)).Select(n => n.SqnrDb).DefaultIfEmpty(0).Min();
        double y = 0;
        foreach (LayerNoise layer in noise)
        {
            string name = layer.Layer.Length > 48 ? "\u2026" + layer.Layer[^47..] : layer.Layer;
            drawing.Label(Left - 10, y + 12, name, "e");
            drawing.Rect(Left, y + 3, X(layer.SqnrDb) - Left, row - 6, layer.SqnrDb == worst ? "var(--more)" : "var(--meas)", $"{layer.Layer}: {Text.Number(layer.SqnrDb, 1)} dB");
            drawing.Label(Width - 130, y + 12, (double.IsFinite(layer.SqnrDb) ? Text.Number(layer.SqnrDb, 1) : "exact") + " dB", "e");
            drawing.Label(Width, y + 12, layer.Saturated > 0 ? $"{Text.Cycles(layer.Saturated)} clipped" : "none clipped", "s e");
            y += row;
        }

        return drawing.ToString();
    }

    public static string Fit(IReadOnlyList<MemoryFit> fit)
    {
        var html = new StringBuilder("<table><thead><tr><th>memory<th class=r>used<th class=r>capacity<th class=r>share<th></tr></thead><tbody>");
        foreach (MemoryFit m in fit)
        {
            double share = m.CapacityBytes == 0 ? 0 : (double)m.UsedBytes / m.CapacityBytes;
            html.Append($"<tr><td class=name>{Text.Escape(m.Memory)}<td class=r>{Text.Bytes(m.UsedBytes)}<td class=r>{Text.Bytes(m.CapacityBytes)}<td class=r>{Text.Percent(share)}<td>")
                .Append(new Drawing(320, 10, "share used").Rect(0, 1, 320, 8, "var(--grid)").Rect(0, 1, Math.Min(1, share) * 320, 8, share > 1 ? "var(--bad)" : "var(--meas)"))
                .Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    public static string Compare(Reconciliation own, Comparison comparison)
    {
        Reconciliation other = comparison.Other;
        (string, double?, double?, Func<double, string>)[] rows =
        [
            ("cycles, predicted", other.Cycles.Predicted, own.Cycles.Predicted, Text.Cycles),
            ($"cycles, {ProvenanceWords.Of(own.Provenance)}", other.Cycles.Measured, own.Cycles.Measured, Text.Cycles),
            ("multiply-accumulates", other.Macs, own.Macs, Text.Cycles),
            ("energy, predicted (\u00b5J)", other.EnergyMicrojoules.Predicted, own.EnergyMicrojoules.Predicted, v => Text.Number(v, 1)),
            ($"quality ({own.Quality?.Metric ?? "none"})", other.Quality?.Device, own.Quality?.Device, v => QualitySection.Figure(v, own.Quality?.Unit)),
        ];
        var html = new StringBuilder("<table><thead><tr><th>")
            .Append($"<th class=r>{Text.Escape(comparison.Label)}<th class=r>{Text.Escape(comparison.OwnLabel)}<th class=r>ratio</tr></thead><tbody>");
        foreach ((string name, double? before, double? now, Func<double, string> format) in rows)
        {
            if (before is { } b && now is { } n)
            {
                html.Append($"<tr><td>{Text.Escape(name)}<td class=r>{format(b)}<td class=r>{format(n)}<td class=r>{(b > 0 ? Text.Number(n / b, 3) : "\u2013")}</tr>");
            }
        }

        html.Append("</tbody></table>");
        if (own.Provenance != other.Provenance || own.MachineHash != other.MachineHash)
        {
            html.Append($"<p class=note>The other run: {ProvenanceWords.Of(other.Provenance)}, on {Text.Escape(other.Machine)}.</p>");
        }

        return html.ToString();
    }
}
