using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>Random programs with something wrong in them.</summary>
internal static class BrokenPrograms
{
    /// <summary>A legal program in which one word was changed: random bits, tokens that are never given, or too many of them.</summary>
    public static GeneratedProgram Make(Machine machine, int seed)
    {
        var dice = new Dice(seed);
        var options = new GeneratorOptions(Length: dice.Between(3, 50));
        GeneratedProgram legal = ProgramGenerator.Make(machine, seed, options);
        ProgramImage program = legal.Program;
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

        return legal with { Program = program with { Image = image } };
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
