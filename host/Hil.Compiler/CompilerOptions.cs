namespace Hil.Compiler;

/// <summary>What a caller can choose; the defaults are what <c>hil</c> uses.</summary>
/// <param name="Fault">A planted fault, for tests of the checks.</param>
public sealed record CompilerOptions(PlantedFault Fault = PlantedFault.None)
{
    public static readonly CompilerOptions Default = new();

    /// <summary>The one way of lowering to take, instead of trying several.</summary>
    internal Lowering.LoweringChoice? Only { get; init; }
}
