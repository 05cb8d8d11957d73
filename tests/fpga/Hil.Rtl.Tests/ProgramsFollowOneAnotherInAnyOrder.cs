using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// Legal programs, programs that trap, and programs that are left while they run, in random order on one core, with and without a reset between
/// them, each from its own poisoned memories: nothing that went before changes a byte, a cycle or a counter.
/// </summary>
public sealed class ProgramsFollowOneAnotherInAnyOrder
{
    private const int Kinds = 4;

    private static readonly int Programs = Share.Of(80, 400);

    public static TheoryData<string> Machines() =>
        Share.Machines([TestMachines.Thin.Name], "ragged-2x4", "square-8x8", "icebreaker", "one-bank-2x2", "pairs-4x8", "large-16x16", "dot-1x1", "flat-1x4");

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void With_and_without_a_reset(string name)
    {
        Skip.If(RtlBuild.MissingForGates is not null, $"No netlist: {RtlBuild.MissingForGates}.");
        Machine machine = TestMachines.Named(name);
        machine = TestMachines.SoonDeadlocked(machine);
        using var rtl = new RtlSimulation(machine, TestMachines.SharedModel(name));
        var dice = new Dice(7);
        string before = "START";
        for (int n = 0; n < Programs; n++)
        {
            bool reset = dice.OneIn(2);
            if (reset) rtl.Reset();
            int seed = dice.Between(1, 1_000_000);
            int kind = dice.Between(1, Kinds);
            bool isBroken = kind == 1;
            GeneratedProgram program = isBroken ? BrokenPrograms.Make(machine, seed) : ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            // Other poison than the program's own: what is read before it is written differs, cycles do not.
            var expected = new ExpectedRun(program with { PoisonSeed = (uint)dice.Between(0, int.MaxValue) }, legal: !isBroken);
            if (kind == Kinds && expected.Cycles > 1)
            {
                long cycles = dice.Between(1, expected.Cycles - 1);
                expected.Abandon(rtl, cycles);
                rtl.Reset();
                before = $"seed {seed}, left after {cycles} cycles and reset";
                continue;
            }

            string differences = expected.Differences(rtl);
            Assert.True(differences.Length == 0, $"{program}, broken {isBroken}, after {before}, reset {reset}:\n{differences}");
            before = $"seed {seed}, broken {isBroken}";
        }
    }
}
