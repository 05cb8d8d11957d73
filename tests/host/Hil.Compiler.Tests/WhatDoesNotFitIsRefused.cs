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
        Assert.Contains("bytes", refusal.What, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 bytes", refusal.What, StringComparison.Ordinal);
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
