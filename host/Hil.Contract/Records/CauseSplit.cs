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

    private readonly List<Piece> pieces = [];
    private readonly double[][] busy;
    private readonly BusySpan[][] byUnit;

    /// <param name="spans">Any order; those of one unit must not overlap.</param>
    /// <param name="end">The end of the run.</param>
    public CauseSplit(IEnumerable<BusySpan> spans, double end)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var lists = new List<BusySpan>[Units.Count];
        foreach (Unit unit in Units.Executing)
        {
            lists[(int)unit] = [];
        }

        foreach (BusySpan span in spans.Where(s => s.Unit != Unit.Control))
        {
            lists[(int)span.Unit].Add(span);
        }

        byUnit = new BusySpan[Units.Count][];
        busy = new double[Units.Count][];
        for (int unit = 0; unit < Units.Count; unit++)
        {
            BusySpan[] own = [.. lists[unit]];
            var sums = new double[own.Length + 1];
            SortByBegin(own);
            for (int i = 0; i < own.Length; i++)
            {
                sums[i + 1] = sums[i] + own[i].End - own[i].Begin;
            }

            (byUnit[unit], busy[unit]) = (own, sums);
        }

        Sweep(end);
    }

    private readonly record struct Piece(int Cause, double Begin, double End);

    /// <summary>Cycles of one unit's executions within [from, to).</summary>
    public double Executing(Unit unit, double from, double to) => to <= from ? 0 : Before(unit, to) - Before(unit, from);

    /// <summary>Cycles by cause within [from, to); they add up to its length.</summary>
    /// <param name="portWaitShare">Share of a port unit's executions in this interval that waits for the port, 0 to 1, by unit.</param>
    public Dictionary<string, double> Between(double from, double to, IReadOnlyList<double> portWaitShare)
    {
        ArgumentNullException.ThrowIfNull(portWaitShare);
        Span<double> cycles = stackalloc double[Numbers];
        for (int i = FirstPieceEndingAfter(from); i < pieces.Count && pieces[i].Begin < to; i++)
        {
            Piece piece = pieces[i];
            double length = Math.Min(piece.End, to) - Math.Max(piece.Begin, from);
            double waits = piece.Cause is (int)Unit.Load or (int)Unit.Store ? portWaitShare[piece.Cause] * length : 0;
            cycles[piece.Cause] += length - waits;
            cycles[PortWait] += waits;
        }

        var causes = new Dictionary<string, double>();
        for (int cause = 0; cause < Numbers; cause++)
        {
            if (cycles[cause] > 0)
            {
                causes[NameOf(cause)] = cycles[cause];
            }
        }

        return causes;
    }

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
        (int low, int high) = (0, pieces.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = pieces[middle].End <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
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
        var swept = new List<Piece>(2 * byUnit.Sum(own => own.Length));
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

            swept.Add(new Piece(running >= 0 ? running : last < 0 ? Fill : FirstToken + (last * Units.Count) + starting, time, until));
            last = running >= 0 ? LastToEnd(until, next, running) : last;
            time = until;
        }

        if (end > time)
        {
            swept.Add(new Piece(Drain, time, end));
        }

        DivideGaps(swept);
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

    /// <summary>The shortest gap between two units, if it is short, is what a hand-over takes; what is longer waited for the next instruction.</summary>
    private void DivideGaps(List<Piece> swept)
    {
        var count = new int[Numbers];
        var shortest = new double[Numbers];
        Array.Fill(shortest, double.PositiveInfinity);
        foreach (Piece piece in swept)
        {
            count[piece.Cause]++;
            shortest[piece.Cause] = Math.Min(shortest[piece.Cause], piece.End - piece.Begin);
        }

        pieces.EnsureCapacity(swept.Count + (swept.Count / 4));
        foreach (Piece piece in swept)
        {
            double handOver = count[piece.Cause] < EnoughHandOvers ? 1 : Math.Clamp(shortest[piece.Cause], 1, LongestHandOver);
            if (piece.Cause < FirstToken || piece.End - handOver <= piece.Begin)
            {
                pieces.Add(piece);
                continue;
            }

            pieces.Add(piece with { Cause = Fetch, End = piece.End - handOver });
            pieces.Add(piece with { Begin = piece.End - handOver });
        }
    }
}
