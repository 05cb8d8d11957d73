using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>Random machines by the rules of machine files, small enough that the specification is quick on them.</summary>
public static class MachineGenerator
{
    public static Machine Make(int seed)
    {
        var dice = new Dice(seed);
        int rows = dice.PowerOfTwo(0, 4);
        int columns = dice.PowerOfTwo(0, 4);
        int word = Math.Max(Math.Max(4, dice.PowerOfTwo(2, 5)), Math.Max(rows, columns));
        int lanes = dice.PowerOfTwo(0, int.Log2(Math.Min(columns, word)));
        IReadOnlyList<MemoryRegion> regions = Regions(dice, Math.Min(columns, word));
        int fetchMost = regions.Min(r => r.MaxBurstBytes) / 16;
        return new Machine(
            $"random-{seed}",
            "random machine of a test",
            true,
            24_000_000,
            new ArrayShape(rows, columns),
            new ScratchpadShape(dice.Between(1, 5), word * dice.PowerOfTwo(6, 9), word),
            dice.Between(1, 64),
            dice.Between(1, 24),
            dice.OneIn(6) ? 2048 : Math.Max(2, lanes) * dice.Between(2, 40),
            dice.Between(1, 8),
            dice.Between(1, 80),
            new VectorShape(
                lanes, dice.Between(0, 9), dice.Between(0, 5), dice.Between(0, 20), dice.Between(1, 40), dice.Between(1, 60), dice.Between(1, 60)),
            new IssueShape(
                dice.OneIn(6) ? dice.Between(9, 24) : dice.Between(1, 5), dice.PowerOfTwo(0, Math.Min(4, int.Log2(fetchMost))), dice.Between(1, 5), 20_000),
            regions,
            CounterSet.Full,
            new EnergyModel(1, 1, 1, 1, 1, "none: a test"));
    }

    private static List<MemoryRegion> Regions(Dice dice, int mostBeatBytes)
    {
        var regions = new List<MemoryRegion>();
        long address = dice.OneIn(3) ? 0 : 1L << dice.Between(16, 28);
        int count = dice.Between(1, 3);
        for (int i = 0; i < count; i++)
        {
            long bytes = 1L << dice.Between(16, 20);
            address = (address + bytes - 1) / bytes * bytes;
            bool pages = dice.Flag() != 0;
            bool writable = dice.Between(0, 2) > 0;
            regions.Add(new MemoryRegion(
                $"region{i}",
                address,
                bytes,
                writable,
                dice.Between(0, 40),
                writable ? dice.Between(0, 40) : 0,
                dice.PowerOfTwo(0, Math.Min(4, int.Log2(mostBeatBytes))),
                dice.Between(1, 5),
                dice.PowerOfTwo(5, 10),
                pages ? dice.PowerOfTwo(6, 12) : 0,
                pages ? dice.Between(1, 20) : 0,
                "none: a test"));
            address += bytes * dice.Between(1, 3);
        }

        return regions;
    }
}
