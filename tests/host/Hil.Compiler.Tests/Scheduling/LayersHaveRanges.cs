using Hil.Compiler.Emission;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests.Scheduling;

/// <summary>Ranges of instructions by layers, where layers overlap; and where rows lie in their regions.</summary>
public sealed class LayersHaveRanges
{
    [Fact]
    public void A_range_ends_with_the_last_instruction_of_its_layer()
    {
        (IReadOnlyList<ProgramLayer> layers, int[] rangeOf) = Find([5, 7, 11], 0, 1, 0, 1, 2, 1, 2);

        Assert.Equal([new("0", "product", 0, 3, 1 + 2 + 4, 5), new("1", "product", 3, 3, 8 + 16 + 32, 7), new("2", "product", 6, 2, 64, 11)], layers);
        Assert.Equal([0, 1, 2], rangeOf);
    }

    /// <summary>A layer that ends within the range of one before it, or does nothing: what it skips is the range's.</summary>
    [Fact]
    public void A_layer_without_a_range_counts_to_the_one_before()
    {
        (IReadOnlyList<ProgramLayer> layers, int[] rangeOf) = Find([5, 7, 11, 13], 0, 1, 0, 3);

        Assert.Equal([new("0", "product", 0, 3, 1 + 2 + 4, 5 + 7 + 11), new("3", "product", 3, 2, 8, 13)], layers);
        Assert.Equal([0, 0, 0, 1], rangeOf);
    }

    [Fact]
    public void A_first_layer_that_does_nothing_has_none()
    {
        (IReadOnlyList<ProgramLayer> layers, int[] rangeOf) = Find([5, 7], 1, 1);

        Assert.Equal([new("1", "product", 0, 3, 1 + 2, 7)], layers);
        Assert.Equal([0, 0], rangeOf);
    }

    [Fact]
    public void Rows_of_a_view_lie_in_one_of_its_pieces()
    {
        Region first = new("first", RegionRole.Hidden, 4, 16), second = new("second", RegionRole.Hidden, 8, 16);
        var view = new TensorView([new(0, 4, first, 0), new(4, 3, second, 2)], 10, 1, 16);

        Assert.Equal((first, 16L + 3), view.Locate(1, 3, 3));
        Assert.Equal((second, 32L), view.Locate(4, 3));
        Assert.Equal("Rows 3 to 5 of first do not lie in one region.", Assert.Throws<InvalidOperationException>(() => view.Locate(3, 3)).Message);
        Assert.Equal("Rows 6 to 7 of first do not lie in one region.", Assert.Throws<InvalidOperationException>(() => view.Locate(6, 2)).Message);
    }

    // Each operation of the given layer does a power of two of multiply-accumulates.
    private static (IReadOnlyList<ProgramLayer> Layers, int[] RangeOf) Find(long[] skipped, params int[] layers)
    {
        var plan = new Plan(TestMachines.Wide());
        for (int i = 0; i < skipped.Length; i++)
        {
            plan.BeginLayer($"{i}", "product");
            plan.Layer.SkippedMacs = skipped[i];
        }

        return LayerRanges.Find(plan, [.. layers.Select((layer, i) => new Operation(StepKind.Compute, Unit.Compute, Instruction.Of(Compute.Definition), layer) { Macs = 1 << i })]);
    }
}
