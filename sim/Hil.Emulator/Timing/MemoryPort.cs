using Hil.Contract.Machines;

namespace Hil.Emulator.Timing;

public enum PortUser
{
    None,
    Fetch,
    Store,
    Load,
}

/// <summary>The one port to main memory (docs/timing.md section 5).</summary>
public sealed class MemoryPort(Machine machine, TimingRules rules, EmulatorMutation mutation)
{
    private long _occupiedTo = -1;

    public int Tail => rules.PortTail;

    public bool IsFree(long now) => now > _occupiedTo;

    public PortUser Choose(bool fetch, bool store, bool load)
    {
        if (fetch && (mutation != EmulatorMutation.PortFetchLast || (!store && !load))) return PortUser.Fetch;
        if (load && (mutation == EmulatorMutation.PortPrefersLoad || !store)) return PortUser.Load;
        return store ? PortUser.Store : PortUser.None;
    }

    public long NextBurst(long address, long left) =>
        rules.BurstBytes(TimedProgram.Region(machine, address, 1), address, left);

    /// <summary>Grants a burst in this cycle and returns its last one.</summary>
    public long Occupy(long now, long address, long bytes, bool write)
    {
        MemoryRegion region = TimedProgram.Region(machine, address, bytes);
        _occupiedTo = now + rules.BurstCycles(region, address, bytes, write);
        return _occupiedTo;
    }
}
