namespace Hil.Compiler;

/// <summary>
/// Faults that a test plants into the compiler to see that its checks find them. <see cref="None"/> outside of such tests.
/// </summary>
public enum PlantedFault
{
    None,

    /// <summary>A product reads its activations with a stride of one word too many.</summary>
    WrongStride,

    /// <summary>The first awaited token of the program is not awaited, and not posted.</summary>
    DroppedToken,

    /// <summary>The planes of a wide input change places.</summary>
    SwappedPlanes,

    /// <summary>The last kept tile of a strip is left out.</summary>
    MissingTile,

    /// <summary>A COMPUTE uses the other weight slot.</summary>
    WrongSlot,

    /// <summary>A REQUANTIZE reads the other accumulator half.</summary>
    WrongHalf,

    /// <summary>Two regions that live at one time share bytes.</summary>
    OverlappingAllocation,

    /// <summary>A REQUANTIZE takes the parameters of the next group of columns.</summary>
    WrongParameters,

    /// <summary>The second load of a long strip overwrites the sum of the first instead of adding to it.</summary>
    LostAccumulate,

    /// <summary>A product with a residual replaces it instead of adding to it.</summary>
    LostResidual,

    /// <summary>The keys of one attention head are used for the next.</summary>
    WrongHead,

    /// <summary>Softmax counts one key too many as valid.</summary>
    WrongLength,

    /// <summary>The loop nests count one iteration too few of each repeated stage.</summary>
    ShortNest,
}
