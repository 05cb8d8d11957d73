namespace Hil.Contract.Timing;

/// <summary>The numbers in docs/timing.md that are neither fields nor keys of the machine.</summary>
public static class TimingConstants
{
    /// <summary>Changes with every change of docs/timing.md that changes a cycle or a counter.</summary>
    public const int Version = 1;

    /// <summary>Greatest value of a token counter (section 2).</summary>
    public const int TokenLimit = 15;

    /// <summary>Cycles from the end of a port instruction's last burst to its retirement (section 5).</summary>
    public const int PortTail = 2;

    /// <summary>Constant part of LOAD_DYNAMIC (section 6).</summary>
    public const int LoadDynamicTail = 3;

    /// <summary>COMPUTE: a tile takes max(M, R + C + this) before the next may follow (section 6).</summary>
    public const int ComputeTurn = 2;

    /// <summary>Constant part of COMPUTE, with and without tiles (section 6).</summary>
    public const int ComputeTail = 6;

    /// <summary>Constant part of every vector instruction (section 6).</summary>
    public const int VectorTail = 8;

    public static readonly IReadOnlyList<(string Name, int Value)> All =
    [
        (nameof(TokenLimit), TokenLimit),
        (nameof(PortTail), PortTail),
        (nameof(LoadDynamicTail), LoadDynamicTail),
        (nameof(ComputeTurn), ComputeTurn),
        (nameof(ComputeTail), ComputeTail),
        (nameof(VectorTail), VectorTail),
    ];
}
