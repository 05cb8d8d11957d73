using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Emulator.Timing;

/// <summary>What a cycle of the dispatcher counts as.</summary>
public enum DispatchClass
{
    Busy,
    Starved,
    Full,
    Draining,
    Stopped,
}

/// <summary>All counters while they run.</summary>
public sealed class CounterSums
{
    private readonly long[] _issue = new long[Units.Count];
    private readonly long[] _idle = new long[Units.Count];
    private readonly long[] _stall = new long[Units.Count * Units.Count];
    private readonly long[] _portWait = new long[Units.Count];
    private readonly long[] _full = new long[Units.Count];
    private readonly long[] _dispatch = new long[5];

    public long[] Busy { get; } = new long[Units.Count];

    public long[] Retired { get; } = new long[Units.Count];

    /// <summary>Bytes of completed bursts by unit.</summary>
    public long[] PortBytes { get; } = new long[Units.Count];

    public long Tiles { get; set; }

    public long StreamedRows { get; set; }

    /// <summary>What the dispatcher's cycle counts as, and the unit whose queue is full.</summary>
    public DispatchClass Dispatch { get; set; }

    public int FullUnit { get; set; }

    /// <summary>Counts a number of equal cycles.</summary>
    public void Add(UnitState[] units, long cycles)
    {
        for (int u = 0; u < units.Length; u++)
        {
            UnitState unit = units[u];
            switch (unit.Class)
            {
                case CycleClass.Idle: _idle[u] += cycles; break;
                case CycleClass.Issue: _issue[u] += cycles; break;
                case CycleClass.Busy: Busy[u] += cycles; break;
                case CycleClass.PortWait: _portWait[u] += cycles; break;
                default: _stall[(u * Units.Count) + unit.StalledOn] += cycles; break;
            }

            // A start counts in its own cycle; from the next on the unit executes.
            unit.Class = CycleClass.Busy;
        }

        if (Dispatch == DispatchClass.Full) _full[FullUnit] += cycles;
        else _dispatch[(int)Dispatch] += cycles;
    }

    public Counters ToCounters(long cycles, long fetchBytes) => new(
        cycles, Busy, _issue, _idle, _stall, _portWait,
        _dispatch[(int)DispatchClass.Busy], _dispatch[(int)DispatchClass.Starved], _full,
        _dispatch[(int)DispatchClass.Draining], _dispatch[(int)DispatchClass.Stopped],
        Retired, fetchBytes, PortBytes[(int)Unit.Load], PortBytes[(int)Unit.Store], Tiles, StreamedRows);
}
