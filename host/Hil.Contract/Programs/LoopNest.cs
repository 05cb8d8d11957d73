namespace Hil.Contract.Programs;

/// <summary>
/// The compiler's summary of one layer for Predict: which loops run, how often, over which sizes; no instruction, no address.
/// Stages follow one another in the given order; within a stage, the steps of one iteration repeat <c>Count</c> times and overlap as units allow.
/// </summary>
/// <param name="Layer">Index in <see cref="ProgramImage.Layers"/>.</param>
public sealed record LoopNest(int Layer, IReadOnlyList<Stage> Stages);

/// <summary>
/// A repeated group of steps (one iteration: for example load weights, compute a strip, requantize it).
/// </summary>
/// <param name="Count">Iterations.</param>
/// <param name="Steps">In program order.</param>
/// <param name="Serial">Pairs of steps (by index) that cannot overlap although they are of different units: they share a bank, or the second of
/// one iteration must end before the first of the next begins.</param>
public sealed record Stage(long Count, IReadOnlyList<Step> Steps, IReadOnlyList<SerialPair> Serial);

/// <summary>Step <paramref name="Later"/> waits for the end of step <paramref name="Earlier"/>, of the same iteration or (distance 1, 2) of an earlier one.</summary>
public sealed record SerialPair(int Earlier, int Later, int Distance);

public enum StepKind
{
    Load,
    LoadWeights,
    LoadDynamicRows,
    LoadDynamicColumns,
    LoadParameters,
    LoadTable,
    Compute,
    RequantizeColumns,
    RequantizeRows,
    LayerNorm,
    Softmax,
    Map,
    Add,
    Store,
}

/// <summary>
/// One instruction's worth of work by its sizes. <c>Bytes</c> for port steps; <c>Tiles</c> may be fractional where iterations of a
/// pruned product differ (the mean); <c>Banks</c> are the operands' banks in the order of docs/timing.md section 6 (for combine), empty where they do not matter.
/// </summary>
public sealed record Step(
    StepKind Kind, int Rows, int Columns, double Tiles, long Bytes, bool Wide, bool Accumulate, int WidthIn, int WidthOut, IReadOnlyList<int> Banks);
