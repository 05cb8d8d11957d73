namespace Hil.Contract.Verification;

/// <summary>Rules that a test takes from the verifier, one at a time, to see that they would be missed. None is the verifier itself.</summary>
public enum VerifierMutation
{
    None = 0,

    /// <summary>Forms are not looked at.</summary>
    FormsUnchecked,

    /// <summary>END may stand anywhere, or nowhere.</summary>
    EndAnywhere,

    /// <summary>An operand may reach into the next bank.</summary>
    BankEndUnchecked,

    /// <summary>An operand may lie beyond the scratchpad.</summary>
    ScratchpadEndUnchecked,

    /// <summary>Written rows may lie over one another.</summary>
    WrittenRowsMayOverlap,

    /// <summary>A transfer may leave its region of main memory.</summary>
    RegionEndUnchecked,

    /// <summary>A STORE may go to a region that is not writable.</summary>
    StoreAnywhere,

    /// <summary>A STORE may overwrite the image.</summary>
    ImageMayBeOverwritten,

    /// <summary>Weights may lie outside of the image.</summary>
    ConstantsAnywhere,

    /// <summary>Tile indices may repeat.</summary>
    TileIndicesMayRepeat,

    /// <summary>A COMPUTE may use more or fewer tiles than its slot holds.</summary>
    TileCountUnchecked,

    /// <summary>A COMPUTE may use a slot that was never loaded.</summary>
    SlotMayBeEmpty,

    /// <summary>The reach of a COMPUTE's rows is taken from the number of its tiles, not from their indices.</summary>
    TileReachUnchecked,

    /// <summary>An output may lie over a source.</summary>
    OutputMayOverlap,

    /// <summary>Two units may read one bank at one time.</summary>
    BanksMayBeShared,

    /// <summary>What one unit reads, another may write.</summary>
    ReadsDoNotRace,

    /// <summary>Accumulator halves are never raced for.</summary>
    HalvesDoNotRace,

    /// <summary>Parameters are never raced for.</summary>
    ParametersDoNotRace,

    /// <summary>Main memory is never raced for.</summary>
    MainDoesNotRace,

    /// <summary>A wait may have no post before it.</summary>
    WaitsMayHang,

    /// <summary>The token counter is taken to end at 16.</summary>
    CounterOneLonger,

    /// <summary>Inputs and outputs may lie anywhere.</summary>
    PlacesUnchecked,
}
