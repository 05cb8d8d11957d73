using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Records;

/// <summary>
/// Every counter of docs/timing.md for one segment. Arrays are indexed by unit; <c>Stall[u*4+p]</c> is unit u waiting for a token of unit p.
/// </summary>
public sealed record Counters(
    long Cycles,
    IReadOnlyList<long> Busy,
    IReadOnlyList<long> Issue,
    IReadOnlyList<long> Idle,
    IReadOnlyList<long> Stall,
    IReadOnlyList<long> PortWait,
    long DispatchBusy,
    long DispatchStarved,
    IReadOnlyList<long> DispatchFull,
    long DispatchDraining,
    long DispatchStopped,
    IReadOnlyList<long> Retired,
    long FetchBytes,
    long LoadBytes,
    long StoreBytes,
    long Tiles,
    long StreamedRows)
{
    /// <summary>The counters as (name, value) in the order of the register map; used for equality, printing and export.</summary>
    public IEnumerable<(string Name, long Value)> Named()
    {
        yield return ("cycles", Cycles);
        foreach (Unit u in Units.Executing)
        {
            yield return ($"busy.{u}", Busy[(int)u]);
            yield return ($"issue.{u}", Issue[(int)u]);
            yield return ($"idle.{u}", Idle[(int)u]);
            yield return ($"portWait.{u}", PortWait[(int)u]);
            foreach (Unit p in Units.Executing)
            {
                if (p != u)
                {
                    yield return ($"stall.{u}.{p}", Stall[((int)u * Units.Count) + (int)p]);
                }
            }

            yield return ($"dispatchFull.{u}", DispatchFull[(int)u]);
            yield return ($"retired.{u}", Retired[(int)u]);
        }

        yield return ("dispatchBusy", DispatchBusy);
        yield return ("dispatchStarved", DispatchStarved);
        yield return ("dispatchDraining", DispatchDraining);
        yield return ("dispatchStopped", DispatchStopped);
        yield return ("fetchBytes", FetchBytes);
        yield return ("loadBytes", LoadBytes);
        yield return ("storeBytes", StoreBytes);
        yield return ("tiles", Tiles);
        yield return ("streamedRows", StreamedRows);
    }

    /// <summary>Those that a machine with the given counters has, as <see cref="Named()"/>.</summary>
    public IEnumerable<(string Name, long Value)> Named(CounterSet set) =>
        Named().Where(c => set == CounterSet.Full || c.Name == "cycles" || c.Name.StartsWith("busy.", StringComparison.Ordinal));
}
