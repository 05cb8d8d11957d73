using Hil.Contract.Records;

namespace Hil.Emulator.Timing;

/// <summary>What the timing pass finds out about one segment; the same for all data.</summary>
/// <param name="Executed">By instruction: whether it ran. All but END do, unless a trap stopped the segment.</param>
/// <param name="Trace">Retirements in the order of their cycles; empty unless asked for.</param>
public sealed record TimingResult(
    Counters Counters,
    TrapRecord Trap,
    IReadOnlyList<LayerCycles> Layers,
    IReadOnlyList<Retirement> Trace,
    IReadOnlyList<bool> Executed);
