using System.Text;

namespace Hil.Reconcile.Report;

/// <summary>One SVG under construction.</summary>
internal sealed class Drawing(double width, double height, string about)
{
    private readonly StringBuilder body = new();

    public double Width => width;

    public Drawing Rect(double x, double y, double w, double h, string fill, string? title = null, double opacity = 1)
    {
        if (w <= 0 || h <= 0)
        {
            return this;
        }

        body.Append($"<rect x=\"{Text.At(x)}\" y=\"{Text.At(y)}\" width=\"{Text.At(Math.Max(w, 0.3))}\" height=\"{Text.At(h)}\" fill=\"{fill}\"");
        if (opacity < 1)
        {
            body.Append($" fill-opacity=\"{Text.At(opacity)}\"");
        }

        body.Append(title is null ? "/>" : $"><title>{Text.Escape(title)}</title></rect>");
        return this;
    }

    public Drawing Line(double x1, double y1, double x2, double y2, string stroke = "var(--line)")
    {
        body.Append($"<path d=\"M{Text.At(x1)} {Text.At(y1)}L{Text.At(x2)} {Text.At(y2)}\" stroke=\"{stroke}\"/>");
        return this;
    }

    public Drawing Label(double x, double y, string text, string style = "")
    {
        body.Append($"<text x=\"{Text.At(x)}\" y=\"{Text.At(y)}\"{(style.Length > 0 ? $" class=\"{style}\"" : "")}>{Text.Escape(text)}</text>");
        return this;
    }

    public override string ToString() =>
        $"<svg viewBox=\"0 0 {Text.At(width)} {Text.At(height)}\" width=\"{Text.At(width)}\" role=\"img\" aria-label=\"{Text.Escape(about)}\">{body}</svg>";
}
