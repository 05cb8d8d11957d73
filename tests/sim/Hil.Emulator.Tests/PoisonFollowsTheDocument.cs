using Hil.Emulator.Functional;

namespace Hil.Emulator.Tests;

public sealed class PoisonFollowsTheDocument
{
    [Fact]
    public void With_its_example() =>
        Assert.Equal(new byte[] { 67, 253, 255, 55 }, Poison.Make(1, PoisonedMemory.Scratchpad, 4));
}
