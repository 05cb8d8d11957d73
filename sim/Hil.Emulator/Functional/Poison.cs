namespace Hil.Emulator.Functional;

/// <summary>The memories of the device by their number in the poison rule (numerics, section 2); weights have none there.</summary>
public enum DeviceMemory
{
    Scratchpad = 0,
    Accumulators = 1,
    Parameters = 2,
    Tables = 3,
    RowScales = 4,
    Weights = 5,
}

/// <summary>
/// What memories hold before anything is written (numerics, section 2), so that a program that reads what it did not write gives
/// other results with another seed.
/// </summary>
public static class Poison
{
    /// <summary>Fills a part of a memory; <paramref name="offset"/> is its first byte there.</summary>
    public static void Fill(Span<byte> destination, uint seed, DeviceMemory memory, long offset)
    {
        unchecked
        {
            uint g = seed + (2654435761u * ((uint)memory + 1)) + (2246822519u * (uint)offset);
            for (int i = 0; i < destination.Length; i++, g += 2246822519u)
                destination[i] = (byte)(((g ^ (g >> 15)) * 739982445u) >> 24);
        }
    }
}
