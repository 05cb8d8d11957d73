using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Specification.Timing;

/// <summary>The counters while they count.</summary>
internal sealed class Tally
{
    public readonly long[] Busy = new long[Units.Count];
    public readonly long[] Issue = new long[Units.Count];
    public readonly long[] Idle = new long[Units.Count];
    public readonly long[] Stall = new long[Units.Count * Units.Count];
    public readonly long[] PortWait = new long[Units.Count];
    public readonly long[] DispatchFull = new long[Units.Count];
    public readonly long[] Retired = new long[Units.Count];

    public long Cycles;
    public long DispatchBusy;
    public long DispatchStarved;
    public long DispatchDraining;
    public long DispatchStopped;
    public long FetchBytes;
    public long LoadBytes;
    public long StoreBytes;
    public long Tiles;
    public long StreamedRows;

    public Counters ToCounters() => new(
        Cycles, Busy, Issue, Idle, Stall, PortWait, DispatchBusy, DispatchStarved, DispatchFull, DispatchDraining,
        DispatchStopped, Retired, FetchBytes, LoadBytes, StoreBytes, Tiles, StreamedRows);
}
