namespace Hil.Emulator;

/// <summary>
/// Faults that can be planted in the emulator, one at a time, to show that the checks find them. A mutant is selected in
/// <see cref="EmulatorOptions.Mutation"/>; None is the emulator itself.
/// </summary>
public enum EmulatorMutation
{
    None = 0,

    // Functional pass.
    RequantizeRoundsHalfUp,
    RequantizeTruncates,
    RequantizeClipsToMinus128,
    RequantizeBiasWraps,
    RequantizeAccumulateOverwrites,
    RequantizeRowScaleShiftIgnored,
    RequantizeTableIndexClipped,
    ComputeShiftsBySix,
    ComputeAccumulateOverwrites,
    ComputeEmptyKeepsAccumulators,
    ComputeIgnoresTileIndices,
    LoadDynamicKeepsGarbageRows,
    LoadDynamicKeepsGarbageColumns,
    LayerNormSkipsNewtonStep,
    LayerNormIgnoresEpsilon,
    LayerNormIgnoresRms,
    LayerNormRoundsHalfUp,
    SoftmaxMaximumOverAllKeys,
    SoftmaxCausalStartsOneLater,
    SoftmaxIgnoresMask,
    SoftmaxDivideTruncates,
    SoftmaxStepIsOneOctaveShort,
    MapBiasAfterMultiplier,
    AddTruncates,
    StoreDropsLastRow,

    // Timing pass.
    ComputeFillOneShort,
    ComputeTilesOverlapFully,
    RequantizeParametersFree,
    RequantizeAccumulateFree,
    LayerNormOneReadPass,
    SoftmaxDivideFree,
    CombineTakesLargest,
    LoadDynamicColumnsAsRows,
    BurstIgnoresBoundaries,
    BurstPageCrossingFree,
    BurstBeatsRoundedDown,
    StoreUsesReadLatency,
    PortTailOneCycle,
    PortPrefersLoad,
    PortFetchLast,
    StallNamesHighestUnit,
    QueueHoldsOneMore,
    DispatchOneCycleMore,
    FetchWaitsForEmptyBuffer,
    DeadlockOneCycleLate,
    StreamedRowsIgnoreTiles,
    PortWaitCountedBusy,
    LayersEndAtFirstRetirement,
}

/// <summary>The mutants by name.</summary>
public static class EmulatorMutations
{
    public static readonly IReadOnlyList<string> All =
        Enum.GetNames<EmulatorMutation>().Where(n => n != nameof(EmulatorMutation.None)).ToArray();

    /// <exception cref="ArgumentException">There is no such mutant.</exception>
    public static EmulatorMutation Parse(string name) =>
        All.Contains(name)
            ? Enum.Parse<EmulatorMutation>(name)
            : throw new ArgumentException($"The emulator has no mutant {name}.", nameof(name));
}
