namespace Hil.Contract.Programs;

/// <summary>
/// The compiler's summary of one layer for Predict: which loops run, how often, over which sizes; no instruction, no address.
/// Stages follow one another in the given order; within a stage, the steps of one iteration repeat <c>Count</c> times and overlap as units allow.
/// </summary>
/// <param name="Layer">Index in <see cref="ProgramImage.Layers"/>.</param>
public sealed record LoopNest(int Layer, IReadOnlyList<Stage> Stages);

/// <summary>
/// A repeated group of steps (one iteration: for example load weights, compute a strip, requantize it). Units execute their steps in program
/// order; beyond that, all waits are the pairs of <see cref="Serial"/> and <see cref="Entry"/>: shared banks, slots, halves and entries are in them.
/// </summary>
/// <param name="Count">Iterations.</param>
/// <param name="Steps">In program order.</param>
/// <param name="Serial">Waits between steps of different units, within an iteration and across iterations.</param>
public sealed record Stage(long Count, IReadOnlyList<Step> Steps, IReadOnlyList<SerialPair> Serial)
{
    /// <summary>Iterations at each end of an uneven loop whose sizes are listed, where it is too long for all of them.</summary>
    public const int ListedAtEnds = 32;

    /// <summary>Iterations in the middle of a long uneven loop whose sizes are listed; they stand for all between the ends.</summary>
    public const int ListedBetween = 96;

    /// <summary>What is listed between the ends are so many stretches of consecutive iterations, one for each equal part.</summary>
    public const int Stretches = 4;

    /// <summary>At most so many iterations are listed, however long the loop.</summary>
    public const int MostListed = (2 * ListedAtEnds) + ListedBetween;

    /// <summary>Waits of the first iterations for steps before this stage, which may lie in an earlier layer.</summary>
    public IReadOnlyList<EntryWait> Entry { get; init; } = [];
}

/// <summary>
/// Step <paramref name="Later"/> waits for the end of step <paramref name="Earlier"/>, of the same iteration (distance 0) or of the
/// <paramref name="Distance"/>th before it. In the first <paramref name="Distance"/> iterations the pair does not hold; what holds there is in
/// <see cref="Stage.Entry"/>.
/// </summary>
public sealed record SerialPair(int Earlier, int Later, int Distance);

/// <summary>
/// In iteration <paramref name="Iteration"/>, step <paramref name="Later"/> waits for a step before this stage: of all steps of
/// <paramref name="Earlier"/> before the stage, the last one (<paramref name="Back"/> = 0), the one before it (1), and so on.
/// </summary>
public sealed record EntryWait(int Iteration, int Later, Hil.Contract.Isa.Unit Earlier, int Back);

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
/// One instruction's worth of work by its sizes. <c>Bytes</c> for port steps; <c>Tiles</c> is the mean where iterations of a
/// pruned product differ (then <see cref="Sizes"/> has them one by one); <c>Banks</c> are the operands' banks in the order of docs/timing.md section 6 (for combine), -1 for an operand that is not there, empty where they do not matter.
/// </summary>
public sealed record Step(
    StepKind Kind, int Rows, int Columns, double Tiles, long Bytes, bool Wide, bool Accumulate, int WidthIn, int WidthOut, IReadOnlyList<int> Banks)
{
    /// <summary>Bursts of a port step, the mean over the iterations; the compiler places constants so that a step needs no more than it must.</summary>
    public double Bursts { get; init; }

    /// <summary>Bytes of the first burst, the mean over the iterations: where a burst ends, a fetch may go first. 0 if not known.</summary>
    public double FirstBurstBytes { get; init; }

    /// <summary>Pages crossed within those bursts, the mean over the iterations.</summary>
    public double PagesCrossed { get; init; }

    /// <summary>Index of the region of <see cref="Machines.Machine.Regions"/> that a port step moves from or to.</summary>
    public int Region { get; init; }

    /// <summary>
    /// Of a step whose iterations differ in tiles, the size in each, in order; empty where they are alike. Where the loop has more than
    /// <see cref="Stage.MostListed"/> iterations: its first <see cref="Stage.ListedAtEnds"/>, <see cref="Stage.ListedBetween"/> of those between (of each
    /// part a stretch that is like it in mean and in jumps from one iteration to the next), and its last <see cref="Stage.ListedAtEnds"/>.
    /// </summary>
    public IReadOnlyList<StepSize> Sizes { get; init; } = [];
}

/// <summary>What one iteration of an uneven loop has of its own: kept tiles, and of a port step how their bytes are cut into bursts.</summary>
public readonly record struct StepSize(int Tiles, int Bursts, int FirstBurstBytes, int PagesCrossed);
