using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Hil.Cli.Verbs;

/// <summary><c>--bind batch=1,seq=64</c>: lengths of a model's symbolic dimensions.</summary>
internal static class BindOption
{
    public static Option<IReadOnlyDictionary<string, long>?> Create() => new("--bind")
    {
        Description = "Lengths of the model's symbolic dimensions, such as batch=1,seq=64; default: as the samples show them, the batch 1.",
        HelpName = "name=length,…",
        CustomParser = Parse,
    };

    private static Dictionary<string, long>? Parse(ArgumentResult result)
    {
        var lengths = new Dictionary<string, long>();
        foreach (string part in string.Join(',', result.Tokens.Select(t => t.Value)).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is not [{ Length: > 0 } name, var text] || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) || length < 1)
            {
                result.AddError($"--bind: '{part}' is not name=length, such as seq=64.");
                return null;
            }

            if (!lengths.TryAdd(name, length))
            {
                result.AddError($"--bind: '{name}' is bound twice.");
                return null;
            }
        }

        return lengths;
    }
}
