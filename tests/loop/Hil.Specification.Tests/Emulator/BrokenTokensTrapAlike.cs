using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Timing;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Specification.Tests.Emulator;

/// <summary>Programs whose tokens are damaged deadlock or overflow a counter; no verifier would let them pass, the machine must still say so.</summary>
public sealed class BrokenTokensTrapAlike
{
    private readonly Dictionary<TrapReason, int> _seen = [];

    [Fact]
    public void Deadlocks_and_overflows_are_the_same_to_the_cycle()
    {
        for (int seed = 0; seed < 900; seed++)
        {
            Machine made = MachineGenerator.Make(seed / 3);
            Machine machine = made with { Issue = made.Issue with { DeadlockCycles = 64 + (seed % 300) } };
            Check(TokenDamage.Make(machine, seed), machine);
        }

        Assert.True(_seen.GetValueOrDefault(TrapReason.Deadlock) > 100, "few deadlocks");
        Assert.True(_seen.GetValueOrDefault(TrapReason.TokenOverflow) > 100, "few overflows");
        Assert.True(_seen.GetValueOrDefault(TrapReason.None) > 50, "few programs that survive");
    }

    [Fact]
    public void A_program_without_END_deadlocks_at_its_count()
    {
        Machine machine = MachineGenerator.Make(1);
        GeneratedProgram generated = ProgramGenerator.Make(machine, 1, new GeneratorOptions(Length: 4));
        GeneratedProgram endless = Rewritten.With(generated, [.. generated.Instructions.SkipLast(1)]);
        Assert.Equal(new TrapRecord(TrapReason.Deadlock, 4), Check(endless, machine));
    }

    private TrapRecord Check(GeneratedProgram generated, Machine machine)
    {
        TimingResult expected = Interpreter.Run(machine, generated.Program, i => LegalForm.Check(i, machine));
        EngineTiming timing = EmulatorRunner.Engine(generated, EmulatorOptions.Default).Timing;
        Assert.Null(TimingDivergence.Find(generated, expected, timing.Trap, timing.Counters, timing.Trace));
        _seen[expected.Trap.Reason] = _seen.GetValueOrDefault(expected.Trap.Reason) + 1;
        return expected.Trap;
    }
}
