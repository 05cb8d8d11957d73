namespace Hil.Specification.Tests.Emulator;

/// <summary>
/// A part of the random programs in small shares: an error that most programs show is found in a second. The judge of faults that Stryker plants
/// (tests/mutants/Hil.Stryker.Tests), which asks for an answer thousands of times.
/// </summary>
public sealed class SharesOfTheProgramsAreEqual
{
    private const int Every = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void To_the_bit_and_to_the_cycle(int number)
    {
        RandomSuite share = RandomSuite.Share(number, Every);
        Assert.InRange(share.Coverage.Programs, 100, int.MaxValue);
        Assert.Empty(share.MemoryDivergences);
        Assert.Empty(share.TimeDivergences);
    }
}
