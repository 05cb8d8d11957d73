using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;
using Hil.Specification.Programs;

namespace Hil.Emulator.Tests;

/// <summary>
/// How many products the strips of fixed programs become. Fewer joined strips give the same bytes, later: only the count shows them.
/// </summary>
public sealed class StripsAreJoined
{
    private static readonly int[] OfStripPrograms = [23, 27, 47, 51, 30, 15, 39, 23, 25, 8, 43, 34];
    private static readonly int[] OfRandomPrograms = [2, 4, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 2, 1, 2, 1, 0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 2, 4, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 3, 3, 0];

    [Fact]
    public void To_as_few_products_as_before()
    {
        int[] strips = [.. Enumerable.Range(0, OfStripPrograms.Length).Select(StripPrograms.Make).Select(p => new EmulatorEngine(p.Machine, p.Program).Products)];
        int[] random = [.. Enumerable.Range(0, OfRandomPrograms.Length).Select(seed => ProgramGenerator.Make(MachineGenerator.Make(seed), seed)).Select(g => new EmulatorEngine(g.Machine, g.Program).Products)];
        Assert.Equal(OfStripPrograms, strips);
        Assert.Equal(OfRandomPrograms, random);
    }

    [Fact]
    public void And_none_where_each_instruction_is_executed_by_itself()
    {
        (Machine machine, ProgramImage program) = StripPrograms.Make(0);
        Assert.Equal(0, new EmulatorEngine(machine, program, new EmulatorOptions { Fuse = false }).Products);
        Assert.Equal(0, new EmulatorEngine(machine, program, new EmulatorOptions { Mutation = EmulatorMutation.AddTruncates }).Products);
        Assert.True(EmulatorOptions.Default.Fuse);
        Assert.True(EmulatorOptions.Default.Trace);
    }

    [Fact]
    public void And_run_on_the_level_that_is_chosen()
    {
        (Machine machine, ProgramImage program) = StripPrograms.Make(0);
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
            Assert.Equal([level], new EmulatorEngine(machine, program, new EmulatorOptions { Simd = level }).ProductLevels.Distinct());
    }
}
