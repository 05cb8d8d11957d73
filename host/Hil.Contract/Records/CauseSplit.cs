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

    private static readonly Unit[] Priority = [Unit.Compute, Unit.Vector, Unit.Load, Unit.Store];

    private readonly List<Piece> pieces = [];
    private readonly double[][] busy;
    private readonly BusySpan[][] byUnit;

    /// <param name="spans">Any order; those of one unit must not overlap.</param>
    /// <param name="end">The end of the run.</param>
    public CauseSplit(IEnumerable<BusySpan> spans, double end)
    {
        byUnit = new BusySpan[Units.Count][];
        busy = new double[Units.Count][];
        ILookup<Unit, BusySpan> lookup = spans.ToLookup(s => s.Unit);
        foreach (Unit unit in Units.Executing)
        {
            BusySpan[] own = [.. lookup[unit].OrderBy(s => s.Begin)];
            byUnit[(int)unit] = own;
            var sums = new double[own.Length + 1];
            for (int i = 0; i < own.Length; i++)
            {
                sums[i + 1] = sums[i] + own[i].End - own[i].Begin;
            }

            busy[(int)unit] = sums;
        }

        Sweep(end);
    }

    private readonly record struct Piece(string Cause, double Begin, double End);

    /// <summary>Cycles of one unit's executions within [from, to).</summary>
    public double Executing(Unit unit, double from, double to) => to <= from ? 0 : Before(unit, to) - Before(unit, from);

    /// <summary>Cycles by cause within [from, to); they add up to its length.</summary>
    /// <param name="portWaitShare">Share of a port unit's executions in this interval that waits for the port, 0 to 1, by unit.</param>
    public Dictionary<string, double> Between(double from, double to, IReadOnlyList<double> portWaitShare)
    {
        ArgumentNullException.ThrowIfNull(portWaitShare);
        var causes = new Dictionary<string, double>();
        for (int i = FirstPieceEndingAfter(from); i < pieces.Count && pieces[i].Begin < to; i++)
        {
            Piece piece = pieces[i];
            double length = Math.Min(piece.End, to) - Math.Max(piece.Begin, from);
            double waits = piece.Cause switch
            {
                Causes.Load => portWaitShare[(int)Unit.Load] * length,
                Causes.Store => portWaitShare[(int)Unit.Store] * length,
                _ => 0,
            };
            AddTo(causes, piece.Cause, length - waits);
            AddTo(causes, Causes.PortWait, waits);
        }

        return causes;
    }

    private static void AddTo(Dictionary<string, double> causes, string name, double cycles)
    {
        if (cycles > 0)
        {
            causes[name] = causes.GetValueOrDefault(name) + cycles;
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
        var gaps = new List<(double Begin, double End, Unit From, Unit To)>();
        double time = 0;
        Unit last = Unit.Control;
        while (true)
        {
            double until = double.PositiveInfinity;
            Unit? running = null;
            Unit starting = Unit.Control;
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
                    running ??= unit;
                    until = Math.Min(until, own[at].End);
                }
                else if (own[at].Begin < until)
                {
                    until = own[at].Begin;
                    starting = unit;
                }
            }

            if (double.IsPositiveInfinity(until))
            {
                break;
            }

            if (running is { } cause)
            {
                pieces.Add(new Piece(Causes.Name(cause), time, until));
                last = LastToEnd(until, cause);
            }
            else if (last == Unit.Control)
            {
                pieces.Add(new Piece(Causes.Fill, time, until));
            }
            else
            {
                gaps.Add((time, until, last, starting));
            }

            time = until;
        }

        if (end > time)
        {
            pieces.Add(new Piece(Causes.Drain, time, end));
        }

        AddGaps(gaps);
        pieces.Sort((a, b) => a.Begin.CompareTo(b.Begin));
    }

    private Unit LastToEnd(double time, Unit otherwise)
    {
        foreach (Unit unit in Priority)
        {
            BusySpan[] own = byUnit[(int)unit];
            (int low, int high) = (0, own.Length);
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = own[middle].End < time ? (middle + 1, high) : (low, middle);
            }

            if (low < own.Length && own[low].End == time)
            {
                return unit;
            }
        }

        return otherwise;
    }

    /// <summary>The shortest gap between two units is what a hand-over takes; what is longer waited for the next instruction.</summary>
    private void AddGaps(List<(double Begin, double End, Unit From, Unit To)> gaps)
    {
        foreach (var pair in gaps.GroupBy(g => (g.From, g.To)))
        {
            double handOver = pair.Count() < EnoughHandOvers ? 1 : pair.Min(g => g.End - g.Begin);
            string token = Causes.Token(pair.Key.From, pair.Key.To);
            foreach ((double begin, double end, _, _) in pair)
            {
                double middle = Math.Max(begin, end - Math.Max(handOver, 1));
                if (middle > begin)
                {
                    pieces.Add(new Piece(Causes.Fetch, begin, middle));
                }

                pieces.Add(new Piece(token, middle, end));
            }
        }
    }
}
