using Hil.Emulator;
using Hil.Emulator.Functional;

namespace Hil.Specification.Tests.Emulator;

/// <summary>The emulator's ways of computing that this processor has, with and without fused products.</summary>
internal static class Levels
{
    public static readonly IReadOnlyList<EmulatorOptions> All =
    [
        .. Enum.GetValues<SimdLevel>()
            .Where(SimdLevels.IsSupported)
            .SelectMany(level => new[] { true, false }, (level, fuse) => new EmulatorOptions { Simd = level, Fuse = fuse }),
    ];
}
