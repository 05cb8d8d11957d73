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

    private static string Root => Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } set
        ? set
        : System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
}
