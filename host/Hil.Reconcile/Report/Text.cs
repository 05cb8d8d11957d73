using System.Globalization;
using System.Net;

namespace Hil.Reconcile.Report;

/// <summary>Numbers and names as the report writes them; the same everywhere, whatever the locale.</summary>
internal static class Text
{
    /// <summary>A narrow space that does not break, between thousands.</summary>
    private const char Thin = '\u202f';

    private static readonly NumberFormatInfo Grouped = new()
    {
        NumberGroupSeparator = Thin.ToString(), NumberDecimalSeparator = ".", NegativeSign = "\u2212",
    };

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Cycles(double cycles) => Math.Round(cycles).ToString("#,0", Grouped);

    public static string SignedCycles(double cycles)
    {
        // Adding zero turns a negative zero into zero.
        double rounded = Math.Round(cycles) + 0.0;
        return rounded > 0 ? "+" + rounded.ToString("#,0", Grouped) : rounded.ToString("#,0", Grouped);
    }

    public static string Number(double value, int decimals) =>
        double.IsFinite(value) ? value.ToString("#,0." + new string('0', decimals), Grouped).TrimEnd('.') : "n/a";

    /// <summary>How far a prediction is off: "0.72 % low", "exact".</summary>
    public static string Off(double errorPercent) => Math.Abs(errorPercent) switch
    {
        < 0.0005 => "exact",
        double error when double.IsFinite(error) =>
            Number(error, error < 0.1 ? 3 : error < 10 ? 2 : 1) + "\u00a0%\u00a0" + (errorPercent < 0 ? "low" : "high"),
        _ => "n/a",
    };

    public static string SignedPercent(double percent) =>
        double.IsFinite(percent)
            ? (percent > 0 ? "+" : "") + percent.ToString(Math.Abs(percent) < 10 ? "0.00" : "0.0", Grouped) + "\u00a0%"
            : "n/a";

    public static string Percent(double fraction, int decimals = 1) => Number(100 * fraction, decimals) + "\u00a0%";

    /// <summary>A coordinate in a drawing.</summary>
    public static string At(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        >= 10 << 20 => Number(bytes / 1048576.0, 1) + "\u00a0MB",
        >= 10 << 10 => Number(bytes / 1024.0, 1) + "\u00a0KB",
        _ => Number(bytes, 0) + "\u00a0B",
    };

    public static string ShortHash(string hash) => hash.Length > 12 ? hash[..12] : hash.Length == 0 ? "none" : hash;
}
