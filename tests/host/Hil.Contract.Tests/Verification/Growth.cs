using System.Diagnostics;

namespace Hil.Contract.Tests.Verification;

/// <summary>How much longer a work takes on a large input than on a small one; the best of three, as other tests share the processor.</summary>
internal static class Growth
{
    public static double Of(Action<int> work, int small, int large)
    {
        work(small);
        return Best(work, large) / Best(work, small);
    }

    private static double Best(Action<int> work, int size) => Enumerable.Range(0, 3).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        work(size);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });
}
