using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>
/// The port's bursts in the order of their grants: of those that ask, the one that can be served first, and of two at once fetch before store
/// before load. Where bursts of one step follow one another and nobody of higher priority asks, they are one addition.
/// </summary>
internal sealed class SharedPort(WrongRule wrong)
{
    /// <summary>Means make times fractional; closer than this they are the same.</summary>
    private const double Same = 1e-6;

    private const int Kinds = 3;
    private readonly double[] request = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
    private readonly double[] first = new double[Kinds];
    private readonly double[] done = new double[Kinds];
    private readonly BurstPattern[] bursts = new BurstPattern[Kinds];
    private double free;

    /// <summary>Who asks, by priority.</summary>
    public enum User
    {
        Fetch,
        Store,
        Load,
    }

    public void Ask(User user, double cycle, BurstPattern pattern)
    {
        int u = (int)user;
        (request[u], first[u], done[u], bursts[u]) = (cycle, cycle, 0, pattern);
    }

    /// <summary>
    /// Serves the one whose turn is next, until it is through or another one goes first. Everything that does not depend on what is served now must
    /// have asked.
    /// </summary>
    /// <returns>Who is through, the last cycle of its last burst and the cycles it waited; null if somebody else goes first, or nobody asks.</returns>
    public (User User, double Last, double Waited)? Serve(out bool idle)
    {
        int next = 0;
        for (int u = 1; u < Kinds; u++)
        {
            next = Grant(u) < Grant(next) - Same ? u : next;
        }

        double at = Grant(next);
        idle = double.IsPositiveInfinity(at);
        if (idle)
        {
            return null;
        }

        double before = double.PositiveInfinity;
        for (int u = 0; u < next && wrong != WrongRule.NoBurstBetween; u++)
        {
            before = Math.Min(before, request[u]);
        }

        BurstPattern own = bursts[next];
        double reached = double.IsPositiveInfinity(before) ? own.All : own.EndFrom(done[next] + before - at);
        free = at + reached - done[next];
        if (reached < own.All - Same)
        {
            (done[next], request[next]) = (reached, free);
            return null;
        }

        request[next] = double.PositiveInfinity;
        return ((User)next, free - 1, free - first[next] - own.All);
    }

    private double Grant(int user) => Math.Max(request[user], free);
}
