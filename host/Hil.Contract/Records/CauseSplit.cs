using Hil.Contract.Isa;

namespace Hil.Contract.Records;

/// <summary>Execution of one instruction, in the half-open interval of cycles [Begin, End): begin is start + 1, end is retire + 1.</summary>
public readonly record struct BusySpan(Unit Unit, double Begin, double End);

/// <summary>
/// Divides the time of a run among <see cref="Causes"/>, each cycle to exactly one, from the executions of its instructions. The same division
/// serves predicted and emulated timelines, so that their differences by cause add up to the difference of the totals.
/// </summary>
public sealed class CauseSplit
{
    /// <summary>A hand-over seen at least so often in a run is taken to last as long as the shortest of them.</summary>
    private const int EnoughHandOvers = 8;

    /// <summary>A token and an issue are registers, one cycle each; what takes longer than a few of them waited for the dispatcher, however often it is seen.</summary>
    private const double LongestHandOver = 16;

    // Causes by number: a unit that executes has its own, a hand-over one for each pair of units after the others.
    private const int PortWait = 4;
    private const int Fetch = 5;
    private const int Fill = 6;
    private const int Drain = 7;
    private const int FirstToken = 8;
    private const int Numbers = FirstToken + (Units.Count * Units.Count);

    private static readonly Unit[] Priority = [Unit.Compute, Unit.Vector, Unit.Load, Unit.Store];

    /// <summary>The run's pieces of one cause each, in order: where each ends, and so where the next begins; before the first is cycle 0.</summary>
    private readonly List<double> ends;
    private readonly List<byte> causes;

    /// <summary>By cause, how much of a gap at its end is the hand-over; what comes before waited for the next instruction.</summary>
    private readonly double[] handOver;
    private readonly double[][] busy;
    private readonly BusySpan[][] byUnit;

    /// <param name="spans">Any order; those of one unit must not overlap.</param>
    /// <param name="end">The end of the run.</param>
    public CauseSplit(IEnumerable<BusySpan> spans, double end)
    {
        ArgumentNullException.ThrowIfNull(spans);
        BusySpan[] all = [.. spans];
        var counts = new int[Units.Count];
        foreach (BusySpan span in all)
        {
            if (span.Unit != Unit.Control)
            {
                counts[(int)span.Unit]++;
            }
        }

        byUnit = new BusySpan[Units.Count][];
        busy = new double[Units.Count][];
        for (int unit = 0; unit < Units.Count; unit++)
        {
            var own = new BusySpan[counts[unit]];
            int filled = 0;
            foreach (BusySpan span in all)
            {
                if ((int)span.Unit == unit)
                {
                    own[filled++] = span;
                }
            }

            var sums = new double[own.Length + 1];
            SortByBegin(own);
            for (int i = 0; i < own.Length; i++)
            {
                sums[i + 1] = sums[i] + own[i].End - own[i].Begin;
            }

            (byUnit[unit], busy[unit]) = (own, sums);
        }

        ends = new List<double>(2 * all.Length);
        causes = new List<byte>(2 * all.Length);
        Sweep(end);
        handOver = HandOvers();
    }

    /// <summary>Cycles of one unit's executions within [from, to).</summary>
    public double Executing(Unit unit, double from, double to) => to <= from ? 0 : Before(unit, to) - Before(unit, from);

    /// <summary>Cycles by cause within [from, to); they add up to its length.</summary>
    /// <param name="portWaitShare">Share of a port unit's executions in this interval that waits for the port, 0 to 1, by unit.</param>
    public Dictionary<string, double> Between(double from, double to, IReadOnlyList<double> portWaitShare)
    {
        ArgumentNullException.ThrowIfNull(portWaitShare);
        Span<double> cycles = stackalloc double[Numbers];
        for (int i = FirstPieceEndingAfter(from); i < ends.Count && BeginOf(i) < to; i++)
        {
            int cause = causes[i];
            (double begin, double end) = (Math.Max(BeginOf(i), from), Math.Min(ends[i], to));
            double waits = cause switch
            {
                (int)Unit.Load or (int)Unit.Store => portWaitShare[cause] * (end - begin),
                >= FirstToken => Math.Clamp(ends[i] - handOver[cause] - begin, 0, end - begin),
                _ => 0,
            };
            cycles[cause] += end - begin - waits;
            cycles[cause >= FirstToken ? Fetch : PortWait] += waits;
        }

        var byName = new Dictionary<string, double>();
        for (int cause = 0; cause < Numbers; cause++)
        {
            if (cycles[cause] > 0)
            {
                byName[NameOf(cause)] = cycles[cause];
            }
        }

        return byName;
    }

    private double BeginOf(int piece) => piece == 0 ? 0 : ends[piece - 1];

    private static string NameOf(int cause) => cause switch
    {
        < Units.Count => Causes.Name((Unit)cause),
        PortWait => Causes.PortWait,
        Fetch => Causes.Fetch,
        Fill => Causes.Fill,
        Drain => Causes.Drain,
        _ => Causes.Token((Unit)((cause - FirstToken) / Units.Count), (Unit)((cause - FirstToken) % Units.Count)),
    };

    /// <summary>Timelines come in order; only others are sorted.</summary>
    private static void SortByBegin(BusySpan[] spans)
    {
        for (int i = 1; i < spans.Length; i++)
        {
            if (spans[i].Begin < spans[i - 1].Begin)
            {
                Array.Sort(spans, (a, b) => a.Begin.CompareTo(b.Begin));
                return;
            }
        }
    }

    private int FirstPieceEndingAfter(double time)
    {
        int found = ends.BinarySearch(time);
        return found < 0 ? ~found : found + 1;
    }

    private double Before(Unit unit, double time)
    {
        BusySpan[] own = byUnit[(int)unit];
        (int low, int high) = (0, own.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = own[middle].End <= time ? (middle + 1, high) : (low, middle);
        }

        return busy[(int)unit][low] + (low < own.Length ? Math.Max(0, time - own[low].Begin) : 0);
    }

    /// <summary>Walks over all begins and ends; what lies between two of them has one cause.</summary>
    private void Sweep(double end)
    {
        var next = new int[Units.Count];
        double time = 0;
        int last = -1;
        while (true)
        {
            double until = double.PositiveInfinity;
            int running = -1;
            int starting = -1;
            foreach (Unit unit in Priority)
            {
                BusySpan[] own = byUnit[(int)unit];
                ref int at = ref next[(int)unit];
                while (at < own.Length && own[at].End <= time)
                {
                    at++;
                }

                if (at == own.Length)
                {
                    continue;
                }

                if (own[at].Begin <= time)
                {
                    running = running < 0 ? (int)unit : running;
                    until = Math.Min(until, own[at].End);
                }
                else if (own[at].Begin < until)
                {
                    until = own[at].Begin;
                    starting = (int)unit;
                }
            }

            if (double.IsPositiveInfinity(until))
            {
                break;
            }

            Add(running >= 0 ? running : last < 0 ? Fill : FirstToken + (last * Units.Count) + starting, until);
            last = running >= 0 ? LastToEnd(until, next, running) : last;
            time = until;
        }

        if (end > time)
        {
            Add(Drain, end);
        }
    }

    private void Add(int cause, double end)
    {
        causes.Add((byte)cause);
        ends.Add(end);
    }

    /// <summary>The unit whose execution ends at a time, the first by priority.</summary>
    private int LastToEnd(double time, int[] next, int otherwise)
    {
        foreach (Unit unit in Priority)
        {
            BusySpan[] own = byUnit[(int)unit];
            int at = next[(int)unit];
            if (at < own.Length && own[at].End == time)
            {
                return (int)unit;
            }
        }

        return otherwise;
    }

    /// <summary>The shortest gap between two units, if it is short, is what a hand-over takes.</summary>
    private double[] HandOvers()
    {
        var count = new int[Numbers];
        var shortest = new double[Numbers];
        Array.Fill(shortest, double.PositiveInfinity);
        for (int i = 0; i < ends.Count; i++)
        {
            count[causes[i]]++;
            shortest[causes[i]] = Math.Min(shortest[causes[i]], ends[i] - BeginOf(i));
        }

        return [.. count.Select((n, cause) => n < EnoughHandOvers ? 1 : Math.Clamp(shortest[cause], 1, LongestHandOver))];
    }
}
