using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Machines;

namespace Hil.Compiler.Memory;

/// <summary>
/// Gives each region a bank and an address, so that regions that live at one time share no byte. On two banks, what Compute reads and what
/// Vector writes lie on opposite ones; on more, regions that are worked on at one time are spread.
/// </summary>
internal sealed class Allocator(Plan plan, PlantedFault fault)
{
    // Cost of sharing a bank with a living region of the other side (they should overlap in time), of the same role, and of any other.
    private const int OtherSide = 16;
    private const int SameRole = 4;
    private const int Neighbour = 1;

    private readonly Plan _plan = plan;
    private readonly PlantedFault _fault = fault;
    private readonly Machine _machine = plan.Machine;

    /// <summary>The bank of a role on a machine with two: 1 for what layer norm and softmax work on, 0 for the rest.</summary>
    public static int SideOf(RegionRole role) => role is RegionRole.Stream or RegionRole.Normed or RegionRole.Scores ? 1 : 0;

    /// <summary>Places all regions, or says by how many bytes they do not fit.</summary>
    public AllocationResult Place()
    {
        Region[] used = [.. _plan.Regions.Where(r => r.LastUse >= 0 || r.HostWrites)];
        foreach (Region region in used)
        {
            if (region.HostWrites) (region.FirstUse, region.LastUse) = (0, Math.Max(0, region.LastUse));
            if (region.HostReads) region.LastUse = int.MaxValue;
        }

        foreach (bool strict in new[] { true, false })
        {
            foreach (IEnumerable<Region> order in new[]
            {
                used.OrderBy(r => r.FirstUse).ThenByDescending(r => r.Bytes),
                used.OrderByDescending(r => r.Bytes).ThenBy(r => r.FirstUse),
                used.OrderByDescending(r => (long)r.LastUse - r.FirstUse).ThenBy(r => r.FirstUse),
            })
            {
                if (TryPlace([.. order], strict)) return new(true, 0, "", Peak(used));
            }
        }

        (long over, string where) = Shortage(used);
        return new(false, Math.Max(over, _machine.WordBytes), where, Peak(used));
    }

    private bool TryPlace(Region[] order, bool strict)
    {
        var placed = new List<Region>();
        foreach (Region region in order)
        {
            long best = -1;
            int bestBank = -1;
            long bestCost = long.MaxValue;
            for (int bank = 0; bank < _machine.Scratchpad.Banks; bank++)
            {
                if (strict && _machine.Scratchpad.Banks == 2 && bank != (region.WantedBank >= 0 ? region.WantedBank : SideOf(region.Role))) continue;
                long cost = Cost(region, bank, placed);
                if (cost >= bestCost) continue;
                long address = FirstGap(region, bank, placed);
                if (address < 0) continue;
                (best, bestBank, bestCost) = (address, bank, cost);
            }

            if (bestBank < 0) return false;
            (region.Bank, region.Address) = (bestBank, best);
            placed.Add(region);
        }

        if (_fault == PlantedFault.OverlappingAllocation) Overlap(placed);
        return true;
    }

    private static void Overlap(List<Region> placed)
    {
        foreach (Region a in placed)
        {
            if (placed.Find(b => b != a && b.Bank == a.Bank && Together(a, b) && b.Address > a.Address && b.Bytes <= a.Bytes) is { } victim)
            {
                victim.Address = a.Address;
                return;
            }
        }
    }

    private long Cost(Region region, int bank, List<Region> placed)
    {
        int wanted = region.WantedBank >= 0 ? region.WantedBank % _machine.Scratchpad.Banks : -1;
        long cost = wanted >= 0 && bank != wanted ? 1_000_000 : 0;
        if (_machine.Scratchpad.Banks == 2) return cost + (bank == SideOf(region.Role) ? 0 : 1000);
        foreach (Region other in placed)
        {
            if (other.Bank != bank || !Near(region, other)) continue;
            cost += SideOf(other.Role) != SideOf(region.Role) ? OtherSide : other.Role == region.Role ? SameRole : Neighbour;
        }

        return cost;
    }

    private long FirstGap(Region region, int bank, List<Region> placed)
    {
        long low = (long)bank * _machine.Scratchpad.BankBytes;
        long high = low + _machine.Scratchpad.BankBytes;
        Region[] rivals = [.. placed.Where(p => p.Bank == bank && Together(p, region)).OrderBy(p => p.Address)];
        long at = low;
        foreach (Region rival in rivals)
        {
            if (rival.Address - at >= region.Bytes) return at;
            at = Math.Max(at, rival.Address + rival.Bytes);
        }

        return at + region.Bytes <= high ? at : -1;
    }

    private static bool Together(Region a, Region b) => a.FirstUse <= b.LastUse && b.FirstUse <= a.LastUse;

    // Whether the work on two regions can overlap in time: neighbouring layers do, by row blocks.
    private static bool Near(Region a, Region b) => a.FirstLayer <= b.LastLayer + 1 && b.FirstLayer <= a.LastLayer + 1;

    private static long Peak(Region[] used) =>
        used.Length == 0 ? 0 : used.Max(r => used.Where(o => o.FirstUse <= r.FirstUse && r.FirstUse <= o.LastUse).Sum(o => o.Bytes));

    private (long Over, string Where) Shortage(Region[] used)
    {
        long over = 0;
        string where = "";
        foreach (Region at in used)
        {
            Region[] live = [.. used.Where(o => o.FirstUse <= at.FirstUse && at.FirstUse <= o.LastUse)];
            long missing = live.Sum(o => o.Bytes) - _machine.Scratchpad.Bytes;
            foreach (Region single in live) missing = Math.Max(missing, single.Bytes - _machine.Scratchpad.BankBytes);
            if (_machine.Scratchpad.Banks == 2)
            {
                foreach (IGrouping<int, Region> side in live.GroupBy(o => SideOf(o.Role)))
                    missing = Math.Max(missing, side.Sum(o => o.Bytes) - _machine.Scratchpad.BankBytes);
            }

            if (missing > over) (over, where) = (missing, at.Name);
        }

        return (over, where);
    }
}

/// <param name="Over">Bytes that are missing where most are.</param>
/// <param name="Where">The region at whose start that is.</param>
internal sealed record AllocationResult(bool Fits, long Over, string Where, long Peak);
