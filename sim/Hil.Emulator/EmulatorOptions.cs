using Hil.Emulator.Functional;

namespace Hil.Emulator;

/// <summary>How the emulator runs; none of it changes a result but <see cref="Mutation"/> and, before they are written, memories by <see cref="PoisonSeed"/>.</summary>
public sealed record EmulatorOptions
{
    public static readonly EmulatorOptions Default = new();

    /// <summary>Vector instructions to use; null: <c>HIL_SIMD</c> or, without it, the best that this processor has.</summary>
    public SimdLevel? Simd { get; init; }

    /// <summary>Seed of what the memories hold at the start (<see cref="Poison"/>).</summary>
    public uint PoisonSeed { get; init; } = 1;

    /// <summary>Run strips of one product as one large product; off, each instruction is executed by itself.</summary>
    public bool Fuse { get; init; } = true;

    /// <summary>Keep the retirement of each instruction.</summary>
    public bool Trace { get; init; } = true;

    /// <summary>A planted fault, for tests of the tests.</summary>
    public EmulatorMutation Mutation { get; init; }
}
