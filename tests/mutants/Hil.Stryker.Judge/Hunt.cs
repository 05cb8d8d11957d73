using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Hil.Stryker.Judge;

/// <summary>Runs the tests one after the other until one fails, or takes far more processor time than it did without a fault.</summary>
internal sealed class Hunt(IReadOnlyList<Step> steps)
{
    private readonly int[] _order = [.. Enumerable.Range(0, steps.Count)];

    /// <summary>Times the processor time without a fault, and some for the machine's noise.</summary>
    private const double Patience = 10;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(4);

    /// <summary>Where nothing is known of a test yet.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>Processor time does not pass where threads wait for each other.</summary>
    private static readonly TimeSpan Asleep = TimeSpan.FromMinutes(5);

    /// <summary>A test that takes longer is not asked what it runs through, for that is most; and noting must not take much longer than the test.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Noting = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan[] _taken = new TimeSpan[steps.Count];
    private readonly IReadOnlySet<int>?[] _reached = new IReadOnlySet<int>?[steps.Count];
    private bool _known;
    private Thread? _running;
    private int _last;
    private Exception? _failure;

    /// <summary>Runs the tests without a fault, for the processor time that each takes (from now on the quickest is the first) and for the faults whose places it runs through.</summary>
    /// <returns>The first that fails; null if none does.</returns>
    public string? Learn(Faults faults)
    {
        if (FirstWrong(null, out _) is { } wrong) return $"{wrong}: {_failure}";
        Sort();
        for (int n = 0; n < steps.Count; n++) Console.WriteLine($"{_taken[n].TotalSeconds:F2} s: {steps[n].Name}");
        for (int n = 0; n < steps.Count; n++)
        {
            if (_taken[n] > Short) continue;
            Exception? failure = null;
            int step = n;
            _reached[n] = faults.ReachedBy(() => failure = Failure(steps[step]), Noting);
            if (failure is not null) return $"{steps[n].Name}: {failure}";
        }

        return null;
    }

    /// <summary>Writes what was learned, a line a test: name, processor time in ticks, and the faults whose places it runs through, or "?" where that is not known.</summary>
    public void Save(string path) => File.WriteAllLines(path, steps.Select((s, n) => $"{s.Name}\t{_taken[n].Ticks}\t{(_reached[n] is { } faults ? string.Join(' ', faults) : "?")}"));

    /// <summary>Takes what a process before this one learned of the same tests and the same assembly: one that a fault ended is not to cost all that again.</summary>
    /// <returns>False where nothing is written, or of other tests.</returns>
    public bool Load(string path)
    {
        string[][] lines = File.Exists(path) ? [.. File.ReadLines(path).Select(l => l.Split('\t'))] : [];
        if (!lines.Select(l => l[0]).SequenceEqual(steps.Select(s => s.Name))) return false;
        for (int n = 0; n < lines.Length; n++)
        {
            _taken[n] = TimeSpan.FromTicks(long.Parse(lines[n][1], CultureInfo.InvariantCulture));
            _reached[n] = lines[n][2] == "?" ? null : lines[n][2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => int.Parse(f, CultureInfo.InvariantCulture)).ToHashSet();
        }

        Sort();
        return true;
    }

    private void Sort()
    {
        _known = true;
        Array.Sort(_order, (one, other) => _taken[one].CompareTo(_taken[other]));
    }

    /// <summary>The first test that fails, of those that run through the fault's place; null if none does.</summary>
    /// <param name="fault">The fault that is planted; null: every test runs.</param>
    /// <param name="ended">False where it had not ended when its time was over.</param>
    public string? FirstWrong(int? fault, out bool ended)
    {
        ended = true;
        foreach (int n in _order)
        {
            if (fault is { } number && _reached[n]?.Contains(number) == false) continue;
            Exception? failure = null;
            int step = _last = n;
            TimeSpan start = Now();
            TimeSpan limit = _known ? (_taken[n] * Patience) + Least : Most;
            _running = new Thread(() => failure = Failure(steps[step])) { IsBackground = true };
            _running.Start();
            ended = Ends(start + limit);
            if (!ended) return $"does not end: {steps[n].Name}";
            _failure = failure;
            if (failure is not null) return steps[n].Name;
            if (!_known) _taken[n] = Now() - start;
        }

        return null;
    }

    /// <summary>Whether the last test ends now that its fault is no longer active, and passes: the fault has left nothing behind in the process.</summary>
    public bool PassesNow() => (_running is null || _running.Join(LastBreath)) && Failure(steps[_last]) is null;

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
