using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Specification.Programs;
using Hil.Specification.Timing;

namespace Hil.Rtl.Tests;

/// <summary>Random programs with something wrong in them: the reason, the instruction, every counter up to the stop, and the trace.</summary>
public sealed class TheRtlTrapsAsTheSpecificationSays
{
    private const int Programs = 400;

    [SkippableTheory]
    [InlineData("icebreaker")]
    [InlineData("ragged-2x4")]
    [InlineData("square-8x8")]
    public void On_programs_with_a_broken_word_or_broken_tokens(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        // A deadlock is found soon, so that it takes few cycles.
        Machine machine = TestMachines.Named(name);
        machine = machine with { Issue = machine.Issue with { DeadlockCycles = 300 } };
        using var rtl = new RtlSimulation(machine);
        var seen = new HashSet<TrapReason>();
        for (int seed = 1; seed <= Programs; seed++)
        {
            ProgramImage program = BrokenPrograms.Make(machine, seed).Program;
            TimingResult expected = Interpreter.Run(machine, program, i => FormRules.Check(i, machine));
            rtl.ClearMain();
            rtl.WriteMain(program.ImageBase, program.Image.Span);
            rtl.Start(program.Entry, program.InstructionCount);
            Assert.True(rtl.Run(expected.Counters.Cycles + 1000), $"seed {seed}: not done");
            Assert.Equal((seed, expected.Trap), (seed, rtl.Trap()));
            Assert.Equal(
                expected.Counters.Named().Select(c => (seed, c.Name, c.Value)), rtl.Counters().Named().Select(c => (seed, c.Name, c.Value)));
            Assert.Equal(expected.Retirements, rtl.Trace().Select(t => t.Retirement));
            seen.Add(expected.Trap.Reason);
        }

        // Every instruction is on a machine that can store.
        IEnumerable<TrapReason> never = machine.Regions.Any(r => r.Writable) ? [TrapReason.NotOnThisMachine] : [];
        Assert.Equal(Enum.GetValues<TrapReason>().Except(never), seen.Order());
    }
}
