using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Compiler.Scheduling;

/// <summary>
/// The machine's times while a schedule grows: when units, banks, slots, halves, queues and the port become free, by docs/timing.md but with
/// fetches counted as a share of the port. It steers the schedule; it decides nothing about correctness.
/// </summary>
internal sealed class MachineClock(Machine machine)
{
    private readonly Machine _machine = machine;
    private readonly MemoryRegion _region = machine.Regions[0];
    private readonly long[] _unitEnd = [-1, -1, -1, -1];
    private readonly long[,] _bankEnd = new long[machine.Scratchpad.Banks, Units.Count];
    private readonly long[,] _slotEnd = new long[2, Units.Count];
    private readonly long[,] _halfEnd = new long[2, Units.Count];
    private readonly Queue<long>[] _starts = [new(), new(), new(), new()];
    private readonly Queue<long> _groupsDispatched = new();
    private long _dispatched = -1;
    private long _portFree;
    private long _fetchEnd = -1;
    private long _portDebt;
    private int _inGroup;

    public long SlotEnd(int slot) => Latest(_slotEnd, slot, -1);

    public long HalfEnd(int half) => Latest(_halfEnd, half, -1);

    /// <summary>When an operation would start if it came next in the program. Its slot and half may still be open.</summary>
    public long EarliestStart(Operation op)
    {
        int u = (int)op.Unit;
        long start = Math.Max(_unitEnd[u] + 1, Dispatch(u) + 1);
        // What strips need is ordered by banks, slots and halves, or only has to come before them in the program.
        if (op.Slot is null && op.Unit != Unit.Compute) start = Math.Max(start, op.NeedsEnd);

        foreach (Operand operand in op.Operands)
            start = Math.Max(start, Latest(_bankEnd, operand.Region.Bank, u) + 1);
        if (op.Slot is { } slot)
        {
            start = Math.Max(start, 1 + (slot.Slot >= 0
                ? Latest(_slotEnd, slot.Slot, u)
                : Math.Min(Latest(_slotEnd, 0, u), Latest(_slotEnd, 1, u))));
        }

        if (op.Sum is { } sum && op.Unit != Unit.Load)
        {
            start = Math.Max(start, 1 + (sum.Half >= 0
                ? Latest(_halfEnd, sum.Half, u)
                : Math.Min(Latest(_halfEnd, 0, u), Latest(_halfEnd, 1, u))));
        }

        return start;
    }

    public void Commit(Operation op)
    {
        int u = (int)op.Unit;
        op.Start = EarliestStart(op);
        _dispatched = Dispatch(u);
        Queue<long> starts = _starts[u];
        starts.Enqueue(op.Start);
        if (starts.Count > _machine.Issue.QueueDepth) starts.Dequeue();
        CountFetch();
        if (op.Constant is not null)
        {
            long begin = Math.Max(op.Start + 1, _portFree);
            op.End = begin + op.Duration + _portDebt;
            _portDebt = 0;
            _portFree = op.End - 1;
        }
        else
        {
            op.End = op.Start + op.Duration;
        }

        _unitEnd[u] = op.End;
        foreach (Operand operand in op.Operands) _bankEnd[operand.Region.Bank, u] = op.End;
        if (op.Slot is { } slot) _slotEnd[slot.Slot, u] = op.End;
        if (op.Sum is { } sum && op.Unit != Unit.Load) _halfEnd[sum.Half, u] = op.End;
    }

    // The last cycle of the dispatch of an instruction of unit u, if it came next.
    private long Dispatch(int u)
    {
        long room = _starts[u].Count < _machine.Issue.QueueDepth ? 0 : _starts[u].Peek() + 1;
        return Math.Max(Math.Max(_dispatched + 1, _fetchEnd + 1), room) + _machine.Issue.DispatchCycles - 1;
    }

    private void CountFetch()
    {
        if (++_inGroup < _machine.Issue.FetchInstructions) return;
        _inGroup = 0;
        _groupsDispatched.Enqueue(_dispatched);
        long cost = _region.BurstCycles(_region.Base, 16L * _machine.Issue.FetchInstructions, false) + 2;

        // A fetch delays the load that it meets; where the port is free it delays nothing that comes later.
        if (_portFree <= _dispatched) _portFree = _dispatched + cost;
        else _portDebt += cost;

        // The group after next is asked for when this one has left the buffer; the next one is there by then, unless dispatch runs ahead.
        long asked = _groupsDispatched.Count > 1 ? _groupsDispatched.Dequeue() : -1;
        _fetchEnd = Math.Max(_fetchEnd, asked) + cost;
    }

    private static long Latest(long[,] ends, int index, int butUnit)
    {
        long latest = -1;
        for (int u = 0; u < Units.Count; u++)
        {
            if (u != butUnit) latest = Math.Max(latest, ends[index, u]);
        }

        return latest;
    }
}
