using System.CommandLine;
using System.CommandLine.Parsing;
using Hil.Jobs.Specs;

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

    private static IReadOnlyDictionary<string, long>? Parse(ArgumentResult result)
    {
        IReadOnlyDictionary<string, long>? lengths = Bindings.Parse(string.Join(',', result.Tokens.Select(t => t.Value)), out string? wrong);
        if (lengths is null)
        {
            result.AddError($"--bind: {wrong}");
        }

        return lengths;
    }
}
