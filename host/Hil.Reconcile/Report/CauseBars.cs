using System.Text;

namespace Hil.Reconcile.Report;

/// <summary>Where the cycles go: predicted above measured, every cycle under one cause.</summary>
internal static class CauseBars
{
    private const double Left = 190;
    private const double Width = 1120;
    private const double BarHeight = 22;

    public static string Draw(Reconciliation r, string word)
    {
        double most = Math.Max(r.Cycles.Predicted, r.Cycles.Measured);
        if (most <= 0)
        {
            return "";
        }

        var drawing = new Drawing(Width, 60, "cycles by cause");
        CauseDifference[] causes = [.. r.Causes.OrderByDescending(c => Math.Max(c.Predicted, c.Measured)).ThenBy(c => c.Cause, StringComparer.Ordinal)];
        Bar(0, "predicted", c => c.Predicted, r.Cycles.Predicted);
        Bar(30, word, c => c.Measured, r.Cycles.Measured);

        var legend = new StringBuilder("<div class=legend>");
        foreach (CauseDifference cause in causes.Where(c => Math.Max(c.Predicted, c.Measured) >= 0.001 * most))
        {
            legend.Append($"<span><i style=\"background:{Style.Colour(cause.Cause)}\"></i>{Text.Escape(cause.Cause)} {Text.Percent(cause.Measured / Math.Max(1, r.Cycles.Measured))}</span>");
        }

        return drawing + legend.Append("</div>").ToString();

        void Bar(double y, string name, Func<CauseDifference, double> cycles, double total)
        {
            drawing.Label(Left - 10, y + 15, name, "e");
            double x = Left;
            foreach (CauseDifference cause in causes)
            {
                double w = cycles(cause) / most * (Width - Left);
                drawing.Rect(x, y, w, BarHeight, Style.Colour(cause.Cause), $"{cause.Cause}: {Text.Cycles(cycles(cause))} cycles, {Text.Percent(cycles(cause) / Math.Max(1, total))}");
                x += w;
            }
        }
    }
}
