using Hil.Compiler.Memory;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests.Scheduling;

/// <summary>Where the allocator puts regions: in the bank that is wanted, on the side of their role, in the first gap that is long enough.</summary>
public sealed class RegionsArePlaced
{
    [Fact]
    public void In_the_bank_that_is_wanted()
    {
        var plan = new Plan(TestMachines.Wide());
        Region[] wanted = [.. new[] { 3, 0, 5, 9 }.Select(bank => plan.NewRegion($"{bank}", RegionRole.Hidden, 4, 16, bank))];
        UseTogether(plan, wanted);

        Assert.True(Place(plan).Fits);

        Assert.Equal([3, 0, 5, 3], wanted.Select(r => r.Bank));
        Assert.Equal([3 * 8192, 0, 5 * 8192, (3 * 8192) + 64], wanted.Select(r => r.Address));
    }

    [Fact]
    public void Elsewhere_where_that_is_full()
    {
        var plan = new Plan(TestMachines.Wide());
        Region[] wanted = [.. new[] { 3, 3 }.Select((bank, i) => plan.NewRegion($"{i}", RegionRole.Hidden, 300, 16, bank))];
        UseTogether(plan, wanted);

        Assert.True(Place(plan).Fits);

        Assert.Single(wanted, r => r.Bank == 3);
    }

    [Fact]
    public void Of_two_banks_on_the_side_of_their_role_unless_another_is_wanted()
    {
        var plan = new Plan(TestMachines.Small());
        Region[] regions =
        [
            plan.NewRegion("stream", RegionRole.Stream, 4, 16), plan.NewRegion("normed", RegionRole.Normed, 4, 16), plan.NewRegion("scores", RegionRole.Scores, 4, 16),
            plan.NewRegion("query", RegionRole.Query, 4, 16), plan.NewRegion("input", RegionRole.Input, 4, 16), plan.NewRegion("other", RegionRole.Stream, 4, 16, 0),
        ];
        UseTogether(plan, regions);

        Assert.True(Place(plan).Fits);

        Assert.Equal([1, 1, 1, 0, 0, 0], regions.Select(r => r.Bank));
    }

    [Fact]
    public void In_a_gap_that_something_before_has_left()
    {
        var plan = new Plan(TestMachines.Small());
        Region first = plan.NewRegion("first", RegionRole.Stream, 4, 16), second = plan.NewRegion("second", RegionRole.Stream, 4, 16);
        Region large = plan.NewRegion("large", RegionRole.Stream, 5, 16), small = plan.NewRegion("small", RegionRole.Stream, 3, 16);
        UseTogether(plan, first, second);
        UseTogether(plan, second, large, small);

        AllocationResult result = Place(plan);

        Assert.Equal((true, 64 + 80 + 48), (result.Fits, (int)result.Peak));
        Assert.Equal([0, 64, 128, 0], new[] { first, second, large, small }.Select(r => r.Address - 16384));
    }

    [Fact]
    public void In_the_first_of_banks_that_are_alike()
    {
        var plan = new Plan(TestMachines.Wide());
        Region one = plan.NewRegion("one", RegionRole.Hidden, 4, 16), other = plan.NewRegion("other", RegionRole.Hidden, 4, 16);
        UseTogether(plan, one, other);

        Assert.True(Place(plan).Fits);

        Assert.Equal((0, 1), (one.Bank, other.Bank));
    }

    /// <summary>Neither the first to be used nor the largest can go first here: six words, of which four regions use two, two, three and two. Of two banks the other stays empty.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_longest_life_first_where_nothing_else_fits(int banks)
    {
        var plan = new Plan(TestMachines.Wide() with { Scratchpad = new(banks, 6 * 16, 16) });
        Region[] regions = [.. new[] { (0, 2, 2), (0, 4, 2), (4, 4, 3), (0, 1, 2) }.Select(((int First, int Last, int Words) r, int i) =>
        {
            Region region = plan.NewRegion($"{i}", RegionRole.Hidden, r.Words, 16);
            (region.FirstUse, region.LastUse) = (r.First, r.Last);
            return region;
        })];

        Assert.True(Place(plan).Fits);

        Assert.Equal([32, 0, 32, 64], regions.Select(r => r.Address));
        Assert.All(regions, r => Assert.Equal(0, r.Bank));
    }

    /// <summary>What an operation reads last lies beside what it writes first.</summary>
    [Fact]
    public void What_is_missing_is_counted_where_most_is_live()
    {
        var plan = new Plan(TestMachines.Wide() with { Scratchpad = new(3, 64, 16) });
        foreach (((int first, int last), int i) in new[] { (0, 4), (0, 4), (4, 8), (4, 8), (8, 9) }.Select((r, i) => (r, i)))
        {
            Region region = plan.NewRegion($"{i}", RegionRole.Hidden, 4, 16);
            (region.FirstUse, region.LastUse) = (first, last);
        }

        AllocationResult result = Place(plan);

        Assert.Equal((false, 64L, "2"), (result.Fits, result.Over, result.Where));
    }

    private static AllocationResult Place(Plan plan) => new Allocator(plan, PlantedFault.None).Place();

    private static void UseTogether(Plan plan, params Region[] regions)
    {
        if (plan.Layers.Count == 0) plan.BeginLayer("layer", "product");
        for (int i = 0; i < 2; i++)
        {
            Operation op = plan.New(StepKind.LayerNorm, Unit.Vector, Instruction.Of(LayerNorm.Definition));
            foreach (Region region in regions) op.Operands.Add(new(LayerNorm.Source, region, 0, region.Bytes, 1, 0, false));
            plan.Append(op);
        }
    }
}
