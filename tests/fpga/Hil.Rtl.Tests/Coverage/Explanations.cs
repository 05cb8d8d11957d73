using System.Text;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>A file that names what no run covers, each with the reason why, and what is wrong with it.</summary>
internal static class Explanations
{
    public const string HowToWrite = "With HIL_REGENERATE=1 and HIL_TEST_FULL=1 the test writes the file anew and keeps its reasons; an empty reason fails.";

    public static bool Regenerate { get; } = Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1";

    public static string File(string name) => Path.Combine(Repository.Root, "tests/fpga/Hil.Rtl.Tests/Coverage", name);

    /// <summary>Key and reason of each line; a key has three parts, separated by tabs like the reason.</summary>
    /// <exception cref="InvalidDataException">A line has other parts, or its key stands twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> lines)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.Split('\t') is not [var module, var second, var third, var reason]) throw new InvalidDataException($"Not three parts of a name and a reason: {line}");
            if (!reasons.TryAdd($"{module}\t{second}\t{third}", reason.Trim())) throw new InvalidDataException($"Stands twice: {line}");
        }

        return reasons;
    }

    /// <summary>What nothing covers, without and with a reason, and what is explained but covered or not there.</summary>
    /// <param name="isWhole">Every run was made; else what is not covered now may be by the others.</param>
    public static IReadOnlyList<string> Faults(IEnumerable<Covered> counts, IReadOnlyDictionary<string, string> reasons, bool isWhole = true)
    {
        Dictionary<string, bool> covered = counts.GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Any(c => c.IsCovered));
        return
        [
            .. covered.Where(c => isWhole && !c.Value && !reasons.ContainsKey(c.Key)).Select(c => $"not covered, and not explained: {c.Key}"),
            .. reasons.Where(r => r.Value.Length == 0).Select(r => $"without a reason: {r.Key}"),
            .. reasons.Keys.Where(k => covered.GetValueOrDefault(k)).Select(k => $"explained, and covered after all: {k}"),
            .. reasons.Keys.Where(k => isWhole && !covered.ContainsKey(k)).Select(k => $"explained, and not there: {k}"),
        ];
    }

    /// <summary>Writes the file anew: its comments, and what nothing covers with the reasons that there are, in the order of the keys.</summary>
    public static void Write(string path, IEnumerable<Covered> counts, IReadOnlyDictionary<string, string> reasons)
    {
        var text = new StringBuilder();
        foreach (string comment in System.IO.File.ReadLines(path).TakeWhile(l => l.StartsWith('#'))) text.Append(comment).Append('\n');
        foreach (string key in counts.GroupBy(c => c.Key).Where(g => !g.Any(c => c.IsCovered)).Select(g => g.Key).Order(StringComparer.Ordinal))
            text.Append(key).Append('\t').Append(reasons.GetValueOrDefault(key, "")).Append('\n');
        System.IO.File.WriteAllText(path, text.ToString());
    }
}
