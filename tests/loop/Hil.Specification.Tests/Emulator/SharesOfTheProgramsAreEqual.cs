namespace Hil.Specification.Tests.Emulator;

/// <summary>
/// A part of the random programs in small shares: an error that most programs show is found in the first of them. The judge of faults that Stryker
/// plants (tests/mutants/Hil.Stryker.Tests), which asks for an answer thousands of times.
/// </summary>
public sealed class SharesOfTheProgramsAreEqual
{
    private const int Every = 400;
    private const int Shares = 8;
    private const int LeastPrograms = 25;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Shares)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void To_the_bit_and_to_the_cycle(int number)
    {
        RandomSuite share = RandomSuite.Share(number, Every);
        Assert.InRange(share.Coverage.Programs, LeastPrograms, int.MaxValue);
        Assert.Empty(share.MemoryDivergences);
        Assert.Empty(share.TimeDivergences);
    }
}
