using Hil.Contract.Records;

namespace Hil.Reconcile;

/// <summary>A prediction joined with a measurement of the same program on the same machine. "Measured" is what <see cref="Provenance"/> says.</summary>
public sealed record Reconciliation(
    string Schema,
    string Program,
    string ProgramHash,
    string Machine,
    string MachineHash,
    string ContractHash,
    string Device,
    Provenance Provenance,
    CycleJoin Cycles,
    double? MillisecondsMeasured,
    double? Utilization,
    long Macs,
    EnergyJoin EnergyMicrojoules,
    IReadOnlyList<CauseDifference> Causes,
    double RemainderCycles,
    string LargestCause,
    IReadOnlyList<LayerJoin> Layers,
    RunQuality? Quality,
    IReadOnlyList<LayerNoise> Noise,
    IReadOnlyList<MemoryFit> Fit,
    IReadOnlyList<GateResult> Gates,
    bool Passed)
{
    public const string CurrentSchema = "hil.reconcile/1";
}

/// <param name="ErrorPercent">(predicted - measured) / measured, in percent.</param>
public sealed record CycleJoin(double Predicted, long Measured, double ErrorPercent);

/// <param name="Measured">Null without a sensor.</param>
/// <param name="Source">Where the predicted figure's constants come from.</param>
public sealed record EnergyJoin(double Predicted, double? Measured, string Source);

/// <summary>Cycles by one cause; the differences (measured - predicted) and the remainder add up to the difference of the totals.</summary>
public sealed record CauseDifference(string Cause, double Predicted, double Measured)
{
    public double Difference => Measured - Predicted;
}

/// <param name="Bound">The unit that is busiest in the layer, as measured.</param>
/// <param name="LargestCause">Of the difference; empty if there is none.</param>
/// <param name="BusyPredicted">By unit.</param>
/// <param name="BusyMeasured">By unit.</param>
public sealed record LayerJoin(
    string Name,
    string Kind,
    double Predicted,
    long Measured,
    double ErrorPercent,
    string Bound,
    string BoundPredicted,
    double? Utilization,
    long Macs,
    string LargestCause,
    IReadOnlyList<CauseDifference> Causes,
    double RemainderCycles,
    IReadOnlyList<double> BusyPredicted,
    IReadOnlyList<long> BusyMeasured);

/// <param name="Value">Not a number where the run has no such figure; the gate has then failed.</param>
/// <param name="AtLeast">The limit is a lower one.</param>
public sealed record GateResult(string Gate, double Limit, double Value, bool Passed, bool AtLeast = false);
