namespace Hil.Stryker.Tests;

/// <summary>Part of a project whose sources Stryker changes, once for all parts of it; its configuration is tests/mutants/stryker/PLANTED.json.</summary>
/// <param name="Name">As the judge knows its tests.</param>
/// <param name="Planted">The configuration.</param>
/// <param name="Folder">The project's, from the repository's root.</param>
/// <param name="Holds">Which of its files.</param>
/// <param name="Judged">How many of its faults are judged at most, in the order of a hash of their texts; the file of survivors is of these.</param>
/// <param name="IsLong">It takes more than five minutes to plant: judged only with HIL_TEST_FULL=1.</param>
internal sealed record Subject(
    string Name, string Planted, string Folder, string Assembly, Func<string, bool> Holds, int Judged = int.MaxValue, bool IsLong = false)
{
    private const string Timing = "Timing/";
    private const string Products = "Functional/Products/";

    public static readonly IReadOnlyList<Subject> All =
    [
        Emulator("timing", f => IsIn(f, Timing)), Emulator("functional", f => !IsIn(f, Timing) && !IsIn(f, Products)),
        Emulator("products", f => IsIn(f, Products)) with { Judged = 176 },
        new("compiler", "compiler", "host/Hil.Compiler", "Hil.Compiler", _ => true, 300, IsLong: true),
    ];

    private static Subject Emulator(string name, Func<string, bool> holds) => new(name, "emulator", "sim/Hil.Emulator", "Hil.Emulator", holds);

    private static bool IsIn(string file, string folder) => file.StartsWith(folder, StringComparison.Ordinal);
}
