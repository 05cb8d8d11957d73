using System.Diagnostics;
using System.Reflection;

namespace Hil.Stryker.Judge;

/// <summary>Runs the tests one after the other until one fails, or takes far more processor time than it did without a fault.</summary>
internal sealed class Hunt(IReadOnlyList<Step> steps)
{
    /// <summary>Times the processor time without a fault, and some for the machine's noise.</summary>
    private const double Patience = 10;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(4);

    /// <summary>Where nothing is known of a test yet.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>Processor time does not pass where threads wait for each other.</summary>
    private static readonly TimeSpan Asleep = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan[] _taken = new TimeSpan[steps.Count];
    private bool _known;
    private Thread? _running;

    /// <summary>From now on the last run's processor times are what a test takes.</summary>
    public void TakeForGranted() => _known = true;

    /// <summary>The first test that fails; null if none does.</summary>
    /// <param name="ended">False where it had not ended when its time was over.</param>
    public string? FirstWrong(out bool ended)
    {
        ended = true;
        for (int n = 0; n < steps.Count; n++)
        {
            Exception? failure = null;
            int step = n;
            TimeSpan start = Now();
            TimeSpan limit = _known ? (_taken[n] * Patience) + Least : Most;
            _running = new Thread(() => failure = Failure(steps[step])) { IsBackground = true };
            _running.Start();
            ended = Ends(start + limit);
            if (!ended) return $"does not end: {steps[n].Name}";
            if (failure is not null) return steps[n].Name;
            if (!_known) _taken[n] = Now() - start;
        }

        return null;
    }

    /// <summary>Whether the last test ends now that its fault is no longer active.</summary>
    public bool EndsNow() => _running is null || _running.Join(LastBreath);

    private bool Ends(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!_running!.Join(Glance))
        {
            if (Now() > limit || clock.Elapsed > Asleep) return false;
        }

        return true;
    }

    private static Exception? Failure(Step step)
    {
        try
        {
            step.Run();
            return null;
        }
#pragma warning disable CA1031 // Whatever a test throws is a failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e is TargetInvocationException ? e.InnerException : e;
        }
    }

    private static TimeSpan Now()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
