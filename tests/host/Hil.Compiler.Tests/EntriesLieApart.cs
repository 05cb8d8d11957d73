using Hil.Compiler.Plans;
using Hil.Contract;

namespace Hil.Compiler.Tests;

/// <summary>Ranges of parameter entries and row scales: what is in use together lies apart.</summary>
public sealed class EntriesLieApart
{
    [Theory]
    [InlineData(96, new[] { 33, 33, 32, 33, 33, 32 })]
    [InlineData(96, new[] { 48, 48, 33, 33, 32, 48, 1, 48 })]
    [InlineData(7, new[] { 3, 2, 3, 1, 3, 3 })]
    public void Ranges_of_neighbouring_blocks_lie_apart_whatever_their_lengths(int entries, int[] counts)
    {
        var ring = new EntryRing("row scales", entries, 1);

        (int First, int Count)[] ranges = [.. counts.Select(c => (ring.TakeBeside(c, counts.Max()), c))];

        Assert.All(ranges, r => Assert.InRange(r.First + r.Count, 1, entries));
        Assert.All(ranges.Zip(ranges.Skip(1)), p => Assert.True(
            p.First.First + p.First.Count <= p.Second.First || p.Second.First + p.Second.Count <= p.First.First, $"{p.First} and {p.Second}"));
    }

    [Fact]
    public void What_is_set_aside_is_given_to_nobody_else()
    {
        var ring = new EntryRing("parameter memory", 136, 2);
        ring.Reserve(65);

        int[] others = [.. Enumerable.Range(0, 9).Select(_ => ring.Take(32))];

        Assert.All(others, first => Assert.InRange(first, 66, 136 - 32));
        Assert.Equal(0, ring.TakeReserved());
        Assert.Contains(Enumerable.Range(0, 4).Select(_ => ring.Take(32)), first => first < 66);
    }

    [Fact]
    public void What_does_not_fit_beside_it_is_refused_with_the_count()
    {
        var ring = new EntryRing("parameter memory", 136, 2);
        ring.Reserve(130);

        var refusal = Assert.Throws<HilException>(() => ring.Take(8));

        Assert.Contains("2 too many", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Ranges begin at even entries here, and one range is lost where the ring comes round in the middle of one.</summary>
    [Theory]
    [InlineData(2, 9, 4, 1, 2 * 10 + 4 * 2 + 9, true)]
    [InlineData(2, 9, 4, 1, 2 * 10 + 4 * 2 + 8, false)]
    [InlineData(1, 2, 3, 7, 2 + 3 * 8 + 7, true)]
    [InlineData(1, 2, 3, 7, 2 + 3 * 8 + 6, false)]
    public void Ranges_of_two_lengths_are_held_with_the_longest_to_spare(int ranges, int count, int others, int length, int entries, bool holds)
    {
        Assert.Equal(holds, new EntryRing("parameter memory", entries, 2).Holds(ranges, count, others, length));
        var smaller = new EntryRing("parameter memory", entries + 4, 2);
        smaller.Reserve(3);
        Assert.Equal(holds, smaller.Holds(ranges, count, others, length));
    }
}
