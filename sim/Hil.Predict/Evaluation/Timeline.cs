using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>
/// Start and end of every evaluated step, as the longest path through what it waits for: the step before it in its unit, the steps it is serial
/// to, its dispatch, its fetch. Each time is found once, as soon as all it depends on is known; when nothing more follows from what is known, the
/// port serves the next of those that ask.
/// </summary>
internal sealed class Timeline
{
    private readonly FewIterations few;
    private readonly IssueShape shape;
    private readonly MemoryRegion code;
    private readonly WrongRule wrong;
    private readonly double tail;
    private readonly int issue;
    private readonly int works;
    private readonly double[] dispatched;
    private readonly double[] groupEnd;
    private readonly double[] portWait;
    private readonly SharedPort port;

    /// <summary>How many steps are dispatched, groups asked for, and steps of each unit started.</summary>
    private readonly int[] started = new int[Units.Count];
    private int dispatches;
    private int asked;

    public Timeline(FewIterations few, Machine machine, MemoryRegion code, StepCost cost, WrongRule wrong)
    {
        (this.few, shape, this.code, this.wrong) = (few, machine.Issue, code, wrong);
        port = new SharedPort(wrong);
        tail = cost.PortTail;
        issue = wrong == WrongRule.NoIssueCycle ? 0 : 1;
        works = few.Works.Length;
        (Start, End, portWait, dispatched) = (Unknown(works), Unknown(works), new double[works], Unknown(works + 1));
        groupEnd = Unknown((works + shape.FetchInstructions) / shape.FetchInstructions);
        do
        {
            Follow();
        }
        while (Serve());

        Done = dispatched[works];
        foreach (double end in End)
        {
            Done = Math.Max(Done, end + 1);
        }
    }

    /// <summary>The cycle in which a step starts.</summary>
    public double[] Start { get; }

    /// <summary>The cycle in which it retires.</summary>
    public double[] End { get; }

    /// <summary>The cycle that finds the segment done.</summary>
    public double Done { get; }

    /// <summary>Cycles that a port step waited for the port.</summary>
    public double PortWait(int work) => portWait[work];

    private static double[] Unknown(int count)
    {
        var times = new double[count];
        Array.Fill(times, double.NaN);
        return times;
    }

    /// <summary>All times that follow from those known.</summary>
    private void Follow()
    {
        bool found;
        do
        {
            found = Fetch() | Dispatch();
            for (int unit = 0; unit < Units.Count; unit++)
            {
                found |= StartNext(unit);
            }
        }
        while (found);
    }

    private bool Serve()
    {
        if (port.Serve(out bool idle) is not { } served)
        {
            return !idle;
        }

        if (served.User == SharedPort.User.Fetch)
        {
            groupEnd[asked - 1] = served.Last;
            return true;
        }

        int unit = (int)(served.User == SharedPort.User.Store ? Unit.Store : Unit.Load);
        int work = few.ByUnit[unit][started[unit] - 1];
        (End[work], portWait[work]) = (served.Last + tail, served.Waited);
        return true;
    }

    /// <summary>A group of instructions is asked for as soon as the buffer has room for it.</summary>
    private bool Fetch()
    {
        if (asked == groupEnd.Length)
        {
            return false;
        }

        int first = asked * shape.FetchInstructions;
        int size = Math.Min(shape.FetchInstructions, works + 1 - first);
        int room = first + size - (2 * shape.FetchInstructions) - 1;
        double request = 1 + Math.Max(asked == 0 ? 0 : groupEnd[asked - 1] + 1, room < 0 ? 0 : dispatched[room] + 1);
        if (double.IsNaN(request))
        {
            return false;
        }

        if (wrong == WrongRule.FetchIsFree)
        {
            groupEnd[asked++] = request;
            return true;
        }

        double cycles = 1 + code.BurstCycles(0, 16L * size, false);
        port.Ask(SharedPort.User.Fetch, request, BurstPattern.Single(cycles));
        asked++;
        return true;
    }

    /// <summary>Steps leave the dispatcher one after the other, into queues with room; after the last of them END.</summary>
    private bool Dispatch()
    {
        int before = dispatches;
        for (; dispatches <= works; dispatches++)
        {
            double at = Math.Max(groupEnd[dispatches / shape.FetchInstructions], dispatches == 0 ? 0 : dispatched[dispatches - 1]) + 1;
            if (dispatches < works)
            {
                Work work = few.Works[dispatches];
                int full = work.Place - shape.QueueDepth;
                at = full >= 0 && wrong != WrongRule.EndlessQueues ? Math.Max(at, Start[few.ByUnit[(int)work.Unit][full]] + 1) : at;
                at += shape.DispatchCycles - 1;
            }

            if (double.IsNaN(at))
            {
                break;
            }

            dispatched[dispatches] = at;
        }

        return dispatches > before;
    }

    private bool StartNext(int unit)
    {
        int before = started[unit];
        List<int> own = few.ByUnit[unit];
        for (; started[unit] < own.Count; started[unit]++)
        {
            int place = started[unit];
            int work = own[place];
            double awaited = wrong == WrongRule.NoWaits ? -1 : few.Waits.Latest(work, End);
            double start = Math.Max(dispatched[work] + 1, Math.Max(awaited, place == 0 ? -1 : End[own[place - 1]]) + issue);
            if (double.IsNaN(start))
            {
                break;
            }

            Start[work] = start;
            Cost cost = few.Costs[few.Works[work].Cost];
            if (cost.Port)
            {
                port.Ask(unit == (int)Unit.Store ? SharedPort.User.Store : SharedPort.User.Load, start + 1, cost.Bursts);
            }
            else
            {
                End[work] = start + cost.Cycles;
            }
        }

        return started[unit] > before;
    }
}
