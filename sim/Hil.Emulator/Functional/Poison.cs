using System.Buffers.Binary;

namespace Hil.Emulator.Functional;

/// <summary>The memories of the device, in the order of their poison.</summary>
public enum DeviceMemory
{
    Scratchpad,
    Weights,
    Accumulators,
    Parameters,
    Tables,
    RowScales,
    Main,
}

/// <summary>
/// What memories hold before anything is written: a fixed pattern of seed, memory and place, so that a program that
/// reads what it did not write gives other results with another seed.
/// </summary>
public static class Poison
{
    /// <summary>Fills a part of a memory; <paramref name="offset"/> is its first byte there.</summary>
    public static void Fill(Span<byte> destination, uint seed, DeviceMemory memory, long offset)
    {
        int done = 0;
        Span<byte> word = stackalloc byte[8];
        while (done < destination.Length)
        {
            long at = offset + done;
            int skip = (int)(at & 7);
            BinaryPrimitives.WriteUInt64LittleEndian(word, Word(seed, memory, at >> 3));
            int count = Math.Min(8 - skip, destination.Length - done);
            word.Slice(skip, count).CopyTo(destination[done..]);
            done += count;
        }
    }

    // The finalizer of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static ulong Word(uint seed, DeviceMemory memory, long index)
    {
        unchecked
        {
            ulong z = ((ulong)seed << 40) + ((ulong)memory << 36) + (ulong)index;
            z = (z + 0x9E3779B97F4A7C15UL) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
