using System.Buffers.Binary;
using Hil.Specification.Numerics;
using Hil.Specification.Programs;

namespace Hil.Specification.Comparison;

/// <summary>
/// All memories at the end of a program, in the byte order of docs/numerics.md section 2: accumulators 4 bytes a value, row scales 4 bytes an entry
/// (the last is 0), and of main memory what the host wrote or a program may have stored to.
/// </summary>
public sealed record MemorySnapshot(
    byte[] Scratchpad, byte[] Accumulators, byte[] Parameters, byte[] Tables, byte[] RowScales, IReadOnlyList<byte[]> Main)
{
    public static MemorySnapshot Of(DeviceState state, IReadOnlyList<HostWrite> ranges)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new MemorySnapshot(
            state.Scratchpad,
            Words(state.Accumulators),
            state.ParameterMemory,
            state.TableMemory,
            Scales([.. state.RowScales.Select(s => (s.Multiplier, s.Shift))]),
            [.. ranges.Select(r => state.Main.Read(r.Address, r.Bytes.Length))]);
    }

    public static byte[] Words(IReadOnlyList<int[]> halves)
    {
        ArgumentNullException.ThrowIfNull(halves);
        var bytes = new byte[halves.Sum(h => h.Length) * sizeof(int)];
        int at = 0;
        foreach (int value in halves.SelectMany(h => h))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
            at += sizeof(int);
        }

        return bytes;
    }

    public static byte[] Scales(IReadOnlyList<(int Multiplier, int Shift)> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        var bytes = new byte[4 * scales.Count];
        for (int i = 0; i < scales.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4 * i), checked((ushort)scales[i].Multiplier));
            bytes[(4 * i) + 2] = checked((byte)scales[i].Shift);
        }

        return bytes;
    }

    /// <summary>The first byte that differs, memory by memory; null if all are equal.</summary>
    public (string Memory, int Offset, byte Expected, byte Actual)? FirstDifference(MemorySnapshot actual)
    {
        ArgumentNullException.ThrowIfNull(actual);
        foreach (((string name, byte[] mine), (_, byte[] theirs)) in Named().Zip(actual.Named()))
        {
            int at = mine.AsSpan().CommonPrefixLength(theirs);
            if (at < Math.Max(mine.Length, theirs.Length))
            {
                return at < Math.Min(mine.Length, theirs.Length)
                    ? (name, at, mine[at], theirs[at])
                    : ($"{name} of {theirs.Length} instead of {mine.Length} bytes", at, (byte)0, (byte)0);
            }
        }

        return null;
    }

    /// <summary>The memories one by one.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Named() =>
    [
        ("scratchpad", Scratchpad), ("accumulators", Accumulators), ("parameters", Parameters), ("tables", Tables),
        ("row scales", RowScales), .. Main.Select((bytes, i) => ($"main memory range {i}", bytes)),
    ];
}
