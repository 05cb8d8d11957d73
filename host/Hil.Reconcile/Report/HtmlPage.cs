using System.Text;
using Hil.Contract.Records;

namespace Hil.Reconcile.Report;

/// <summary>The report as one page that needs nothing else.</summary>
internal static class HtmlPage
{
    public static string Of(Reconciliation r, Measurement measurement, ReconcileExtras extras, string note)
    {
        string word = ProvenanceWords.Of(r.Provenance);
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">")
            .Append($"<title>{Text.Escape(r.Program)} on {Text.Escape(r.Machine)}: prediction {Text.Off(r.Cycles.ErrorPercent)}</title><style>{Style.Css}</style></head><body><main>")
            .Append($"<h1>{Text.Escape(r.Program)} on {Text.Escape(r.Machine)}</h1>")
            .Append($"<p class=soft>Predicted cycles against cycles {word}{(r.Provenance == Provenance.Board ? "" : "; nothing here was measured on a board")}. Device: {Text.Escape(r.Device)}.{(note.Length > 0 ? " " + Text.Escape(note) : "")}</p>")
            .Append(TopLine(r, word));
        Section(html, "", SideSections.Tiles(Summary(r, word)), "");
        Section(html, $"From predicted to {word}", Waterfall.Draw(r, word),
            "Cycles by cause. The axis does not begin at zero. Each cycle has one cause: the first of compute, vector, load, store that executes in it, else what the next instruction waited for.");
        if (r.Causes.Count > 0)
        {
            Section(html, "Where the cycles go", CauseBars.Draw(r, word), "");
        }

        Section(html, "Units over time", Timelines.Draw(r, measurement.Trace, word),
            $"Height: share of the time in which a unit executes. Predicted: mean of each layer; {word}: "
            + (measurement.Trace.Count > 0 ? "slices of the trace." : "mean of each layer (the device gives no trace)."));
        Section(html, "Layers", LayerTable.Draw(r, word),
            $"Sorted by |\u0394 cycles|, \u0394 = {word} \u2212 predicted. Click a head to sort. Bound: the unit that is busiest in the layer. "
            + "A layer lasts from the end of the one before to its own, so one whose work began earlier can use the array for more than its time.");
        if (r.Quality is { } quality)
        {
            Section(html, "Quality", QualitySection.Draw(quality, word), "");
        }

        if (extras.Comparison is { } comparison)
        {
            Section(html, $"{comparison.OwnLabel} against {comparison.Label}", SideSections.Compare(r, comparison), "");
        }

        if (r.Noise.Count > 0)
        {
            Section(html, "Noise by layer", SideSections.Noise(r.Noise), "Signal to quantization noise against the float reference; in program order.");
        }

        if (r.Fit.Count > 0)
        {
            Section(html, "Memories", SideSections.Fit(r.Fit), "");
        }

        Section(html, "Counters and identity", Details(r, measurement.Counters, word), "");
        return html.Append($"</main><script>{Style.Script}</script></body></html>\n").ToString();
    }

    private static void Section(StringBuilder html, string title, string body, string note)
    {
        html.Append("<section>").Append(title.Length > 0 ? $"<h2>{Text.Escape(title)}</h2>" : "")
            .Append(note.Length > 0 ? $"<p class=note>{Text.Escape(note)}</p>" : "").Append(body).Append("</section>");
    }

    private static string TopLine(Reconciliation r, string word)
    {
        string verdict = r.Gates.Count == 0 ? "no gate set" : r.Passed ? "within limits" : "outside limits";
        string style = r.Gates.Count == 0 ? "" : r.Passed ? " good" : " bad";
        string gates = string.Join("; ", r.Gates.Select(g => $"{g.Gate} {Text.Number(g.Value, 3)} {Relation(g)} {Text.Number(g.Limit, 3)}"));
        double difference = r.Cycles.Measured - r.Cycles.Predicted;
        return $"<section class=\"top{style}\"><span class=verdict title=\"{Text.Escape(gates)}\">{verdict}</span><span>{word}</span>"
            + $"<span>program <code>{Text.ShortHash(r.ProgramHash)}</code> machine <code>{Text.ShortHash(r.MachineHash)}</code></span>"
            + $"<span>prediction <b>{Text.Off(r.Cycles.ErrorPercent)}</b> ({Text.SignedCycles(difference)} cycles)</span>"
            + $"<span>largest cause <b>{(r.LargestCause.Length > 0 ? Text.Escape(r.LargestCause) : "none")}</b></span></section>";
    }

    private static string Relation(GateResult gate) => (gate.AtLeast, gate.Passed) switch
    {
        (false, true) => "\u2264",
        (false, false) => ">",
        (true, true) => "\u2265",
        (true, false) => "<",
    };

    private static (string, string, string)[] Summary(Reconciliation r, string word)
    {
        string energy = r.EnergyMicrojoules.Measured is { } joules ? Text.Number(joules, 1) + " \u00b5J" : "no sensor";
        LayerJoin? worst = r.Layers.MaxBy(l => Math.Abs(l.Measured - l.Predicted));
        return
        [
            ("cycles, predicted", Text.Cycles(r.Cycles.Predicted), ""),
            ($"cycles, {word}", Text.Cycles(r.Cycles.Measured), r.MillisecondsMeasured is { } ms ? $"{Text.Number(ms, 3)} ms at the machine's clock" : ""),
            ("array utilization", r.Utilization is { } u ? Text.Percent(u) : "\u2013", $"{Text.Cycles(r.Macs)} multiply-accumulates"),
            ("energy, predicted", Text.Number(r.EnergyMicrojoules.Predicted, 1) + " \u00b5J", "from the machine's energy figures; sources below"),
            ("energy, measured", energy, r.EnergyMicrojoules.Measured is null ? "never filled with a prediction" : word),
            worst is null || Math.Abs(worst.Measured - worst.Predicted) < 0.5
                ? ("worst layer", "none", "every layer is exact")
                : ("worst layer", Text.SignedCycles(worst.Measured - worst.Predicted), worst.Name),
        ];
    }

    private static string Details(Reconciliation r, Counters counters, string word)
    {
        var html = new StringBuilder("<table><tbody>");
        foreach ((string name, string value) in new[]
        {
            ("program", r.ProgramHash), ("machine", $"{r.Machine} {r.MachineHash}"), ("contract", r.ContractHash), ("device", r.Device), ("provenance", word), ("energy figures", r.EnergyMicrojoules.Source), ("schema", r.Schema),
        })
        {
            html.Append($"<tr><td class=soft>{name}<td><code>{Text.Escape(value)}</code></tr>");
        }

        html.Append($"</tbody></table><details><summary>counters, {word}</summary><table><tbody>");
        foreach ((string name, long value) in counters.Named().Where(n => n.Value != 0))
        {
            html.Append($"<tr><td>{Text.Escape(name)}<td class=r>{Text.Cycles(value)}</tr>");
        }

        return html.Append("</tbody></table></details>").ToString();
    }
}
