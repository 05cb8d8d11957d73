using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>One step of one evaluated iteration.</summary>
/// <param name="Ordinal">How many steps of this unit come before it in the whole program.</param>
/// <param name="Cycles">Duration; of port steps the cycles on the port.</param>
internal readonly record struct Work(int Stage, int Iteration, int StepIndex, Unit Unit, long Ordinal, bool Port, double Cycles, BurstPattern Bursts);

/// <summary>One stage, and which of its iterations are evaluated: all, or a first few and a last few around one period.</summary>
/// <param name="First">Index of its first evaluated step.</param>
/// <param name="Evaluated">Iterations evaluated.</param>
/// <param name="PeriodFirst">First evaluated iteration of the steady period.</param>
/// <param name="PeriodLength">Iterations of the steady period; 0 where all are evaluated.</param>
internal sealed record StagePlan(
    Stage Stage, int Layer, int First, int Evaluated, int PeriodFirst, int PeriodLength, IReadOnlyList<double> Cycles, IReadOnlyList<long> UnitCounts)
{
    /// <summary>How often the period repeats beyond the evaluated iterations.</summary>
    public double Repeats => PeriodLength == 0 ? 0 : (double)(Stage.Count - Evaluated) / PeriodLength;
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

    public FewIterations(IReadOnlyList<LoopNest> nests, StepCost cost, IssueShape issue)
    {
        var ordinals = new long[Units.Count];
        foreach (LoopNest nest in nests)
        {
            foreach (Stage stage in nest.Stages)
            {
                AddStage(nest.Layer, stage, cost, issue, ordinals);
            }
        }
    }

    public List<Work> Works { get; } = [];

    public List<StagePlan> Stages { get; } = [];

    /// <summary>For each unit the indices of its evaluated steps.</summary>
    public List<int>[] ByUnit { get; } = [[], [], [], []];

    /// <summary>Steps of the whole program.</summary>
    public long TotalSteps { get; private set; }

    private void AddStage(int layer, Stage stage, StepCost cost, IssueShape issue, long[] ordinals)
    {
        int steps = stage.Steps.Count;
        int group = issue.FetchInstructions / (int)Gcd(issue.FetchInstructions, steps);
        int period = group * ((ShortestPeriod + group - 1) / group);

        // The fetch buffer and the queues hold what was asked for before; the program may end with this loop, and with it the fetches.
        int ahead = Margin + (((3 * issue.FetchInstructions) + (Units.Count * issue.QueueDepth) + steps - 1) / steps);
        int least = ahead + period + ahead;
        int evaluated = stage.Count <= least + group ? (int)stage.Count : least + (int)((stage.Count - least) % group);
        bool all = evaluated == stage.Count;

        double[] cycles = [.. stage.Steps.Select(s => StepCost.UsesPort(s.Kind) ? cost.PortCycles(s) : cost.FixedCycles(s))];
        BurstPattern[] patterns = [.. stage.Steps.Select(s => StepCost.UsesPort(s.Kind) ? cost.Pattern(s) : default)];
        var counts = new long[Units.Count];
        foreach (Step step in stage.Steps)
        {
            counts[(int)StepCost.UnitOf(step.Kind)]++;
        }

        Stages.Add(new StagePlan(
            stage, layer, Works.Count, evaluated, all ? 0 : evaluated - ahead - period, all ? 0 : period, cycles, [.. ordinals]));
        for (int iteration = 0; iteration < evaluated; iteration++)
        {
            if (!all && iteration == evaluated - ahead)
            {
                for (int unit = 0; unit < Units.Count; unit++)
                {
                    ordinals[unit] += counts[unit] * (stage.Count - evaluated);
                }
            }

            for (int index = 0; index < steps; index++)
            {
                Step step = stage.Steps[index];
                Unit unit = StepCost.UnitOf(step.Kind);
                ByUnit[(int)unit].Add(Works.Count);
                Works.Add(new Work(
                    Stages.Count - 1, iteration, index, unit, ordinals[(int)unit]++, StepCost.UsesPort(step.Kind), cycles[index],
                    patterns[index]));
            }
        }

        TotalSteps += stage.Count * steps;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
