using Hil.Contract.Machines;

namespace Hil.Compiler;

/// <summary>Random integers of a product, the same for a seed on every computer.</summary>
public sealed record GemmData(sbyte[] Weights, int[] Bias)
{
    /// <summary>K × N weights with whole tiles of zeros at about the given share, exactly ⌊share · tiles⌋ of them.</summary>
    public static GemmData Random(Machine machine, int k, int n, double sparsity, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ulong state = unchecked(seed + 0x9E3779B97F4A7C15);
        var weights = new sbyte[(long)k * n];
        for (int i = 0; i < weights.Length; i++) weights[i] = (sbyte)((int)(Next(ref state) % 255) - 127);
        var bias = new int[n];
        for (int i = 0; i < n; i++) bias[i] = (int)(Next(ref state) % 4001) - 2000;
        int down = (k + machine.Rows - 1) / machine.Rows;
        int across = (n + machine.Columns - 1) / machine.Columns;
        int[] tiles = [.. Enumerable.Range(0, down * across)];
        int zero = (int)Math.Floor(sparsity * tiles.Length);
        for (int i = 0; i < zero; i++)
        {
            int j = i + (int)(Next(ref state) % (ulong)(tiles.Length - i));
            (tiles[i], tiles[j]) = (tiles[j], tiles[i]);
            (int row, int column) = (tiles[i] / across * machine.Rows, tiles[i] % across * machine.Columns);
            for (int r = row; r < Math.Min(k, row + machine.Rows); r++)
            {
                for (int c = column; c < Math.Min(n, column + machine.Columns); c++) weights[(r * n) + c] = 0;
            }
        }

        return new(weights, bias);
    }

    // SplitMix64 (Steele, Lea, Flood, 2014).
    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
