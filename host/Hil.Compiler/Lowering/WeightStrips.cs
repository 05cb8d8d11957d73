using System.Buffers.Binary;
using Hil.Compiler.Plans;
using Hil.Contract.Machines;

namespace Hil.Compiler.Lowering;

/// <summary>One strip of output columns: the kept tiles of its weights, cut into loads that fit a weight slot.</summary>
internal sealed record WeightStrip(int Column, int Columns, IReadOnlyList<StripLoad> Loads, int Tiles, long SkippedMacsPerRow);

/// <summary>The tile records of one LOAD_WEIGHTS.</summary>
internal sealed record StripLoad(int Tiles, Constant Records, long MacsPerRow);

/// <summary>Cuts a weight matrix into strips of kept tiles (docs/numerics.md, section 3).</summary>
internal static class WeightStrips
{
    /// <param name="position">Where input k lies in a row of activations; tiles are cut there.</param>
    public static WeightStrip Pack(
        Machine machine, ReadOnlySpan<sbyte> weights, int k, int n, int column, int columns, ReadOnlySpan<int> position, PlantedFault fault)
    {
        int tileRows = machine.Rows;
        int tileCount = (position[k - 1] / tileRows) + 1;
        var tiles = new byte[tileCount][];
        var realRows = new int[tileCount];
        for (int i = 0; i < k; i++)
        {
            (int tile, int row) = (position[i] / tileRows, position[i] % tileRows);
            realRows[tile]++;
            for (int c = 0; c < columns; c++)
            {
                sbyte w = weights[(i * n) + column + c];
                if (w == 0) continue;
                tiles[tile] ??= new byte[tileRows * machine.Columns];
                tiles[tile][(row * machine.Columns) + c] = unchecked((byte)w);
            }
        }

        int[] kept = [.. Enumerable.Range(0, tileCount).Where(t => tiles[t] is not null)];
        if (fault == PlantedFault.MissingTile && kept.Length > 1) kept = kept[..^1];
        var loads = new List<StripLoad>();
        for (int first = 0; first < kept.Length; first += machine.WeightTiles)
        {
            int count = Math.Min(machine.WeightTiles, kept.Length - first);
            var bytes = new byte[count * machine.TileRecordBytes];
            for (int j = 0; j < count; j++)
            {
                int index = kept[first + j];
                Span<byte> record = bytes.AsSpan(j * machine.TileRecordBytes, machine.TileRecordBytes);
                BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)index);
                tiles[index].CopyTo(record[Math.Max(2, machine.Columns)..]);
            }

            long macs = kept.Skip(first).Take(count).Sum(t => (long)realRows[t]) * columns;
            loads.Add(new(count, new Constant(bytes), macs));
        }

        return new(column, columns, loads, kept.Length, ((long)k * columns) - loads.Sum(l => l.MacsPerRow));
    }
}
