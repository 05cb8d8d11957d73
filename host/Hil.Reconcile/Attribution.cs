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
        double begin = 0;
        for (int layer = 0; layer < causes.Length; layer++)
        {
            double end = begin + measurement.Layers[layer].Cycles;
            causes[layer] = split.Between(begin, end, PortWaitShares(measurement, split, layer, begin, end));
            begin = end;
        }

        return causes;
    }

    /// <summary>An execution of a port unit that is not busy waits for the port.</summary>
    private static double[] PortWaitShares(Measurement measurement, CauseSplit split, int layer, double begin, double end)
    {
        var shares = new double[Units.Count];
        foreach (Unit unit in (ReadOnlySpan<Unit>)[Unit.Load, Unit.Store])
        {
            if (PortWaits(measurement, unit) == 0)
            {
                continue;
            }

            double executing = split.Executing(unit, begin, end);
            long busy = measurement.Layers[layer].Busy[(int)unit];
            shares[(int)unit] = executing <= 0 ? 0 : Math.Clamp(1 - (busy / executing), 0, 1);
        }

        return shares;
    }

    /// <summary>Devices with few counters count no port waits: all of an execution is then work.</summary>
    private static long PortWaits(Measurement measurement, Unit unit) =>
        measurement.Counters.PortWait.Count > (int)unit ? measurement.Counters.PortWait[(int)unit] : 0;
}
