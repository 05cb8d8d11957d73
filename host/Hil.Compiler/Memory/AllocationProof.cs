using Hil.Compiler.Plans;

namespace Hil.Compiler.Memory;

/// <summary>
/// Checks the allocation again, in the order in which the program was emitted and knowing nothing of how it was made: every operand lies in its
/// region, every region in its bank, and no two regions share a byte while both live.
/// </summary>
internal static class AllocationProof
{
    public static void Check(Plan plan, IReadOnlyList<Operation> program)
    {
        var first = new Dictionary<Region, int>();
        var last = new Dictionary<Region, int>();
        for (int i = 0; i < program.Count; i++)
        {
            foreach (Operand operand in program[i].Operands)
            {
                Region r = operand.Region;
                if (operand.Offset < 0 || operand.End > r.Address + r.Bytes)
                    throw new InvalidOperationException($"{program[i].Kind} leaves the region {r.Name}.");
                first.TryAdd(r, i);
                last[r] = i;
            }
        }

        int bankBytes = plan.Machine.Scratchpad.BankBytes;
        Region[] regions = [.. first.Keys.OrderBy(r => r.Address)];
        foreach (Region r in regions)
        {
            if (r.HostWrites) first[r] = -1;
            if (r.HostReads) last[r] = int.MaxValue;
            if (r.Address / bankBytes != r.Bank || (r.Address + r.Bytes - 1) / bankBytes != r.Bank)
                throw new InvalidOperationException($"The region {r.Name} leaves its bank.");
        }

        for (int i = 0; i < regions.Length; i++)
        {
            for (int j = i + 1; j < regions.Length && regions[j].Address < regions[i].Address + regions[i].Bytes; j++)
            {
                (Region a, Region b) = (regions[i], regions[j]);
                if (first[a] <= last[b] && first[b] <= last[a])
                    throw new InvalidOperationException($"The regions {a.Name} and {b.Name} share bytes while both live.");
            }
        }
    }
}
