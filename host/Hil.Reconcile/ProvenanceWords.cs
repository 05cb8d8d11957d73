using Hil.Contract.Records;

namespace Hil.Reconcile;

/// <summary>How the origin of a number is written, everywhere the same. Only a board measures.</summary>
public static class ProvenanceWords
{
    public static string Of(Provenance provenance) => provenance switch
    {
        Provenance.Predicted => "predicted",
        Provenance.Emulated => "emulated",
        Provenance.Rtl => "RTL simulation",
        Provenance.VirtualBoard => "virtual board (simulated)",
        Provenance.Board => "measured on a board",
        _ => throw new ArgumentOutOfRangeException(nameof(provenance)),
    };
}
