using Hil.Contract.Isa;

namespace Hil.Contract.Programs;

/// <summary>Which instruction's token each wait takes: tokens of one ordered pair of units are taken in the order they are posted.</summary>
public static class TokenPairs
{
    /// <summary>For each instruction the indices of those whose tokens it takes; a wait without an earlier post is left out.</summary>
    public static IReadOnlyList<int>[] Of(IReadOnlyList<Instruction> instructions)
    {
        ArgumentNullException.ThrowIfNull(instructions);
        var posted = new Queue<int>[Units.Count, Units.Count];
        foreach (Unit p in Units.Executing)
        {
            foreach (Unit c in Units.Executing)
            {
                posted[(int)p, (int)c] = new Queue<int>();
            }
        }

        var waits = new IReadOnlyList<int>[instructions.Count];
        for (int i = 0; i < waits.Length; i++)
        {
            Instruction instruction = instructions[i];
            Unit unit = InstructionSet.Find(instruction.Opcode)?.Unit ?? Unit.Control;
            if (unit == Unit.Control)
            {
                waits[i] = [];
                continue;
            }

            var taken = new List<int>(0);
            foreach (Unit other in Units.Executing)
            {
                if (((int)instruction.Wait & (1 << (int)other)) != 0 && posted[(int)other, (int)unit].TryDequeue(out int from))
                {
                    taken.Add(from);
                }

                if (((int)instruction.Post & (1 << (int)other)) != 0)
                {
                    posted[(int)unit, (int)other].Enqueue(i);
                }
            }

            waits[i] = taken;
        }

        return waits;
    }
}
