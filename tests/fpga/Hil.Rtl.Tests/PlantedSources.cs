namespace Hil.Rtl.Tests;

/// <summary>A copy of sources with a fault planted.</summary>
internal static class PlantedSources
{
    /// <summary>Copies fpga/rtl, or other sources, into a folder and replaces a text that is there once; gives the folder.</summary>
    /// <param name="folder">Where to; it is made.</param>
    /// <param name="file">The source, from those copied on.</param>
    public static string Copy(string folder, string file, string text, string replacement, string sources = "fpga/rtl")
    {
        string from = Path.Combine(Repository.Root, sources);
        foreach (string source in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(from, source));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(source, copy);
        }

        string path = Path.Combine(folder, file);
        string all = File.ReadAllText(path);
        int at = all.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0 && all.IndexOf(text, at + 1, StringComparison.Ordinal) < 0, $"{file}: '{text}' is not there once.");
        File.WriteAllText(path, all.Replace(text, replacement, StringComparison.Ordinal));
        return folder;
    }
}
