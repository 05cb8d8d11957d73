using Hil.Contract.Machines;
using Hil.Jobs.Inspecting;

namespace Hil.Jobs.Tests;

public sealed class ModelsAreInspectedWithoutData
{
    private static readonly Machine Icebreaker = MachineFile.Bundled("icebreaker");

    private static readonly Inspection Digits = ModelInspector.Inspect(BundledModel.SpokenDigits.Model, Icebreaker);

    [Fact]
    public void One_that_fits_has_its_program_s_sizes_and_prediction()
    {
        Assert.True(Digits.Fit!.Fits);
        Assert.All(Digits.Fit.Memories, m => Assert.InRange(m.Used, 1, m.Available));
        Assert.Equal("predicted", Digits.Cost!.Source);
        Assert.Equal(3, Digits.Cost.Costliest.Count);
        Assert.True(Digits.Cost.Costliest[0].Cycles >= Digits.Cost.Costliest[2].Cycles);
        Assert.Empty(Digits.Unsupported);
    }

    /// <summary>Shapes leave out what waits for what, so the estimate is below; on this model it must not be far below.</summary>
    [Fact]
    public void The_estimate_from_shapes_is_a_lower_one_of_the_prediction()
    {
        ShapeEstimate estimate = ShapeEstimate.Of(Digits.Graph!, Icebreaker);
        Assert.InRange(estimate.Cycles / Digits.Cost!.Cycles, 0.6, 1.0);
        foreach ((string memory, long least) in new[] { ("scratchpad", estimate.ActivationBytes), ("flash", estimate.WeightBytes) })
        {
            Assert.InRange(least, 1, Digits.Fit!.Memories.Single(m => m.Memory == memory).Used);
        }
    }

    [Fact]
    public void One_that_does_not_fit_says_which_memory_by_how_much_and_what_would_help()
    {
        Machine small = Icebreaker with { Name = "small", Scratchpad = Icebreaker.Scratchpad with { BankBytes = 4096 } };
        FitVerdict fit = ModelInspector.Inspect(BundledModel.SpokenDigits.Model, small).Fit!;
        Assert.False(fit.Fits);
        Assert.Contains("scratchpad of 8192 bytes", fit.What, StringComparison.Ordinal);
        Assert.Contains("icebreaker", fit.WhatToDo, StringComparison.Ordinal);
    }
}
