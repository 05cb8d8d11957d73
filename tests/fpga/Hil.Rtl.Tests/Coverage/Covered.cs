using System.Globalization;
using System.Text;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>Whether one thing that can be covered is, in one place where it is counted.</summary>
/// <param name="Module">That it is a part of.</param>
/// <param name="Key">What it is, in three parts separated by tabs: the module, and two more that do not change where lines move.</param>
internal readonly record struct Covered(string Module, string Key, bool IsCovered)
{
    /// <summary>Of each module, and of all, how many of how many are covered.</summary>
    public static string Table(string what, IEnumerable<Covered> counts)
    {
        var text = new StringBuilder($"{"module",-24} {what}\n");
        (int covered, int all) total = (0, 0);
        foreach (IGrouping<string, Covered> module in counts.GroupBy(c => c.Module).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            bool[] keys = [.. module.GroupBy(c => c.Key).Select(g => g.Any(c => c.IsCovered))];
            int covered = keys.Count(k => k);
            total = (total.covered + covered, total.all + keys.Length);
            text.AppendLine(Row(module.Key, covered, keys.Length));
        }

        return text.AppendLine(Row("all", total.covered, total.all)).ToString();
    }

    private static string Row(string name, int covered, int all) =>
        string.Create(CultureInfo.InvariantCulture, $"{name,-24} {covered,6} of {all,6}  {100.0 * covered / all,5:F1} %");
}
