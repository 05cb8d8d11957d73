using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Reconcile.Report;

/// <summary>
/// How busy each unit is over time: predicted above measured, on one axis of cycles. A layer is cut into a few slices, however many instructions it has.
/// </summary>
internal static class Timelines
{
    private const double Left = 190;
    private const double Width = 1120;
    private const double RowHeight = 18;
    private const int Slices = 460;
    private const double LeastBusy = 0.005;

    public static string Draw(Reconciliation r, IReadOnlyList<Retirement> trace, string word)
    {
        double most = Math.Max(Math.Max(r.Cycles.Predicted, r.Cycles.Measured), 1);
        double scale = (Width - Left) / most;
        var split = trace.Count == 0 ? null : new CauseSplit(
            trace.Where(t => t.Unit != Unit.Control).Select(t => new BusySpan(t.Unit, t.Start + 1, t.Retire + 1)), r.Cycles.Measured);
        Unit[] units = [.. Units.Executing.Where(u => r.Layers.Any(l => l.BusyMeasured[(int)u] > 0 || l.BusyPredicted[(int)u] > 0))];
        var drawing = new Drawing(Width, (units.Length * 48) + 64, "busy units over time");
        double y = 0;
        Layers("layers predicted", l => l.Predicted);
        Layers($"layers {word}", l => l.Measured);
        y += 6;
        foreach (Unit unit in units)
        {
            string colour = Style.Colour(Causes.Name(unit));
            drawing.Label(Left - 10, y + 13, $"{Causes.Name(unit)} predicted", "e").Rect(Left, y, Width - Left, RowHeight, "var(--grid)");
            double at = 0;
            foreach (LayerJoin layer in r.Layers)
            {
                Slice(at, at + layer.Predicted, layer.BusyPredicted[(int)unit], colour, layer.Name);
                at += layer.Predicted;
            }

            y += RowHeight + 2;
            drawing.Label(Left - 10, y + 13, word, "e").Rect(Left, y, Width - Left, RowHeight, "var(--grid)");
            at = 0;
            foreach (LayerJoin layer in r.Layers)
            {
                double end = at + layer.Measured;
                int slices = split is null ? 1 : Math.Max(1, (int)Math.Ceiling(Slices * layer.Measured / most));
                for (int i = 0; i < slices; i++)
                {
                    double from = at + (layer.Measured * (double)i / slices);
                    double to = at + (layer.Measured * (i + 1.0) / slices);
                    Slice(from, to, split?.Executing(unit, from, to) ?? layer.BusyMeasured[(int)unit], colour, slices > 12 ? null : layer.Name);
                }

                at = end;
            }

            y += RowHeight + 10;
        }

        drawing.Line(Left, y, Width, y);
        for (int i = 0; i <= 4; i++)
        {
            drawing.Label(Left + ((Width - Left) * i / 4), y + 16, Text.Cycles(most * i / 4), i == 0 ? "s" : i == 4 ? "s e" : "s m");
        }

        return drawing.ToString();

        void Slice(double from, double to, double busy, string colour, string? name)
        {
            double share = to <= from ? 0 : Math.Clamp(busy / (to - from), 0, 1);
            if (share >= LeastBusy)
            {
                double h = Math.Max(1, RowHeight * share);
                drawing.Rect(Left + (from * scale), y + RowHeight - h, (to - from) * scale, h, colour, name is null ? null : $"{name}: {Text.Percent(share, 0)} busy");
            }
        }

        void Layers(string label, Func<LayerJoin, double> cycles)
        {
            drawing.Label(Left - 10, y + 10, label, "e s");
            double at = 0;
            for (int i = 0; i < r.Layers.Count; i++)
            {
                double length = cycles(r.Layers[i]);
                drawing.Rect(Left + (at * scale), y, length * scale, 12, i % 2 == 0 ? "var(--soft)" : "var(--line)", $"{r.Layers[i].Name}: {Text.Cycles(length)} cycles");
                at += length;
            }

            y += 15;
        }
    }
}
