using System.Globalization;

namespace Hil.Jobs.Specs;

/// <summary>Lengths of a model's symbolic dimensions as a person writes them: <c>batch=1,seq=64</c>.</summary>
public static class Bindings
{
    /// <summary>What to do about a text that is not in this form.</summary>
    public const string Remedy = "Write name=length, separated by commas, such as batch=1,seq=64.";

    private const StringSplitOptions Parts = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <param name="text">Pairs separated by commas.</param>
    /// <param name="wrong">What is wrong with it, where the result is null.</param>
    public static IReadOnlyDictionary<string, long>? Parse(string text, out string? wrong)
    {
        var lengths = new Dictionary<string, long>();
        foreach (string part in text.Split(',', Parts))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is not [{ Length: > 0 } name, var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                || length < 1)
            {
                wrong = $"'{part}' is not name=length, such as seq=64.";
                return null;
            }

            if (!lengths.TryAdd(name, length))
            {
                wrong = $"'{name}' is bound twice.";
                return null;
            }
        }

        wrong = lengths.Count == 0 ? "it binds nothing." : null;
        return lengths.Count == 0 ? null : lengths;
    }
}
