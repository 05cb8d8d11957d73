using Hil.Contract;
using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

public sealed class LevelsAreChosenByName
{
    [Theory]
    [InlineData("scalar", SimdLevel.Scalar)]
    [InlineData("Vector128", SimdLevel.Vector128)]
    [InlineData("avx2", SimdLevel.Avx2)]
    [InlineData("AVX512", SimdLevel.Avx512)]
    public void By_the_variable_where_nothing_else_is_wanted(string text, SimdLevel level)
    {
        if (!SimdLevels.IsSupported(level)) Assert.Equal(ExitKind.Usage, Assert.Throws<HilException>(() => SimdLevels.Choose(null, text)).Kind);
        else Assert.Equal(level, SimdLevels.Choose(null, text));
        Assert.Equal(SimdLevel.Scalar, SimdLevels.Choose(SimdLevel.Scalar, text));
    }

    [Fact]
    public void The_best_where_nothing_is_wanted()
    {
        Assert.Equal(SimdLevels.Best, SimdLevels.Choose(null, ""));
        Assert.Equal(SimdLevels.Best, SimdLevels.Choose(null, null));
        Assert.Equal(Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported).Max(), SimdLevels.Best);
    }

    [Fact]
    public void Another_name_is_refused_with_what_can_be_used()
    {
        HilException refusal = Assert.Throws<HilException>(() => SimdLevels.Choose(null, "sse"));
        Assert.Equal((ExitKind.Usage, "'sse' is not a vector level.", SimdLevels.Variable), (refusal.Kind, refusal.What, refusal.Where));
    }
}
