using Hil.Contract;
using Hil.Contract.Records;

namespace Hil.Reconcile;

/// <summary>Both records must be of the same program, machine and contract, or their difference means nothing.</summary>
internal static class Identities
{
    /// <exception cref="HilException">IdentityMismatch, with every field that differs.</exception>
    public static void Check(Prediction prediction, Measurement measurement)
    {
        (string Field, string Predicted, string Measured)[] fields =
        [
            ("program", prediction.ProgramHash, measurement.ProgramHash),
            ("machine name", prediction.Machine, measurement.Machine),
            ("machine", prediction.MachineHash, measurement.MachineHash),
            ("contract", prediction.ContractHash, measurement.ContractHash),
        ];
        string[] unlike = [.. fields
            .Where(f => !string.Equals(f.Predicted, f.Measured, StringComparison.OrdinalIgnoreCase))
            .Select(f => $"{f.Field}: predicted for {Short(f.Predicted)}, run was {Short(f.Measured)}")];
        if (unlike.Length > 0)
        {
            throw new HilException(
                ExitKind.IdentityMismatch,
                $"prediction and measurement do not belong together ({string.Join("; ", unlike)}).",
                prediction.Program,
                "Predict again with 'hil predict' from the very program file that ran.");
        }

        string? layer = prediction.Layers.Select(l => l.Name).SequenceEqual(measurement.Layers.Select(l => l.Name)) ? null
            : $"{prediction.Layers.Count} predicted, {measurement.Layers.Count} measured";
        if (layer is not null)
        {
            throw new HilException(
                ExitKind.IdentityMismatch, $"the layers are not the same ({layer}).", prediction.Program,
                "Predict again with 'hil predict' from the very program file that ran.");
        }
    }

    private static string Short(string hash) => hash.Length == 0 ? "(none)" : hash.Length > 16 ? hash[..16] : hash;
}
