using Hil.Contract;
using Hil.Contract.Machines;

namespace Hil.Compiler.Tests;

public sealed class WhatDoesNotFitIsRefused
{
    [Fact]
    public void A_product_larger_than_the_scratchpad_is_refused_with_the_bytes_over()
    {
        Machine machine = MachineFile.Bundled("icebreaker");

        HilException refusal = Assert.Throws<HilException>(() => GemmCompiler.Compile(512, 512, 512, machine));

        Assert.Equal(ExitKind.Unsupported, refusal.Kind);
        Assert.Equal("The operands do not fit the scratchpad: 393216 bytes too many.", refusal.What);
        Assert.Equal("gemm 512 512 512 on icebreaker", refusal.Where);
    }

    [Fact]
    public void A_model_is_refused_with_the_bytes_over_of_the_way_that_comes_closest()
    {
        Machine machine = TestMachines.Wide();
        machine = machine with { Scratchpad = machine.Scratchpad with { BankBytes = 128 } };

        HilException refusal = Assert.Throws<HilException>(() => ModelCompiler.Compile(SmallGraph.All["class token, two heads"].Make(), machine));

        Assert.Equal(ExitKind.Unsupported, refusal.Kind);
        Assert.Equal(
            "The model does not fit the scratchpad of 768 bytes in 6 banks: 688 bytes over at value/0, with scores and hidden layer already split into the smallest blocks.", refusal.What);
        Assert.Equal("small on wide", refusal.Where);
    }

    [Fact]
    public void A_product_larger_than_main_memory_is_refused_by_its_region()
    {
        Machine machine = TestMachines.Wide();
        machine = machine with { Regions = [machine.Regions[0] with { Bytes = 4096 }] };

        HilException refusal = Assert.Throws<HilException>(() => GemmCompiler.Compile(16, 100, 100, machine));

        Assert.Equal(ExitKind.Unsupported, refusal.Kind);
        Assert.Equal(machine.Regions[0].Name, refusal.Where);
        Assert.Equal("The program takes 16736 bytes, 12640 more than there are.", refusal.What);
        Assert.Equal("Prune the model, or take a machine with more main memory.", refusal.WhatToDo);
    }

    [Theory]
    [InlineData(0, 1, 1, "m")]
    [InlineData(1, 0, 1, "k")]
    [InlineData(1, 1, 0, "n")]
    public void A_product_without_a_row_or_a_column_is_none(int m, int k, int n, string size) =>
        Assert.Equal(size, Assert.Throws<ArgumentOutOfRangeException>(() => GemmCompiler.Compile(m, k, n, TestMachines.Wide())).ParamName);

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("machine", Assert.Throws<ArgumentNullException>(() => GemmCompiler.Compile(1, 1, 1, null!)).ParamName);
        Assert.Equal("machine", Assert.Throws<ArgumentNullException>(() => GemmData.Random(null!, 1, 1, 0, 1)).ParamName);
        Assert.Equal("machine", Assert.Throws<ArgumentNullException>(() => ModelCompiler.Compile(SmallGraph.All["class token, two heads"].Make(), null!)).ParamName);
        Assert.Equal("graph", Assert.Throws<ArgumentNullException>(() => ModelCompiler.Compile(null!, TestMachines.Wide())).ParamName);
    }

    /// <summary>Its lines lie apart, and no load of weights reaches across.</summary>
    [Fact]
    public void A_product_with_an_operand_that_has_zeros_around_its_lines_is_refused()
    {
        HilException refusal = Assert.Throws<HilException>(() => ModelCompiler.Compile(ElementGraphs.WindowOverOperand(), TestMachines.Wide()));

        Assert.Equal(
            (ExitKind.Unsupported, "Its right operand is read with zeros around it, too.", "product"), (refusal.Kind, refusal.What, refusal.Where));
    }

    [Fact]
    public void Convolutions_of_one_tensor_as_unlike_grids_are_refused_by_the_last()
    {
        HilException refusal = Assert.Throws<HilException>(() => ModelCompiler.Compile(ElementGraphs.WindowsOverUnlikeGrids(), TestMachines.Wide()));

        Assert.Equal(
            (ExitKind.Unsupported, "Its input is read as grids of unlike lines.", "high", "Give each convolution an input of its own."),
            (refusal.Kind, refusal.What, refusal.Where, refusal.WhatToDo));
    }

    [Fact]
    public void A_product_of_activations_is_refused_where_a_weight_slot_is_shorter_than_a_word()
    {
        Machine machine = TestMachines.Ragged() with { WeightTiles = 1 };

        HilException refusal = Assert.Throws<HilException>(() => ModelCompiler.Compile(ElementGraphs.NormOfProduct(), machine));

        Assert.Equal(
            (ExitKind.Unsupported, "A weight slot of 1 tiles is shorter than a word of the scratchpad, and a sum of 8 products longer.", "product", "Take a machine with more weight tiles."),
            (refusal.Kind, refusal.What, refusal.Where, refusal.WhatToDo));
    }

    [Fact]
    public void A_transpose_is_refused_where_the_accumulators_have_fewer_rows_than_a_word_has_bytes()
    {
        Machine machine = TestMachines.Wide() with { AccumulatorRows = 12 };

        HilException refusal = Assert.Throws<HilException>(() => ModelCompiler.Compile(ElementGraphs.Transposed(), machine));

        Assert.Equal(
            (ExitKind.Unsupported, "The accumulators have 12 rows, fewer than a word of the scratchpad has bytes, and 20 columns become rows.", "y", "Take a machine with more accumulator rows."),
            (refusal.Kind, refusal.What, refusal.Where, refusal.WhatToDo));
    }

    /// <summary>Its least element lies around it where that is what 0 is.</summary>
    [Fact]
    public void A_pool_and_a_window_over_one_tensor_are_refused_where_unlike_elements_lie_around_it()
    {
        Assert.Equal(
            "A padded maximum pool and a convolution read the same tensor.",
            Assert.Throws<HilException>(() => ModelCompiler.Compile(ElementGraphs.PoolAndWindow(1, 0), TestMachines.Wide())).What);
        Assert.NotEmpty(ModelCompiler.Compile(ElementGraphs.PoolAndWindow(1, sbyte.MinValue), TestMachines.Wide()).Program.Layers);
    }
}
