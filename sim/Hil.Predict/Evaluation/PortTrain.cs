namespace Hil.Predict.Evaluation;

/// <summary>
/// The bursts of one port step: one after the other, but that something of higher priority which asks before a burst is granted goes first.
/// </summary>
internal sealed class PortTrain(int work, double cycles, double bursts)
{
    private readonly SortedList<(double Request, int Who), double> others = [];
    private readonly Dictionary<int, double> requests = [];

    public int Work => work;

    /// <summary>The cycle in which it first asks.</summary>
    public double First { get; private set; }

    /// <summary>The last burst's last cycle.</summary>
    public double Last { get; private set; }

    /// <summary>Cycles given to others between its first request and its last burst.</summary>
    public double Delay => Last - First + 1 - cycles;

    public void Place(double first)
    {
        First = first;
        Last = Walk(int.MinValue, out _);
    }

    /// <summary>Lets another one in; true if that changes when this one ends.</summary>
    public bool Insert(int who, double request, double length)
    {
        if (requests.TryGetValue(who, out double before))
        {
            if (before == request && others[(before, who)] == length)
            {
                return false;
            }

            others.Remove((before, who));
        }

        requests[who] = request;
        others[(request, who)] = length;
        double last = Last;
        Last = Walk(int.MinValue, out _);
        return Last != last;
    }

    /// <summary>When another one that asks in cycle <paramref name="request"/> is granted the port, or would be if this train were all there is.</summary>
    public double GrantFor(int who, double request)
    {
        if (request <= First)
        {
            return request;
        }

        bool known = requests.TryGetValue(who, out double before) && before == request;
        if (!known)
        {
            others[(request, who)] = 0;
        }

        Walk(who, out double grant);
        if (!known)
        {
            others.Remove((request, who));
        }

        return grant;
    }

    private double Walk(int asked, out double grant)
    {
        double burst = cycles / bursts;
        double at = First;
        double left = cycles;
        grant = double.NaN;
        foreach (((double request, int who), double length) in others)
        {
            if (request <= at)
            {
                grant = who == asked ? Math.Max(request, request <= First ? request : at) : grant;
                at = Math.Max(at, (request <= First ? request : at) + length);
                continue;
            }

            double passed = Math.Ceiling((request - at) / burst) * burst;
            if (passed >= left - 0.5)
            {
                grant = who == asked ? Math.Max(request, at + left) : grant;
                break;
            }

            (at, left) = (at + passed, left - passed);
            grant = who == asked ? at : grant;
            at += length;
        }

        return at + left - 1;
    }
}
