namespace Hil.Stryker.Tests;

/// <summary>A project whose sources Stryker changes; its configuration is tests/mutants/stryker/NAME.json.</summary>
/// <param name="Judged">How many of its faults are judged at most, in the order of a hash of their texts; the file of survivors is of these.</param>
internal sealed record Subject(string Name, string Folder, string Assembly, int Judged = int.MaxValue)
{
    public static readonly IReadOnlyList<Subject> All =
    [
        new("timing", "sim/Hil.Emulator", "Hil.Emulator"), new("functional", "sim/Hil.Emulator", "Hil.Emulator"),
        new("products", "sim/Hil.Emulator", "Hil.Emulator", Judged: 240),
        new("compiler", "host/Hil.Compiler", "Hil.Compiler", Judged: 160),
    ];
}
