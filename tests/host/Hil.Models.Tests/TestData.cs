namespace Hil.Models.Tests;

/// <summary>Models and data that are not part of the repository; a test that needs them skips by name without them.</summary>
internal static class TestData
{
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([Root, .. parts]);
        Skip.IfNot(File.Exists(path), $"needs {path} (set HIL_DATA to the data folder)");
        return path;
    }

    public static string Folder(string folder)
    {
        var path = System.IO.Path.Combine(Root, folder);
        Skip.IfNot(Directory.Exists(path), $"needs {path} (set HIL_DATA to the data folder)");
        return path;
    }

    public static string Digits(string file) => Path("..", "spoken-digits", file);

    public static string Kwt1(string file) => Path("kwt1", file);

    public static string Fsdd(string file) => Path("fsdd-ctc", file);

    public static string Sst2(string file) => Path("sst2-berttiny", file);

    private static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } set)
            {
                return set;
            }

            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "HilFramework.sln")))
            {
                folder = folder.Parent;
            }

            return System.IO.Path.Combine(folder?.Parent?.FullName ?? ".", "shared", "data");
        }
    }
}
