namespace Hil.Contract.Isa;

/// <summary>The four executing units, in the order of their token bits, and the dispatcher itself.</summary>
public enum Unit
{
    Load = 0,
    Compute = 1,
    Vector = 2,
    Store = 3,
    Control = 4,
}

public static class Units
{
    /// <summary>Units that execute instructions; Control only ends a segment.</summary>
    public const int Count = 4;

    public static readonly IReadOnlyList<Unit> Executing = [Unit.Load, Unit.Compute, Unit.Vector, Unit.Store];
}

/// <summary>A set of units, as carried in the wait and post fields.</summary>
[Flags]
public enum UnitSet : byte
{
    None = 0,
    Load = 1,
    Compute = 2,
    Vector = 4,
    Store = 8,
}

public enum Opcode : byte
{
    End = 0x01,
    Load = 0x08,
    LoadWeights = 0x09,
    LoadDynamic = 0x0A,
    LoadParameters = 0x0B,
    LoadTable = 0x0C,
    /// <summary>Reserved: 4-bit weights with group scales.</summary>
    LoadWeightsInt4 = 0x0D,
    /// <summary>Reserved: N:M weights.</summary>
    LoadWeightsNm = 0x0E,
    Compute = 0x10,
    /// <summary>Reserved: a strip that skips all-zero row slices.</summary>
    ComputeSkipping = 0x11,
    Requantize = 0x18,
    LayerNorm = 0x19,
    Softmax = 0x1A,
    Map = 0x1B,
    Add = 0x1C,
    Store = 0x20,
}

/// <summary>Why a segment stopped; 0 is no trap. Numbers are part of the contract.</summary>
public enum TrapReason : byte
{
    None = 0,
    IllegalOpcode = 1,
    ReservedBits = 2,
    OwnUnitToken = 3,
    CountOutOfRange = 4,
    Misaligned = 5,
    IndexOutOfRange = 6,
    IllegalFlags = 7,
    NotOnThisMachine = 8,
    TokenOverflow = 9,
    Deadlock = 10,
}
