using System.CommandLine.Parsing;
using System.Globalization;

namespace Hil.Cli.Verbs;

/// <summary>Reads "1%" or "1" as one percent.</summary>
internal static class Percent
{
    public static double? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && value >= 0)
        {
            return value;
        }

        result.AddError($"'{text}' is no percentage, such as 1%.");
        return null;
    }
}
