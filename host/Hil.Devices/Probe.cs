using Hil.Contract.Records;
using Hil.Devices.Coverage;
using Hil.Devices.Lockstep;

namespace Hil.Devices;

/// <summary>What to look at besides outputs, in runs of their own of the first sample, from poisoned memories.</summary>
/// <param name="Lockstep">Compare each retired instruction with the emulator; a difference fails the run.</param>
/// <param name="Trace">A line for each retired instruction.</param>
/// <param name="Waves">A waveform of these cycles; null: none, but around a difference that <paramref name="Lockstep"/> finds.</param>
/// <param name="Toggles">How often the nets of each unit change.</param>
public sealed record Probe(bool Lockstep = false, bool Trace = false, CycleWindow? Waves = null, bool Toggles = false);

/// <summary>What a <see cref="Probe"/> saw; what was not asked for is null.</summary>
/// <param name="LockstepInstructions">Retired instructions that are alike on device and emulator.</param>
/// <param name="Trace">A header and a line an instruction (<see cref="Hil.Contract.Records.TraceLine"/>), in the order of retirement.</param>
/// <param name="Waves">An FST file.</param>
/// <param name="Toggles">By unit.</param>
public sealed record Probed(
    int? LockstepInstructions = null, string? Trace = null, ReadOnlyMemory<byte>? Waves = null, ToggleCounts? Toggles = null)
{
    /// <summary>Where <see cref="Probe.Lockstep"/> found the device to leave the emulator.</summary>
    public LockstepDifference? Difference { get; init; }
}
