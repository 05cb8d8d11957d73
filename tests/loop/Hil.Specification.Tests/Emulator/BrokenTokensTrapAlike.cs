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
            Check(Damaged(machine, seed), machine);
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

    /// <summary>One wait or post taken away or added; or posts to all units everywhere, and no waits.</summary>
    private static GeneratedProgram Damaged(Machine machine, int seed)
    {
        var dice = new Dice(seed);
        bool flood = dice.OneIn(3);
        int length = flood ? dice.Between(50, 90) : dice.Between(3, 40);
        GeneratedProgram generated = ProgramGenerator.Make(machine, seed, new GeneratorOptions(Length: length, ElementLimit: 20, MacLimit: 100));
        Instruction[] code = [.. generated.Instructions];
        for (int damage = flood ? code.Length : dice.Between(1, 2); damage > 0; damage--)
        {
            int at = flood ? damage - 1 : dice.Between(0, code.Length - 2);
            Unit own = InstructionSet.Find(code[at].Opcode)!.Unit;
            if (own == Unit.Control)
            {
                continue;
            }

            uint bit = (1u << (int)dice.Of(Unit.Load, Unit.Compute, Unit.Vector, Unit.Store)) & ~(1u << (int)own);
            code[at] = flood ? code[at].With(Common.Post, 0xF & ~(1u << (int)own)).With(Common.Wait, 0)
                : dice.Flag() != 0 ? code[at].With(Common.Wait, code[at][Common.Wait] ^ bit)
                : code[at].With(Common.Post, code[at][Common.Post] ^ bit);
        }

        return Rewritten.With(generated, code);
    }
}
