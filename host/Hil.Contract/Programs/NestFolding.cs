using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Programs;

/// <summary>
/// Recovers the loops of a finished program: repeated groups of instructions of the same sizes and the same waits become one stage. For
/// compilers that do not keep their loops as data; what it gives is a summary in sizes, counts and waits, with no instruction in it.
/// </summary>
public static class NestFolding
{
    /// <summary>Longest iteration that is looked for, in instructions.</summary>
    private const int LongestIteration = 64;

    /// <summary>A wait may reach back at most this many iterations within a stage; the first ones may wait for earlier stages.</summary>
    private const int LongestDistance = 4;

    /// <summary>One nest per layer that has instructions other than END.</summary>
    /// <param name="instructions">In program order, with their tokens; END is not looked at.</param>
    public static IReadOnlyList<LoopNest> Fold(
        IReadOnlyList<Instruction> instructions, IReadOnlyList<ProgramLayer> layers, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(instructions);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(machine);
        var folder = new Folder(instructions, machine);
        var nests = new List<LoopNest>();
        for (int layer = 0; layer < layers.Count; layer++)
        {
            ProgramLayer range = layers[layer];
            int end = range.FirstInstruction + range.InstructionCount;
            while (end > range.FirstInstruction && instructions[end - 1].Opcode == Opcode.End)
            {
                end--;
            }

            if (end > range.FirstInstruction)
            {
                nests.Add(new LoopNest(layer, folder.FoldLayer(range.FirstInstruction, end, range.SkippedMacs > 0)));
            }
        }

        return nests;
    }

    private sealed class Folder(IReadOnlyList<Instruction> instructions, Machine machine)
    {
        private readonly StepReader reader = new(machine);
        private readonly IReadOnlyList<int>[] waits = TokenPairs.Of(instructions);
        private readonly Unit[] units = [.. instructions.Select(i => InstructionSet.Find(i.Opcode)?.Unit ?? Unit.Control)];

        /// <summary>Of each instruction, how many of its unit come before it.</summary>
        private readonly int[] ordinals = new int[instructions.Count];
        private readonly int[] seen = new int[Units.Count + 1];
        private int counted;

        private readonly record struct Range(int First, int Length, int Count);

        public List<Stage> FoldLayer(int first, int end, bool pruned)
        {
            var steps = new Step[end - first];
            for (int i = first; i < end; i++)
            {
                steps[i - first] = reader.Read(instructions[i]);
            }

            Step[] keys = [.. steps.Select(s => StepReader.Key(s, pruned))];
            var stages = new List<Stage>();
            int single = first;
            int at = first;
            while (at < end)
            {
                (int length, int count) = LongestRepeat(keys, first, at, end);
                if (count < 2)
                {
                    at++;
                    continue;
                }

                if (single < at)
                {
                    stages.Add(MakeStage(steps, first, new Range(single, at - single, 1)));
                }

                stages.Add(MakeStage(steps, first, new Range(at, length, count)));
                at += length * count;
                single = at;
            }

            if (single < end)
            {
                stages.Add(MakeStage(steps, first, new Range(single, end - single, 1)));
            }

            return stages;
        }

        private (int Length, int Count) LongestRepeat(Step[] keys, int first, int at, int end)
        {
            (int Length, int Count) best = (1, 1);
            for (int length = 1; length <= LongestIteration && at + (2 * length) <= end; length++)
            {
                if (!keys[at - first].Equals(keys[at - first + length]))
                {
                    continue;
                }

                int count = 1;
                while (at + ((count + 1) * length) <= end && Repeats(keys, first, at, length, count))
                {
                    count++;
                }

                if (count >= 2 && length * count > best.Length * best.Count)
                {
                    best = (length, count);
                }
            }

            return best;
        }

        private bool Repeats(Step[] keys, int first, int at, int length, int iteration)
        {
            int here = at + (iteration * length);
            for (int step = 0; step < length; step++)
            {
                if (!keys[here - first + step].Equals(keys[at - first + step]))
                {
                    return false;
                }
            }

            for (int step = 0; step < length; step++)
            {
                // Waits within the stage repeat those of the iteration before; a new one may only reach the first iteration.
                foreach (int wait in waits[here + step])
                {
                    if (wait < at)
                    {
                        if (iteration >= LongestDistance)
                        {
                            return false;
                        }

                        continue;
                    }

                    bool reachesFirst = wait < at + length && iteration < LongestDistance;
                    if (!reachesFirst && !waits[here + step - length].Contains(wait - length))
                    {
                        return false;
                    }
                }

                foreach (int wait in waits[here + step - length])
                {
                    if (wait >= at && !waits[here + step].Contains(wait + length))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        private Stage MakeStage(Step[] steps, int first, Range range)
        {
            int[] ordinalAt = CountBefore(range.First);
            var serial = new List<SerialPair>();
            var entry = new List<EntryWait>();
            for (int iteration = 0; iteration < range.Count; iteration++)
            {
                for (int step = 0; step < range.Length; step++)
                {
                    foreach (int wait in waits[range.First + (iteration * range.Length) + step])
                    {
                        if (wait >= range.First)
                        {
                            // The last iteration has all that repeat.
                            if (iteration == range.Count - 1)
                            {
                                (int from, int earlier) = Math.DivRem(wait - range.First, range.Length);
                                serial.Add(new SerialPair(earlier, step, iteration - from));
                            }
                        }
                        else
                        {
                            Unit unit = units[wait];
                            int back = ordinals[wait];
                            entry.Add(new EntryWait(iteration, step, unit, ordinalAt[(int)unit] - 1 - back));
                        }
                    }
                }
            }

            return new Stage(range.Count, LoopSizes.Of(steps, range.First - first, range.Length, range.Count), serial) { Entry = entry };
        }

        /// <summary>Instructions of each unit before an index; called with increasing ones.</summary>
        private int[] CountBefore(int index)
        {
            for (; counted < index; counted++)
            {
                ordinals[counted] = seen[(int)units[counted]]++;
            }

            return [.. seen];
        }
    }
}
