using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>
/// The bursts of one port step: one after the other, but that something of higher priority which asks before a burst is granted goes first.
/// </summary>
internal sealed class PortTrain(int work, BurstPattern bursts)
{
    /// <summary>Means are fractional; times closer than this are the same.</summary>
    private const double Fuzz = 1e-3;

    private readonly SortedList<(double Request, int Who), double> others = [];
    private readonly Dictionary<int, double> requests = [];

    public int Work => work;

    /// <summary>The cycle in which it first asks.</summary>
    public double First { get; private set; }

    /// <summary>The last burst's last cycle.</summary>
    public double Last { get; private set; }

    /// <summary>Cycles given to others between its first request and its last burst.</summary>
    public double Delay => Last - First + 1 - bursts.All;

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
            if (Math.Abs(before - request) < Fuzz && Math.Abs(others[(before, who)] - length) < Fuzz)
            {
                return false;
            }

            others.Remove((before, who));
        }

        requests[who] = request;
        others[(request, who)] = length;
        double last = Last;
        Last = Walk(int.MinValue, out _);
        return Math.Abs(Last - last) > Fuzz;
    }

    /// <summary>When another one that asks in cycle <paramref name="request"/> is granted the port, or would be if this train were all there is.</summary>
    public double GrantFor(int who, double request)
    {
        if (request <= First)
        {
            return request;
        }

        // It asks as if it were not there yet: an earlier answer may have been for another time.
        bool known = requests.TryGetValue(who, out double before);
        double length = known ? others[(before, who)] : 0;
        if (known)
        {
            others.Remove((before, who));
        }

        others[(request, who)] = 0;
        double end = Walk(who, out double grant) + 1;
        others.Remove((request, who));
        if (known)
        {
            others[(before, who)] = length;
        }

        // One that asks after the last burst is not met on the way.
        return double.IsNaN(grant) ? Math.Max(request, end) : grant;
    }

    private double Walk(int asked, out double grant)
    {
        double at = First;
        double done = 0;
        grant = double.NaN;
        foreach (((double request, int who), double length) in others)
        {
            if (request > at)
            {
                double end = bursts.EndFrom(done + request - at);
                if (end >= bursts.All - 0.5)
                {
                    grant = who == asked ? Math.Max(request, at + bursts.All - done) : grant;
                    break;
                }

                (at, done) = (at + end - done, end);
            }

            double granted = request <= First ? request : at;
            grant = who == asked ? granted : grant;
            at = Math.Max(at, granted + length);
        }

        return at + bursts.All - done - 1;
    }
}
