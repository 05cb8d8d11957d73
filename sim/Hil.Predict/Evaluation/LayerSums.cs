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
    FewIterations few, Timeline timeline, IReadOnlyList<ProgramLayer> programLayers, EnergyCost energy, WrongRule wrong)
{
    private readonly CauseSplit split = new(
        few.Works.Select((w, i) => new BusySpan(w.Unit, timeline.Start[i] + 1, timeline.End[i] + 1)), timeline.Done + 1);

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
        var busy = new double[Units.Count];
        var causes = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (Interval part in parts)
        {
            double[] waits = PortWaits(part);
            cycles += (part.End - part.Begin) * part.Times;
            var shares = new double[Units.Count];
            for (int unit = 0; unit < Units.Count; unit++)
            {
                double executing = split.Executing((Unit)unit, part.Begin, part.End);
                shares[unit] = executing <= 0 ? 0 : Math.Min(1, waits[unit] / executing);
                busy[unit] += executing * (1 - shares[unit]) * part.Times;
            }

            foreach ((string cause, double share) in split.Between(part.Begin, part.End, shares))
            {
                causes[cause] = causes.GetValueOrDefault(cause) + (share * part.Times);
            }
        }

        ProgramLayer about = programLayers[layer];
        int busiest = Array.IndexOf(busy, busy.Max());
        return new LayerPrediction(
            about.Name, about.Kind, cycles, busy, causes, Causes.Name((Unit)busiest), about.Macs,
            energy.OfLayer(few.Stages.Where(s => s.Layer == layer), about, cycles));
    }

    /// <summary>Port waits of the steps by unit, in proportion to how much of a step lies in the interval.</summary>
    private double[] PortWaits(Interval part)
    {
        var waits = new double[Units.Count];
        foreach (Unit unit in (ReadOnlySpan<Unit>)[Unit.Load, Unit.Store])
        {
            List<int> own = few.ByUnit[(int)unit];
            for (int i = FirstEndingAfter(own, part.Begin); i < own.Count && timeline.Start[own[i]] + 1 < part.End; i++)
            {
                (double begin, double end) = (timeline.Start[own[i]] + 1, timeline.End[own[i]] + 1);
                double inside = (Math.Min(end, part.End) - Math.Max(begin, part.Begin)) / (end - begin);
                waits[(int)unit] += timeline.PortWait(own[i]) * inside;
            }
        }

        return waits;
    }

    private int FirstEndingAfter(List<int> own, double time)
    {
        (int low, int high) = (0, own.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = timeline.End[own[middle]] + 1 <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The cycle after the last retirement of each layer; never before that of the layer before.</summary>
    private double[] LayerEnds()
    {
        var ends = new double[programLayers.Count];
        for (int i = 0; i < few.Works.Count; i++)
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
