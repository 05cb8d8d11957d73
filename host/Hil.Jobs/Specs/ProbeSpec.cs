using Hil.Contract.Records;
using Hil.Devices;

namespace Hil.Jobs.Specs;

/// <summary>What a job looks at besides outputs, on its first sample; see docs/command-line.md.</summary>
/// <param name="Lockstep">Compare each retired instruction with the emulator; a difference fails the job.</param>
/// <param name="Trace">Keep a line for each retired instruction.</param>
/// <param name="Waves">Keep a waveform of these cycles; null: none, but around a difference.</param>
/// <param name="Toggles">Keep how often the nets of each unit change.</param>
public sealed record ProbeSpec(bool Lockstep = false, bool Trace = false, CycleWindow? Waves = null, bool Toggles = false)
{
    internal Probe ToDevice() => new(Lockstep, Trace, Waves, Toggles);
}
