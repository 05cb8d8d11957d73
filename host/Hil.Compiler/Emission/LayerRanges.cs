using Hil.Compiler.Plans;
using Hil.Contract.Programs;

namespace Hil.Compiler.Emission;

/// <summary>
/// Names consecutive ranges of instructions by layers. A layer's range ends with its last instruction; what a later layer does before that, because
/// the schedule overlaps them, lies in the earlier layer's range. A layer whose work ends before that of an earlier one has no range of its own.
/// Multiply-accumulates count where the instructions lie that do them, as cycles and busy cycles do.
/// </summary>
internal static class LayerRanges
{
    /// <returns>The layers of the program, and for each layer of the plan the index of the range in which its last instruction lies.</returns>
    public static (IReadOnlyList<ProgramLayer> Layers, int[] RangeOf) Find(Plan plan, IReadOnlyList<Operation> order)
    {
        var last = new int[plan.Layers.Count];
        Array.Fill(last, -1);
        for (int i = 0; i < order.Count; i++) last[order[i].Layer] = i;
        var ranges = new List<ProgramLayer>();
        var rangeOf = new int[plan.Layers.Count];
        int end = -1;
        for (int layer = 0; layer < plan.Layers.Count; layer++)
        {
            PlanLayer l = plan.Layers[layer];
            if (last[layer] > end)
            {
                ranges.Add(new(l.Name, l.Kind, end + 1, last[layer] - end, Macs(order, end + 1, last[layer]), l.SkippedMacs));
                end = last[layer];
            }
            else if (ranges.Count > 0)
            {
                ranges[^1] = ranges[^1] with { SkippedMacs = ranges[^1].SkippedMacs + l.SkippedMacs };
            }

            rangeOf[layer] = Math.Max(0, ranges.Count - 1);
        }

        // END belongs to the last layer.
        ranges[^1] = ranges[^1] with { InstructionCount = ranges[^1].InstructionCount + 1 };
        return (ranges, rangeOf);
    }

    private static long Macs(IReadOnlyList<Operation> order, int first, int last)
    {
        long macs = 0;
        for (int i = first; i <= last; i++) macs += order[i].Macs;
        return macs;
    }
}
