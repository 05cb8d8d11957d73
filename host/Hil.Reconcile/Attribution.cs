using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Reconcile;

/// <summary>Measured cycles of each layer by cause, from the trace of retired instructions.</summary>
internal static class Attribution
{
    /// <summary>By layer; empty dictionaries where the device gives no trace, so that all of a difference is remainder.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, double>> Of(Measurement measurement)
    {
        var causes = new IReadOnlyDictionary<string, double>[measurement.Layers.Count];
        if (measurement.Trace.Count == 0)
        {
            Array.Fill(causes, new Dictionary<string, double>());
            return causes;
        }

        var split = new CauseSplit(
            measurement.Trace.Where(r => r.Unit != Unit.Control).Select(r => new BusySpan(r.Unit, r.Start + 1, r.Retire + 1)),
            measurement.Counters.Cycles);
        double[] shares = WaitShares(measurement, split);
        double begin = 0;
        for (int layer = 0; layer < causes.Length; layer++)
        {
            double end = begin + measurement.Layers[layer].Cycles;
            causes[layer] = split.Between(begin, end, shares);
            begin = end;
        }

        return causes;
    }

    /// <summary>A port unit that executes and is not busy waits for the port.</summary>
    private static double[] WaitShares(Measurement measurement, CauseSplit split)
    {
        var shares = new double[Units.Count];
        foreach (Unit unit in (ReadOnlySpan<Unit>)[Unit.Load, Unit.Store])
        {
            double executing = split.Executing(unit, 0, measurement.Counters.Cycles);
            shares[(int)unit] = executing <= 0 ? 0 : Math.Clamp(1 - (measurement.Counters.Busy[(int)unit] / executing), 0, 1);
        }

        return shares;
    }
}
