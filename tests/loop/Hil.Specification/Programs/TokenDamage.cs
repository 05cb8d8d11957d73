using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>Random programs with damaged tokens, which deadlock or overflow a counter, or survive.</summary>
public static class TokenDamage
{
    /// <summary>One wait or post taken away or added; or posts to all units everywhere, and no waits.</summary>
    public static GeneratedProgram Make(Machine machine, int seed)
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
