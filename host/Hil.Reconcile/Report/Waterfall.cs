using Hil.Contract.Records;

namespace Hil.Reconcile.Report;

/// <summary>From the predicted total to the measured one, cause by cause; what no cause explains stands as the remainder.</summary>
internal static class Waterfall
{
    private const int MostRows = 10;
    private const double RowHeight = 24;
    private const double Left = 190;
    private const double Right = 130;
    private const double Width = 1120;

    public static string Draw(Reconciliation r, string word)
    {
        var rows = new List<(string Name, double Cycles)>();
        CauseDifference[] all = [.. r.Causes.Where(c => Math.Abs(c.Difference) >= 0.5)];
        rows.AddRange(all.Take(MostRows).Select(c => (c.Cause, c.Difference)));
        if (all.Length > MostRows)
        {
            rows.Add(($"{all.Length - MostRows} smaller causes", all.Skip(MostRows).Sum(c => c.Difference)));
        }

        if (all.Length == 0 && Math.Abs(r.RemainderCycles) < 0.5)
        {
            return $"<p>Predicted and {Text.Escape(word)} agree to the cycle, {Text.Cycles(r.Cycles.Measured)}, in every cause; the remainder is 0.</p>";
        }

        rows.Add(("remainder (no cause)", r.RemainderCycles));
        double height = ((rows.Count + 2) * RowHeight) + 26;
        var drawing = new Drawing(Width, height, $"from {Text.Cycles(r.Cycles.Predicted)} predicted to {Text.Cycles(r.Cycles.Measured)} {word} cycles");
        double low = Math.Min(r.Cycles.Predicted, r.Cycles.Measured);
        double high = Math.Max(r.Cycles.Predicted, r.Cycles.Measured);
        double at = r.Cycles.Predicted;
        foreach ((_, double cycles) in rows)
        {
            at += cycles;
            (low, high) = (Math.Min(low, at), Math.Max(high, at));
        }

        // The differences are small against the totals, so the axis shows the part in which they lie.
        double margin = Math.Max((high - low) * 0.15, Math.Max(1, high * 0.0005));
        (double from, double to) = (Math.Max(0, low - margin), high + margin);
        double X(double cycles) => Left + ((cycles - from) / (to - from) * (Width - Left - Right));

        double y = 0;
        Total("predicted", r.Cycles.Predicted, "var(--pred)");
        at = r.Cycles.Predicted;
        foreach ((string name, double cycles) in rows)
        {
            double next = at + cycles;
            string fill = cycles > 0 ? "var(--more)" : "var(--less)";
            drawing.Label(Left - 10, y + 16, name, "e");
            drawing.Rect(X(Math.Min(at, next)), y + 4, Math.Max(X(Math.Max(at, next)) - X(Math.Min(at, next)), cycles == 0 ? 0 : 1), RowHeight - 8, fill, $"{name}: {Text.SignedCycles(cycles)} cycles");
            drawing.Line(X(next), y + 4, X(next), y + RowHeight + 4, "var(--soft)");
            drawing.Label(Width, y + 16, $"{Text.SignedCycles(cycles)}", "e");
            (at, y) = (next, y + RowHeight);
        }

        Total(word, r.Cycles.Measured, "var(--meas)");
        drawing.Line(Left, y + 2, Width - Right, y + 2);
        drawing.Label(Left, y + 18, Text.Cycles(from), "s").Label(Width - Right, y + 18, Text.Cycles(to) + " cycles", "s e");
        return drawing.ToString();

        void Total(string name, double cycles, string fill)
        {
            drawing.Label(Left - 10, y + 16, name, "e").Rect(Left, y + 3, X(cycles) - Left, RowHeight - 6, fill, $"{name}: {Text.Cycles(cycles)} cycles");
            drawing.Label(Width, y + 16, Text.Cycles(cycles), "e");
            y += RowHeight;
        }
    }
}
