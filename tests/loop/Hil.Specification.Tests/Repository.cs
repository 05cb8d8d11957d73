namespace Hil.Specification.Tests;

/// <summary>Where the files that tests keep current lie.</summary>
internal static class Repository
{
    /// <exception cref="DirectoryNotFoundException">The tests run outside of it.</exception>
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HilFramework.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The repository is not above the test.");
    }
}
