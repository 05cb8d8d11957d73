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
            ProgramImage program = Broken(machine, seed);
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

    /// <summary>A legal program in which one word was changed: random bits, tokens that are never given, or too many of them.</summary>
    private static ProgramImage Broken(Machine machine, int seed)
    {
        var dice = new Dice(seed);
        var options = new GeneratorOptions(Length: dice.Between(3, 50));
        ProgramImage program = ProgramGenerator.Make(machine, seed, options).Program;
        byte[] image = program.Image.ToArray();
        int entry = checked((int)(program.Entry - program.ImageBase));
        // Too many tokens take a whole program that gives and takes none.
        int victim = seed % 5 == 1 ? 0 : dice.Between(0, program.InstructionCount - 2);
        int last = seed % 5 == 1 || dice.OneIn(5) ? program.InstructionCount - 2 : victim;
        for (int at = victim; at <= last; at++)
        {
            Span<byte> word = image.AsSpan(entry + (at * Instruction.Bytes), Instruction.Bytes);
            Instruction instruction = Instruction.ReadFrom(word);
            if (instruction.Opcode == Opcode.End) continue;
            UnitSet own = (UnitSet)(1 << (int)InstructionSet.Find(instruction.Opcode)!.Unit);
            UnitSet others = (UnitSet)0xF & ~own;
            instruction = (seed % 5) switch
            {
                0 => instruction.WithTokens(instruction.Wait | others, instruction.Post),
                1 => instruction.WithTokens(UnitSet.None, others),
                // A LOAD that becomes a STORE is right in all but the machine, if that stores nothing.
                2 => Illegal(
                    instruction, i => i.With(Common.Opcode, dice.OneIn(2) ? (uint)Opcode.Store : (uint)dice.Between(0, 63)), machine),
                3 => Illegal(instruction, i => Flipped(i, dice, UInt128.MaxValue), machine),
                _ => Illegal(instruction, i => Flipped(i, dice, InstructionSet.Find(i.Opcode)!.UsedBits), machine),
            };
            instruction.WriteTo(word);
        }

        return program with { Image = image };
    }

    /// <summary>The first of some changes that breaks a form rule: a legal word with an address of nowhere has no meaning.</summary>
    private static Instruction Illegal(Instruction instruction, Func<Instruction, Instruction> change, Machine machine)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            Instruction changed = change(instruction);
            if (FormRules.Check(changed, machine) != TrapReason.None) return changed;
        }

        return instruction;
    }

    private static Instruction Flipped(Instruction instruction, Dice dice, UInt128 among)
    {
        UInt128 word = instruction.Word;
        for (int n = dice.Between(1, 3); n > 0; n--) word ^= among & (UInt128.One << dice.Between(6, Instruction.Bits - 1));
        return new Instruction(word);
    }
}
