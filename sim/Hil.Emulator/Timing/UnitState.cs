namespace Hil.Emulator.Timing;

public enum UnitPhase
{
    Idle,

    /// <summary>Executing for a known time: a fixed duration, or the tail after the last burst.</summary>
    Fixed,
    Request,
    Burst,
}

/// <summary>What a unit's cycle counts as.</summary>
public enum CycleClass
{
    Idle,
    Issue,
    Busy,
    PortWait,
    Stall,
}

/// <summary>One unit: its queue, what it executes and until when.</summary>
public sealed class UnitState(int capacity)
{
    private readonly int[] _queue = new int[capacity];
    private int _first;

    public int Capacity => capacity;

    public int Queued { get; private set; }

    /// <summary>Queued at the begin of the cycle.</summary>
    public int QueuedBefore { get; set; }

    public int Head => _queue[_first];

    public UnitPhase Phase { get; set; }

    /// <summary>The last cycle of the phase.</summary>
    public long End { get; set; }

    public int Current { get; private set; }

    public long StartedAt { get; private set; } = -1;

    public long BusyAtStart { get; private set; }

    public long Address { get; set; }

    public long BytesLeft { get; set; }

    public long BurstBytes { get; set; }

    public CycleClass Class { get; set; }

    public int StalledOn { get; set; }

    public bool StartedNow => Class == CycleClass.Issue;

    public void Enqueue(int index)
    {
        int last = _first + Queued;
        _queue[last >= capacity ? last - capacity : last] = index;
        Queued++;
    }

    public void Dequeue()
    {
        _first = _first + 1 == capacity ? 0 : _first + 1;
        Queued--;
    }

    public void Start(int index, long now, in TimedInstruction i, long busy)
    {
        (Current, StartedAt, BusyAtStart, Class) = (index, now, busy, CycleClass.Issue);
        if (i.PortBytes > 0)
        {
            (Phase, Address, BytesLeft) = (UnitPhase.Request, i.PortAddress, i.PortBytes);
        }
        else
        {
            (Phase, End) = (UnitPhase.Fixed, now + i.Duration);
        }
    }
}
