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
    }
}
