using Hil.Devices.Coverage;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>Parts of the lines of the RTL by what is written there, which does not change where lines move.</summary>
internal static class LineParts
{
    /// <summary>
    /// Module, part as Verilator names it, and text of the line; "(2)" behind the text where it is the second such line of its module. A block that is on
    /// none of the machines, because of a parameter, is not covered.
    /// </summary>
    public static IReadOnlyList<Covered> Of(IReadOnlyList<CoveragePoint> points)
    {
        IReadOnlyList<CoveragePoint> lines = [.. points.Where(p => p.Kind == CoverageKind.Line && RtlSources.All.ContainsKey(p.File))];
        HashSet<(string, int)> there = [.. lines.Select(p => (p.File, p.Line))];
        return
        [
            .. lines.Select(p => Part(p.File, p.Name, p.Line, p.Count > 0)),
            .. RtlSources.Blocks().Where(b => !there.Contains(b)).Select(b => Part(b.File, "block", b.Line, false)),
        ];
    }

    private static Covered Part(string file, string part, int line, bool ran)
    {
        string module = Path.GetFileNameWithoutExtension(file);
        string[] source = RtlSources.All[file];
        string text = source[line - 1].Trim();
        int before = source.Take(line - 1).Count(l => l.Trim() == text);
        return new Covered(module, $"{module}\t{part}\t{text}{(before == 0 ? "" : $" ({before + 1})")}", ran);
    }
}
