using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Predict.Costs;

namespace Hil.Predict.Evaluation;

/// <summary>
/// Layers from a timeline: their evaluated part lies between the ends of consecutive layers (docs/timing.md section 9), and each loop's steady
/// period counts as often as it was left out.
/// </summary>
internal sealed class LayerSums(
    FewIterations few, Timeline timeline, IReadOnlyList<ProgramLayer> programLayers, EnergyCost energy, double tail,
    WrongRule wrong)
{
    private readonly CauseSplit split = new(Spans(few, timeline), timeline.Done + 1);

    private readonly ILookup<int, StagePlan> stagesOf = few.Stages.ToLookup(s => s.Layer);

    private readonly double[] waitShares = WaitShares(few, timeline);

    public IReadOnlyList<LayerPrediction> Layers()
    {
        double[] ends = LayerEnds();
        var parts = new List<Interval>[programLayers.Count];
        for (int layer = 0; layer < parts.Length; layer++)
        {
            double begin = layer == 0 ? 0 : ends[layer - 1];
            parts[layer] = [new Interval(begin, ends[layer], 1)];
        }

        foreach (StagePlan stage in few.Stages)
        {
            if (stage.Repeats > 0 && wrong != WrongRule.NoSteadyState)
            {
                parts[stage.Layer].Add(new Interval(
                    IterationEnd(stage, stage.PeriodFirst - 1), IterationEnd(stage, stage.PeriodFirst + stage.PeriodLength - 1), stage.Repeats));
            }
        }

        var layers = new LayerPrediction[programLayers.Count];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            layers[layer] = Layer(layer, parts[layer]);
        }

        return layers;
    }

    private readonly record struct Interval(double Begin, double End, double Times);

    private LayerPrediction Layer(int layer, List<Interval> parts)
    {
        double cycles = 0;
        var causes = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (Interval part in parts)
        {
            cycles += (part.End - part.Begin) * part.Times;
            foreach ((string cause, double share) in split.Between(part.Begin, part.End, waitShares))
            {
                causes[cause] = causes.GetValueOrDefault(cause) + (share * part.Times);
            }
        }

        double[] busy = Busy(layer);
        ProgramLayer about = programLayers[layer];
        int busiest = Array.IndexOf(busy, busy.Max());
        return new LayerPrediction(
            about.Name, about.Kind, cycles, busy, causes, Causes.Name((Unit)busiest), about.Macs,
            energy.OfLayer(stagesOf[layer], about, cycles));
    }

    /// <summary>Busy cycles of the layer's own steps, by unit; their port waits are not among them.</summary>
    private double[] Busy(int layer)
    {
        var busy = new double[Units.Count];
        foreach (StagePlan plan in stagesOf[layer])
        {
            for (int step = 0; step < plan.Stage.Steps.Count; step++)
            {
                Cost cost = few.Costs[plan.FirstCost + step];
                busy[(int)StepCost.UnitOf(plan.Stage.Steps[step].Kind)] += plan.Stage.Count * (cost.Cycles + (cost.Port ? tail : 0));
            }
        }

        return busy;
    }

    private static BusySpan[] Spans(FewIterations few, Timeline timeline)
    {
        var spans = new BusySpan[few.Works.Length];
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i] = new BusySpan(few.Works[i].Unit, timeline.Start[i] + 1, timeline.End[i] + 1);
        }

        return spans;
    }

    /// <summary>By unit, the share of its executions in which it waits for the port, over the whole run.</summary>
    private static double[] WaitShares(FewIterations few, Timeline timeline)
    {
        var waits = new double[Units.Count];
        var executing = new double[Units.Count];
        for (int i = 0; i < few.Works.Length; i++)
        {
            Work work = few.Works[i];
            StagePlan plan = few.Stages[work.Stage];
            bool repeats = work.Iteration >= plan.PeriodFirst && work.Iteration < plan.PeriodFirst + plan.PeriodLength;
            double times = repeats ? 1 + plan.Repeats : 1;
            waits[(int)work.Unit] += times * timeline.PortWait(i);
            executing[(int)work.Unit] += times * (timeline.End[i] - timeline.Start[i]);
        }

        return [.. waits.Select((w, unit) => executing[unit] <= 0 ? 0 : Math.Clamp(w / executing[unit], 0, 1))];
    }

    /// <summary>The cycle after the last retirement of each layer; never before that of the layer before.</summary>
    private double[] LayerEnds()
    {
        var ends = new double[programLayers.Count];
        for (int i = 0; i < few.Works.Length; i++)
        {
            int layer = few.Stages[few.Works[i].Stage].Layer;
            ends[layer] = Math.Max(ends[layer], timeline.End[i] + 1);
        }

        for (int layer = 1; layer < ends.Length; layer++)
        {
            ends[layer] = Math.Max(ends[layer], ends[layer - 1]);
        }

        ends[^1] = timeline.Done + 1;
        return ends;
    }

    private double IterationEnd(StagePlan stage, int iteration)
    {
        int steps = stage.Stage.Steps.Count;
        double end = 0;
        for (int step = 0; step < steps; step++)
        {
            end = Math.Max(end, timeline.End[stage.First + (iteration * steps) + step] + 1);
        }

        return end;
    }
}
