using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hil.Contract;

namespace Hil.Emulator.Functional;

/// <summary>Vector instructions that the functional pass uses; all give the same bytes.</summary>
public enum SimdLevel
{
    Scalar,

    /// <summary>128-bit vectors by the portable API: ARM and every other processor.</summary>
    Vector128,
    Avx2,
    Avx512,
}

public static class SimdLevels
{
    /// <summary>The environment variable that forces a level.</summary>
    public const string Variable = "HIL_SIMD";

    /// <summary>The best level of this processor.</summary>
    public static SimdLevel Best =>
        Avx512BW.IsSupported ? SimdLevel.Avx512
        : Avx2.IsSupported ? SimdLevel.Avx2
        : System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? SimdLevel.Vector128
        : SimdLevel.Scalar;

    public static bool IsSupported(SimdLevel level) => level switch
    {
        SimdLevel.Avx512 => Avx512BW.IsSupported,
        SimdLevel.Avx2 => Avx2.IsSupported,
        _ => true,
    };

    /// <summary>The given level, or that of the environment variable, or the best.</summary>
    /// <exception cref="HilException">It is not known, or this processor does not have it.</exception>
    public static SimdLevel Choose(SimdLevel? wanted) => Choose(wanted, Environment.GetEnvironmentVariable(Variable));

    /// <summary>The given level, or that of a text, or the best.</summary>
    /// <exception cref="HilException">It is not known, or this processor does not have it.</exception>
    public static SimdLevel Choose(SimdLevel? wanted, string? text)
    {
        SimdLevel level = wanted ?? (string.IsNullOrEmpty(text)
            ? Best
            : text.ToLowerInvariant() switch
            {
                "avx512" => SimdLevel.Avx512,
                "avx2" => SimdLevel.Avx2,
                "vector128" => SimdLevel.Vector128,
                "scalar" => SimdLevel.Scalar,
                _ => throw new HilException(
                    ExitKind.Usage, $"'{text}' is not a vector level.", Variable, "Use avx512, avx2, vector128 or scalar."),
            });
        return IsSupported(level)
            ? level
            : throw new HilException(
                ExitKind.Usage, $"This processor does not have {level}.", Variable, $"The best it has is {Best}.");
    }
}
