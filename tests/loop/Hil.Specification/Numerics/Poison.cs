namespace Hil.Specification.Numerics;

/// <summary>What memories hold at START in a test (docs/numerics.md section 2).</summary>
public static class Poison
{
    public const int Scratchpad = 0;
    public const int Accumulators = 1;
    public const int Parameters = 2;
    public const int Tables = 3;
    public const int RowScales = 4;

    public static byte At(uint seed, int memory, long index)
    {
        const long Word = 1L << 32;
        long g = (seed + (2654435761L * (memory + 1)) + (2246822519L * (index % Word))) % Word;
        long h = unchecked((long)((ulong)(g ^ (g >> 15)) * 739982445UL % (ulong)Word));
        return (byte)(h >> 24);
    }

    public static byte[] Fill(uint? seed, int memory, long bytes)
    {
        var content = new byte[bytes];
        if (seed is { } value)
        {
            for (long i = 0; i < bytes; i++)
            {
                content[i] = At(value, memory, i);
            }
        }

        return content;
    }
}
