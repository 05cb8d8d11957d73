using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>
/// Start and end of every evaluated step, as the longest path through what it waits for: the step before it in its unit, the steps it is serial
/// to, its dispatch, its fetch. Steps are taken in program order. Only the port has to look back: a fetch or a store that asks
/// while an earlier load is under way goes first at the next burst, so that load, and what follows from it, is taken again.
/// </summary>
internal sealed class Timeline
{
    private const int FetchKey = 1;

    private readonly FewIterations few;
    private readonly Machine machine;
    private readonly MemoryRegion code;
    private readonly WrongRule wrong;
    private readonly double tail;
    private readonly int fetch;
    private readonly int issue;
    private readonly double[] dispatched;
    private readonly double[] groupEnd;
    private readonly int[] placeInUnit;
    private readonly PortTrain?[] trains;
    private readonly List<int>[] portWorks = [[], []];
    private readonly int count;

    public Timeline(FewIterations few, Machine machine, MemoryRegion code, StepCost cost, WrongRule wrong)
    {
        (this.few, this.machine, this.code, this.wrong) = (few, machine, code, wrong);
        tail = cost.PortTail;
        fetch = machine.Issue.FetchInstructions;
        issue = wrong == WrongRule.NoIssueCycle ? 0 : 1;
        int works = few.Works.Count;
        count = works + 1;
        (Start, End, dispatched) = (new double[works], new double[works], new double[works + 1]);
        (placeInUnit, trains) = (new int[works], new PortTrain?[works]);
        groupEnd = new double[(count + fetch - 1) / fetch];
        for (int unit = 0; unit < Units.Count; unit++)
        {
            for (int place = 0; place < few.ByUnit[unit].Count; place++)
            {
                int work = few.ByUnit[unit][place];
                placeInUnit[work] = place;
                if (few.Works[work].Port)
                {
                    portWorks[unit == (int)Unit.Store ? 1 : 0].Add(work);
                }
            }
        }

        Evaluate();
    }

    /// <summary>The cycle in which a step starts.</summary>
    public double[] Start { get; }

    /// <summary>The cycle in which it retires.</summary>
    public double[] End { get; }

    /// <summary>The cycle that finds the segment done.</summary>
    public double Done { get; private set; }

    /// <summary>Cycles that a port step waited for the port.</summary>
    public double PortWait(int work) => trains[work]?.Delay ?? 0;

    private void Evaluate()
    {
        // Each fetch group can send an evaluation back a bounded number of times; the limit only guards against a tie that flips for ever.
        long patience = 64L * (count + 16);
        int at = 0;
        while (at < few.Works.Count && patience-- > 0)
        {
            int back = Take(at);
            at = back >= 0 ? back : at + 1;
        }

        while (patience-- > 0)
        {
            int back = Dispatch(few.Works.Count);
            if (back < 0)
            {
                break;
            }

            for (at = back; at < few.Works.Count && patience-- > 0;)
            {
                back = Take(at);
                at = back >= 0 ? back : at + 1;
            }
        }

        Done = dispatched[few.Works.Count];
        foreach (double end in End)
        {
            Done = Math.Max(Done, end + 1);
        }
    }

    /// <summary>Times of one step; the index of an earlier one that has to be taken again, or -1.</summary>
    private int Take(int index)
    {
        int back = Dispatch(index);
        if (back >= 0)
        {
            return back;
        }

        Work work = few.Works[index];
        List<int> own = few.ByUnit[(int)work.Unit];
        int place = placeInUnit[index];
        double start = dispatched[index] + 1;
        if (place > 0)
        {
            start = Math.Max(start, End[own[place - 1]] + issue);
        }

        start = Math.Max(start, Awaited(work, index) + issue);
        Start[index] = start;
        if (!work.Port)
        {
            End[index] = start + work.Cycles;
            return -1;
        }

        return TakePort(index, work, start + 1);
    }

    private int TakePort(int index, Work work, double first)
    {
        PortTrain train = trains[index] ??= new PortTrain(index, work.Bursts);
        int back = -1;
        if (work.Unit == Unit.Store)
        {
            (first, back) = AskPort(~index, first, work.Cycles + train.Delay, portWorks[0], index);
        }
        else
        {
            for (int i = portWorks[1].Count - 1; i >= 0; i--)
            {
                int store = portWorks[1][i];
                if (store < index && trains[store] is { } other && other.Last >= first)
                {
                    train.Insert(~store, other.First, other.Last - other.First + 1);
                }
            }
        }

        train.Place(first);
        End[index] = train.Last + tail;
        return back;
    }

    private double Awaited(Work work, int index)
    {
        if (wrong == WrongRule.NoWaits)
        {
            return -1;
        }

        StagePlan plan = few.Stages[work.Stage];
        Stage stage = plan.Stage;
        double latest = -1;
        foreach (SerialPair pair in stage.Serial)
        {
            if (pair.Later == work.StepIndex && work.Iteration >= pair.Distance)
            {
                latest = Math.Max(latest, End[index - work.StepIndex + pair.Earlier - (pair.Distance * stage.Steps.Count)]);
            }
        }

        foreach (EntryWait wait in stage.Entry)
        {
            if (wait.Later == work.StepIndex && wait.Iteration == work.Iteration)
            {
                int earlier = AtOrBefore(wait.Earlier, plan.UnitCounts[(int)wait.Earlier] - 1 - wait.Back);
                latest = earlier >= 0 ? Math.Max(latest, End[earlier]) : latest;
            }
        }

        return latest;
    }

    /// <summary>The last evaluated step of a unit that is, in the whole program, no later than the one with this ordinal.</summary>
    private int AtOrBefore(Unit unit, long ordinal)
    {
        List<int> own = few.ByUnit[(int)unit];
        (int low, int high) = (0, own.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = few.Works[own[middle]].Ordinal <= ordinal ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? -1 : own[low - 1];
    }

    /// <summary>When a step (or END) leaves the dispatcher.</summary>
    private int Dispatch(int index)
    {
        int group = index / fetch;
        if (index % fetch == 0)
        {
            int back = Fetch(group);
            if (back >= 0)
            {
                return back;
            }
        }

        double at = groupEnd[group] + 1;
        if (index > 0)
        {
            at = Math.Max(at, dispatched[index - 1] + 1);
        }

        if (index == few.Works.Count)
        {
            dispatched[index] = at;
            return -1;
        }

        Work work = few.Works[index];
        int full = placeInUnit[index] - machine.Issue.QueueDepth;
        if (full >= 0 && wrong != WrongRule.EndlessQueues)
        {
            at = Math.Max(at, Start[few.ByUnit[(int)work.Unit][full]] + 1);
        }

        dispatched[index] = at + machine.Issue.DispatchCycles - 1;
        return -1;
    }

    /// <summary>When a group of instructions is there: asked for as soon as the buffer has room for it.</summary>
    private int Fetch(int group)
    {
        int first = group * fetch;
        int size = Math.Min(fetch, count - first);
        double asked = group == 0 ? 0 : groupEnd[group - 1] + 1;
        int room = first + size - (2 * fetch) - 1;
        if (room >= 0)
        {
            asked = Math.Max(asked, dispatched[room] + 1);
        }

        double cycles = wrong == WrongRule.FetchIsFree ? 1 : 1 + code.BurstCycles(0, 16L * size, false);
        (double grant, int back) = AskPort(FetchKey + group, asked + 1, cycles, null, first);
        groupEnd[group] = grant + cycles - 1;
        return back;
    }

    /// <summary>Grants the port to one of higher priority than the trains it meets, in time order; says which earlier step changes by that.</summary>
    private (double Grant, int Back) AskPort(int who, double request, double length, List<int>? only, int before)
    {
        double grant = request;
        int back = -1;
        bool amongStores = false;
        foreach (PortTrain train in TrainsAround(request, only, before))
        {
            // A load lets a store through as a whole, with the fetches that came between its bursts.
            bool load = few.Works[train.Work].Unit == Unit.Load;
            if (load && amongStores)
            {
                continue;
            }

            amongStores |= !load && train.First < grant && grant <= train.Last;
            if (train.Last < grant)
            {
                continue;
            }

            if (train.First >= grant + length)
            {
                continue;
            }

            double granted = Math.Max(grant, train.GrantFor(who, grant));
            if (granted > train.Last && train.First < grant)
            {
                grant = granted;
                continue;
            }

            if (wrong != WrongRule.FetchIsFree && train.Insert(who, grant, length))
            {
                back = back < 0 ? train.Work : Math.Min(back, train.Work);
            }

            grant = granted;
        }

        return (grant, back);
    }

    private List<PortTrain> TrainsAround(double request, List<int>? only, int before)
    {
        var found = new List<PortTrain>();
        foreach (List<int> works in only is null ? portWorks : [only])
        {
            int i = works.BinarySearch(before);
            for (i = (i < 0 ? ~i : i) - 1; i >= 0 && trains[works[i]]!.Last >= request; i--)
            {
                found.Add(trains[works[i]]!);
            }
        }

        found.Sort((a, b) => (few.Works[b.Work].Unit, a.First).CompareTo((few.Works[a.Work].Unit, b.First)));
        return found;
    }
}
