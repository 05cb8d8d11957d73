using System.Runtime.InteropServices;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>One step of one evaluated iteration.</summary>
/// <param name="Place">How many evaluated steps of its unit come before it.</param>
/// <param name="Cost">Index in <see cref="FewIterations.Costs"/>.</param>
internal readonly record struct Work(int Stage, int Iteration, Unit Unit, int Place, int Cost);

/// <summary>One stage, and which of its iterations are evaluated: all, or a first few and a last few around one period.</summary>
/// <param name="First">Index of its first evaluated step.</param>
/// <param name="Evaluated">Iterations evaluated.</param>
/// <param name="PeriodFirst">First evaluated iteration of the steady period.</param>
/// <param name="PeriodLength">Iterations of the steady period; 0 where all are evaluated.</param>
/// <param name="FirstCost">Index of the cost of the first step in the mean iteration; those of the others follow.</param>
internal sealed record StagePlan(Stage Stage, int Layer, int First, int Evaluated, int PeriodFirst, int PeriodLength, int FirstCost)
{
    /// <summary>How often the period repeats beyond the evaluated iterations.</summary>
    public double Repeats { get; init; } = PeriodLength == 0 ? 0 : (double)(Stage.Count - Evaluated) / PeriodLength;
}

/// <summary>
/// The program with the middle of its long loops left out: evaluating it takes a time that does not depend on how often loops run.
/// What is left out is a multiple of a fetch group, so that the instructions that remain are fetched in the same groups.
/// </summary>
internal sealed class FewIterations
{
    /// <summary>Iterations before and after the steady period, beside those that fetch and queues look ahead over.</summary>
    private const int Margin = 8;

    /// <summary>A period is measured over at least so many iterations.</summary>
    private const int ShortestPeriod = 8;

    /// <summary>Room is made beforehand for at most so many evaluated steps.</summary>
    private const double ExpectedAtMost = 1 << 16;

    private readonly StepCost cost;
    private readonly IssueShape issue;
    private readonly bool byMean;
    private readonly List<Work> works = [];
    private readonly List<StagePlan> stages = [];
    private readonly List<Cost> costs = [];

    /// <summary>For each unit how many steps of the whole program come before each of its evaluated ones.</summary>
    private readonly List<long>[] ordinals = [[], [], [], []];
    private readonly long[] seen = new long[Units.Count];

    public FewIterations(IReadOnlyList<LoopNest> nests, StepCost cost, IssueShape issue, WrongRule wrong)
    {
        (this.cost, this.issue, byMean) = (cost, issue, wrong == WrongRule.UnevenLoopsByTheirMean);
        works.Capacity = (int)Math.Min(ExpectedAtMost, nests.Sum(n => n.Stages.Sum(s => s.Steps.Count * (double)Math.Min(s.Count, Stage.MostListed))));
        foreach (LoopNest nest in nests)
        {
            foreach (Stage stage in nest.Stages)
            {
                AddStage(nest.Layer, stage);
            }
        }
    }

    public ReadOnlySpan<Work> Works => CollectionsMarshal.AsSpan(works);

    public IReadOnlyList<StagePlan> Stages => stages;

    public ReadOnlySpan<Cost> Costs => CollectionsMarshal.AsSpan(costs);

    /// <summary>For each unit the indices of its evaluated steps.</summary>
    public List<int>[] ByUnit { get; } = [[], [], [], []];

    /// <summary>For each evaluated step the earlier ones of other units whose end it waits for.</summary>
    public Waits Waits { get; } = new();

    private void AddStage(int layer, Stage stage)
    {
        int steps = stage.Steps.Count;
        if (steps == 0 || stage.Count == 0)
        {
            return;
        }

        int group = issue.FetchInstructions / (int)Gcd(issue.FetchInstructions, steps);
        bool uneven = !byMean && stage.Steps.Any(s => s.Sizes.Count > 0);

        // The fetch buffer and the queues hold what was asked for before; the program may end with this loop, and with it the fetches.
        int ahead = Margin + (((3 * issue.FetchInstructions) + (Units.Count * issue.QueueDepth) + steps - 1) / steps);
        ahead = uneven ? Math.Max(ahead, Stage.ListedAtEnds) : ahead;
        int shortest = uneven ? Math.Max(group, Stage.ListedBetween / group * group) : ShortestPeriod;
        int period = group * ((shortest + group - 1) / group);

        // Units work ahead into what follows the period; of an uneven loop that has to be its own beginning.
        int again = uneven ? ahead : 0;
        int least = ahead + period + again + ahead;
        bool all = stage.Count <= least + group;
        int evaluated = all ? (int)stage.Count : least + (int)((stage.Count - least) % group);

        var plan = new StagePlan(
            stage, layer, works.Count, evaluated, all ? 0 : evaluated - least + ahead, all ? 0 : period, costs.Count);
        costs.AddRange(stage.Steps.Select(cost.Of));
        stages.Add(plan);
        var entry = new int[stage.Entry.Count];
        for (int i = 0; i < entry.Length; i++)
        {
            EntryWait wait = stage.Entry[i];
            entry[i] = AtOrBefore(wait.Earlier, seen[(int)wait.Earlier] - 1 - wait.Back);
        }

        AddIterations(plan, ahead);
        AddWaits(plan, entry);
        if (uneven && !all)
        {
            stages[^1] = plan with { Repeats = RepeatsByWork(plan) };
        }
    }

    private void AddIterations(StagePlan plan, int ahead)
    {
        Stage stage = plan.Stage;
        Unit[] units = [.. stage.Steps.Select(s => StepCost.UnitOf(s.Kind))];
        for (int iteration = 0; iteration < plan.Evaluated; iteration++)
        {
            if (plan.PeriodLength > 0 && iteration == plan.Evaluated - ahead)
            {
                foreach (Unit unit in units)
                {
                    seen[(int)unit] += stage.Count - plan.Evaluated;
                }
            }

            for (int index = 0; index < units.Length; index++)
            {
                (Unit unit, Step step) = (units[index], stage.Steps[index]);
                int own = plan.FirstCost + index;
                if (step.Sizes.Count > 0 && !byMean)
                {
                    own = costs.Count;
                    costs.Add(cost.Of(step, step.Sizes[Listed(iteration, plan, step.Sizes.Count)]));
                }

                List<int> before = ByUnit[(int)unit];
                ordinals[(int)unit].Add(seen[(int)unit]++);
                works.Add(new Work(stages.Count - 1, iteration, unit, before.Count, own));
                before.Add(works.Count - 1);
            }
        }
    }

    /// <summary>Which of the listed sizes an evaluated iteration has; those between the ends stand for all between them, again and again.</summary>
    private static int Listed(int iteration, StagePlan plan, int listed)
    {
        if (plan.Evaluated <= listed || iteration < Stage.ListedAtEnds)
        {
            return Math.Min(iteration, listed - 1);
        }

        int between = listed - (2 * Stage.ListedAtEnds);
        between = plan.PeriodLength > 0 ? Math.Min(between, plan.PeriodLength) : between;
        int left = plan.Evaluated - iteration;
        return left <= Stage.ListedAtEnds ? listed - left : Stage.ListedAtEnds + ((iteration - Stage.ListedAtEnds) % between);
    }

    /// <summary>How often the period of an uneven loop makes up for the work that is left out, of the unit that has most of it.</summary>
    private double RepeatsByWork(StagePlan plan)
    {
        var leftOut = new double[Units.Count];
        var period = new double[Units.Count];
        for (int index = 0; index < plan.Stage.Steps.Count; index++)
        {
            leftOut[(int)StepCost.UnitOf(plan.Stage.Steps[index].Kind)] += plan.Stage.Count * costs[plan.FirstCost + index].Cycles;
        }

        for (int i = plan.First; i < works.Count; i++)
        {
            Work work = works[i];
            double cycles = costs[work.Cost].Cycles;
            leftOut[(int)work.Unit] -= cycles;
            bool inPeriod = work.Iteration >= plan.PeriodFirst && work.Iteration < plan.PeriodFirst + plan.PeriodLength;
            period[(int)work.Unit] += inPeriod ? cycles : 0;
        }

        int most = Array.IndexOf(leftOut, leftOut.Max());
        return period[most] > 0 ? Math.Max(0, leftOut[most] / period[most]) : plan.Repeats;
    }

    private void AddWaits(StagePlan plan, int[] entry)
    {
        int steps = plan.Stage.Steps.Count;
        Waits.Grow(works.Count);
        foreach (SerialPair pair in plan.Stage.Serial)
        {
            for (int iteration = pair.Distance; iteration < plan.Evaluated; iteration++)
            {
                int later = plan.First + (iteration * steps) + pair.Later;
                Waits.Add(later, later - pair.Later + pair.Earlier - (pair.Distance * steps));
            }
        }

        for (int i = 0; i < entry.Length; i++)
        {
            EntryWait wait = plan.Stage.Entry[i];
            if (entry[i] >= 0 && wait.Iteration < plan.Evaluated)
            {
                Waits.Add(plan.First + (wait.Iteration * steps) + wait.Later, entry[i]);
            }
        }
    }

    /// <summary>The last evaluated step of a unit that is, in the whole program, no later than the one with this ordinal; -1 if there is none.</summary>
    private int AtOrBefore(Unit unit, long ordinal)
    {
        int found = ordinals[(int)unit].BinarySearch(ordinal);
        found = found < 0 ? ~found - 1 : found;
        return found < 0 ? -1 : ByUnit[(int)unit][found];
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
