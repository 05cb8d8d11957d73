namespace Hil.Benchmarks;

/// <summary>
/// Times of short work on one thread: the best of several rounds, after a warm-up that lets the compiler finish. It is the
/// processor's time that counts, not the clock's, so that what else runs on the computer disturbs little.
/// </summary>
internal static class Stopwatches
{
    private const int Rounds = 7;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    /// <summary>Seconds of one call.</summary>
    public static double Best(Action work)
    {
        TimeSpan started = Used();
        do work();
        while (Used() - started < WarmUp);
        double best = double.MaxValue;
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
            best = Math.Min(best, elapsed.TotalSeconds / calls);
        }

        return best;
    }

    private static TimeSpan Used() => Environment.CpuUsage.TotalTime;
}
