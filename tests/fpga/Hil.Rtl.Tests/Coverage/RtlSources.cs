namespace Hil.Rtl.Tests.Coverage;

/// <summary>The sources of the core and of the back ends of its port, by the names of their files; what is generated is not among them.</summary>
internal static class RtlSources
{
    public static IReadOnlyDictionary<string, string[]> All { get; } = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "fpga/rtl"), "*.sv", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) != "generated")
        .ToDictionary(f => Path.GetFileName(f), File.ReadAllLines);

    /// <summary>Lines that begin what is executed, not those of assertions.</summary>
    public static IEnumerable<(string File, int Line)> Blocks()
    {
        foreach ((string file, string[] lines) in All)
        {
            bool inIfdef = false;
            for (int n = 0; n < lines.Length; n++)
            {
                string text = lines[n].Trim();
                if (text.StartsWith('`')) inIfdef = text.StartsWith("`if", StringComparison.Ordinal);
                if (!inIfdef && (text.StartsWith("always", StringComparison.Ordinal) || text == "initial begin")) yield return (file, n + 1);
            }
        }
    }
}
