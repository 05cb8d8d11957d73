using System.Collections.Immutable;
using Hil.Compiler.Lowering;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>How often lowering loads what main memory holds, and where it puts it.</summary>
public sealed class WeightsAndParametersAreLoadedOnce
{
    /// <summary>Of a hidden layer of which a block of rows exists at a time, the weights are loaded once a block, however many accumulators that takes.</summary>
    [Fact]
    public void Weights_once_for_the_rows_that_exist_together()
    {
        Machine machine = TestMachines.Small();
        Plan plan = Lowered(new SmallGraph(100, 8, 2, 20).Make(), machine, new(HiddenBlocks: 2));

        Operation[] loads = [.. plan.Operations.Where(o => plan.Layers[o.Layer].Name == "hidden" && o.Kind == StepKind.LoadWeights)];
        Operation[] computes = [.. plan.Operations.Where(o => plan.Layers[o.Layer].Name == "hidden" && o.Kind == StepKind.Compute)];

        // Strips of two columns; blocks of 50 rows, each in two runs of accumulators.
        Assert.Equal(2 * (20 / 2), loads.Length);
        Assert.Equal(2 * 2 * (20 / 2), computes.Length);
    }

    /// <summary>A layer norm that runs beside a product has entries of its own if a strip's fit beside them: 61 columns and a header, rounded up to two, of 64.</summary>
    [Theory]
    [InlineData(61, 62)]
    [InlineData(62, 0)]
    public void Parameters_of_a_norm_are_set_aside_where_there_is_room_for_a_strip(int columns, int first)
    {
        Plan plan = Lowered(ProductAndNorm(60, 4, columns), TestMachines.Small(), new(Blocks: 2));

        uint[] ofProduct = [.. plan.Operations.Where(o => o.Kind == StepKind.LoadParameters && o.Layer == 0).Select(o => o.Word[LoadParameters.First])];
        Assert.Equal(first, (int)ofProduct.Min());
        Assert.Equal(0u, plan.Operations.Last(o => o.Kind == StepKind.LoadParameters).Word[LoadParameters.First]);
    }

    /// <summary>
    /// Two row blocks before a norm: the first five eighths, or as equal as they can be where that is longer than the accumulators (40 rows); one where weights would take more
    /// than four fifths of the cycles of a block to load: 192 cycles, of 240, with a latency of 13.
    /// </summary>
    [Theory]
    [InlineData(16, 64, new[] { 40, 24 })]
    [InlineData(16, 66, new[] { 33, 33 })]
    [InlineData(13, 40, new[] { 25, 15 })]
    [InlineData(14, 40, new[] { 40 })]
    public void Rows_are_cut_so_that_the_norm_of_one_block_runs_beside_the_next(int latency, int rows, int[] blocks)
    {
        Machine machine = TestMachines.Wide();
        machine = machine with { Regions = [machine.Regions[0] with { ReadLatencyCycles = latency }] };

        Plan plan = Lowered(ProductAndNorm(rows, 64, 16), machine, new(Blocks: 2));

        Assert.Equal(blocks, plan.Operations.Where(o => o.Kind == StepKind.Compute).Select(o => (int)o.Word[Compute.Rows]));
    }

    private static QuantizedGraph ProductAndNorm(int rows, int k, int n)
    {
        var random = new Random(1);
        QTensor[] tensors = [new("x", "x", rows, k, QType.Int8, 1), new("stream", "stream", rows, n, QType.Int16, 1), new("y", "y", rows, n, QType.Int8, 1)];
        QLayer[] layers =
        [
            new QProduct(
                "product", "x", "stream", k, n, [.. Enumerable.Range(0, k * n).Select(_ => (sbyte)random.Next(-127, 128))], [.. new int[n]],
                [.. Enumerable.Repeat((ushort)40000, n)], 16, [], null, [], 0),
            new QNormalize("norm", "stream", "y", null, [.. new short[n]], [.. new int[n]], 17, 0, 5),
        ];
        return new QuantizedGraph("norm", new string('0', 64), "x", "y", tensors.ToImmutableSortedDictionary(t => t.Name, t => t), [.. layers]);
    }

    private static Plan Lowered(QuantizedGraph graph, Machine machine, LoweringChoice choice)
    {
        var plan = new Plan(machine);
        new GraphLowering(plan, graph, choice, PlantedFault.None).Lower();
        return plan;
    }
}
