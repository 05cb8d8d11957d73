namespace Hil.Stryker.Tests;

/// <summary>A project whose sources Stryker changes; its configuration is tests/mutants/stryker/NAME.json.</summary>
/// <param name="Judged">How many of its faults are judged at most, in the order of a hash of their texts; the file of survivors is of these.</param>
internal sealed record Subject(string Name, string Folder, string Assembly, int Judged = int.MaxValue)
{
    public static readonly IReadOnlyList<Subject> All =
    [
        new("timing", "sim/Hil.Emulator", "Hil.Emulator"), new("functional", "sim/Hil.Emulator", "Hil.Emulator"),
    ];

    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HilFramework.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
