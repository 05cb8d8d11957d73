using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;

namespace Hil.Reconcile;

/// <summary>Joins a prediction with a measurement, layer by layer, and says where they differ and why.</summary>
public static class Reconciler
{
    /// <summary>Below this share of the total a difference has no direction worth naming.</summary>
    private const double NoDifference = 1e-4;

    /// <exception cref="Hil.Contract.HilException">IdentityMismatch: the two are of different programs, machines or contracts.</exception>
    public static Reconciliation Reconcile(Prediction prediction, Measurement measurement, ReconcileExtras? extras = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(measurement);
        extras ??= new ReconcileExtras();
        Identities.Check(prediction, measurement);

        IReadOnlyList<IReadOnlyDictionary<string, double>> measuredCauses = Attribution.Of(measurement);
        LayerJoin[] layers = [.. prediction.Layers.Select((p, i) => Join(p, measurement.Layers[i], measuredCauses[i], extras.Machine))];
        CauseDifference[] causes = Total(layers);
        long measured = measurement.Counters.Cycles;
        double difference = measured - prediction.Cycles;
        double error = Percent(prediction.Cycles, measured);
        IReadOnlyList<GateResult> gates = Gates.Of(extras, error, measured, measurement.EnergyMicrojoules ?? prediction.EnergyMicrojoules);
        return new Reconciliation(
            Reconciliation.CurrentSchema,
            prediction.Program,
            measurement.ProgramHash,
            measurement.Machine,
            measurement.MachineHash,
            measurement.ContractHash,
            measurement.Device,
            measurement.Provenance,
            new CycleJoin(prediction.Cycles, measured, error),
            extras.Machine is { ClockHz: > 0 } m ? measured * 1000.0 / m.ClockHz : null,
            Utilization(extras.Machine, layers.Sum(l => l.Macs), measured),
            layers.Sum(l => l.Macs),
            new EnergyJoin(prediction.EnergyMicrojoules, measurement.EnergyMicrojoules, prediction.EnergySource),
            causes,
            difference - causes.Sum(c => c.Difference),
            Largest(causes, difference, measured),
            layers,
            extras.Quality,
            extras.Noise,
            extras.Fit,
            gates,
            gates.All(g => g.Passed));
    }

    private static LayerJoin Join(
        LayerPrediction predicted, LayerCycles measured, IReadOnlyDictionary<string, double> measuredCauses, Machine? machine)
    {
        // Without a trace there is nothing to set against the predicted causes.
        IEnumerable<string> names = measuredCauses.Count == 0 ? [] : predicted.Causes.Keys.Union(measuredCauses.Keys);
        CauseDifference[] causes = [.. names
            .Select(c => new CauseDifference(c, predicted.Causes.GetValueOrDefault(c), measuredCauses.GetValueOrDefault(c)))
            .OrderByDescending(c => Math.Abs(c.Difference)).ThenBy(c => c.Cause, StringComparer.Ordinal)];
        double difference = measured.Cycles - predicted.Cycles;
        return new LayerJoin(
            predicted.Name,
            predicted.Kind,
            predicted.Cycles,
            measured.Cycles,
            Percent(predicted.Cycles, measured.Cycles),
            Busiest(measured.Busy),
            predicted.Bound,
            Utilization(machine, measured.Macs, Math.Max(measured.Cycles, measured.Busy[(int)Unit.Compute])),
            measured.Macs,
            Largest(causes, difference, measured.Cycles),
            causes,
            difference - causes.Sum(c => c.Difference),
            predicted.Busy,
            measured.Busy);
    }

    private static CauseDifference[] Total(IReadOnlyList<LayerJoin> layers) =>
    [
        .. layers
            .SelectMany(l => l.Causes)
            .GroupBy(c => c.Cause)
            .Select(g => new CauseDifference(g.Key, g.Sum(c => c.Predicted), g.Sum(c => c.Measured)))
            .OrderByDescending(c => Math.Abs(c.Difference)).ThenBy(c => c.Cause, StringComparer.Ordinal),
    ];

    /// <summary>The cause that contributes most in the direction of the difference; without a direction, the one that differs most.</summary>
    private static string Largest(IReadOnlyList<CauseDifference> causes, double difference, double measured)
    {
        bool directed = Math.Abs(difference) > NoDifference * measured;
        CauseDifference? largest = causes
            .Where(c => Math.Abs(c.Difference) >= Math.Max(0.5, NoDifference * measured) && (!directed || Math.Sign(c.Difference) == Math.Sign(difference)))
            .MaxBy(c => Math.Abs(c.Difference));
        return largest?.Cause ?? (directed ? "remainder" : "");
    }

    private static string Busiest(IReadOnlyList<long> busy)
    {
        int best = 0;
        for (int unit = 1; unit < busy.Count; unit++)
        {
            best = busy[unit] > busy[best] ? unit : best;
        }

        return Causes.Name((Unit)best);
    }

    private static double Percent(double predicted, double measured) =>
        measured == 0 ? (predicted == 0 ? 0 : 100) : 100 * (predicted - measured) / measured;

    private static double? Utilization(Machine? machine, long macs, long cycles) =>
        machine is null || cycles == 0 ? null : macs / ((double)machine.Rows * machine.Columns * cycles);
}
