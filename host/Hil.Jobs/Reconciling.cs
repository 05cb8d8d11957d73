using System.Text;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Reconcile;
using Hil.Reconcile.Files;
using Hil.Reconcile.Report;

namespace Hil.Jobs;

/// <summary>Two saved records, joined outside a job.</summary>
/// <param name="Json">Of schema <c>hil.reconcile/1</c>.</param>
public sealed record ReconciledFiles(byte[] Json, byte[] Html, ExitKind Exit, string Machine);

/// <summary>Joins a saved prediction with a saved measurement.</summary>
public static class Reconciling
{
    /// <param name="machine">For milliseconds and utilization; must be the machine of the records.</param>
    public static ReconciledFiles Files(
        string predictionPath, string measurementPath, Machine? machine, double? maxCycleErrorPercent)
    {
        Prediction prediction = PredictionFile.Load(predictionPath);
        Measurement measurement = MeasurementFile.Load(measurementPath);
        if (machine is not null && MachineFile.Hash(machine) != measurement.MachineHash)
        {
            throw new HilException(ExitKind.IdentityMismatch, "the measurement is of another machine.",
                measurementPath, $"Give the machine file it was made with: --machine ({measurement.Machine}).");
        }

        var extras = new ReconcileExtras
        {
            Machine = machine,
            Gates = new ReconcileGates(maxCycleErrorPercent),
        };
        Reconciliation joined = Reconciler.Reconcile(prediction, measurement, extras);
        return new ReconciledFiles(
            CanonicalJson.Bytes(ReportWriter.ToJson(joined)),
            Encoding.UTF8.GetBytes(ReportWriter.ToHtml(joined, measurement, extras)),
            joined.Passed ? ExitKind.Done : ExitKind.GateFailed,
            measurement.Machine);
    }
}
