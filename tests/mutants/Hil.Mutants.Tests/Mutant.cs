namespace Hil.Mutants.Tests;

/// <summary>A planted fault, the check that must find it, and what that check's report must name.</summary>
/// <param name="Component">Emulator, Verifier, Compiler, Predict or Importer.</param>
/// <param name="Name">As the component publishes it.</param>
/// <param name="Check">Runs the check with the fault planted, or without any: a report that names what differs, or null.</param>
/// <param name="Names">What the report must contain.</param>
public sealed record Mutant(string Component, string Name, Func<bool, string?> Check, string Names)
{
    public override string ToString() => $"{Component}.{Name}";
}
