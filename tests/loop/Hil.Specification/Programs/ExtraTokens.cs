using Hil.Contract.Isa;

namespace Hil.Specification.Programs;

/// <summary>Adds tokens that nothing needs, as long as the program stays legal: a post, later a wait for it.</summary>
internal static class ExtraTokens
{
    private const int Attempts = 3;

    public static IReadOnlyList<Instruction> Add(
        IReadOnlyList<Instruction> program, Func<IReadOnlyList<Instruction>, bool> isLegal, Dice dice, int extra)
    {
        if (extra == 0)
        {
            return program;
        }

        IReadOnlyList<Instruction> best = program;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Instruction[] more = [.. best];
            for (int n = 1 + (program.Count / (4 * extra)); n > 0; n--)
            {
                AddOne(more, dice);
            }

            best = isLegal(more) ? more : best;
        }

        return best;
    }

    private static void AddOne(Instruction[] program, Dice dice)
    {
        int wait = dice.Between(0, program.Length - 1);
        int post = dice.Between(Math.Max(0, wait - 12), wait);
        (int from, int to) = (UnitOf(program[post]), UnitOf(program[wait]));
        if (from >= Units.Count || to >= Units.Count || from == to)
        {
            return;
        }

        (UnitSet posted, UnitSet awaited) = ((UnitSet)(1 << to), (UnitSet)(1 << from));
        if ((program[post].Post & posted) == 0 && (program[wait].Wait & awaited) == 0)
        {
            program[post] = program[post].WithTokens(program[post].Wait, program[post].Post | posted);
            program[wait] = program[wait].WithTokens(program[wait].Wait | awaited, program[wait].Post);
        }
    }

    private static int UnitOf(Instruction i) => (int)InstructionSet.Find(i.Opcode)!.Unit;
}
