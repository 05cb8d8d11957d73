namespace Hil.Stryker.Tests;

/// <summary>A project whose sources Stryker changes; its configuration is tests/mutants/stryker/NAME.json.</summary>
internal sealed record Subject(string Name, string Folder)
{
    public static readonly IReadOnlyList<Subject> All = [new("emulator", "sim/Hil.Emulator")];

    public static string Root { get; } = FindRoot();

    /// <summary>Every source file from the project's folder, by name.</summary>
    public IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, Folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.Combine(Root, Folder), f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("bin/", StringComparison.Ordinal) && !f.StartsWith("obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, Folder, file));

    public override string ToString() => Name;

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HilFramework.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
