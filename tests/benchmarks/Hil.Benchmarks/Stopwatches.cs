namespace Hil.Benchmarks;

/// <summary>
/// Times of short work on one thread: the median of several rounds, after a warm-up that lets the compiler finish. It is the
/// processor's time that counts, not the clock's, so that what else runs on the computer disturbs little.
/// </summary>
internal static class Stopwatches
{
    private const int Rounds = 7;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>A method is compiled anew, with what it was seen to do, after thirty calls and a while: before that it is several times slower.</summary>
    private const int WarmUpCalls = 60;
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(3);

    /// <summary>Seconds of one call.</summary>
    public static double Median(Action work)
    {
        TimeSpan started = Used();
        int warm = 0;
        do
        {
            work();
            warm++;
        }
        while (Used() - started < WarmUp || (warm < WarmUpCalls && Used() - started < LongestWarmUp));
        var rounds = new double[Rounds];
        for (int n = 0; n < Rounds; n++)
        {
            int calls = 0;
            started = Used();
            TimeSpan elapsed;
            do
            {
                work();
                calls++;
                elapsed = Used() - started;
            }
            while (elapsed < Round);
            rounds[n] = elapsed.TotalSeconds / calls;
        }

        Array.Sort(rounds);
        return rounds[Rounds / 2];
    }

    private static TimeSpan Used() => Environment.CpuUsage.TotalTime;
}
