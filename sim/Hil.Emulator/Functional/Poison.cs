namespace Hil.Emulator.Functional;

/// <summary>The memories that are poisoned, numbered as in docs/numerics.md section 2.</summary>
public enum PoisonedMemory
{
    Scratchpad,
    Accumulators,
    Parameters,
    Tables,
    RowScales,
}

/// <summary>
/// What memories hold at START, by the rule of docs/numerics.md section 2: a program that reads what it did not write
/// gives other results with another seed.
/// </summary>
public static class Poison
{
    public static byte[] Make(uint seed, PoisonedMemory memory, long bytes)
    {
        var content = new byte[bytes];
        unchecked
        {
            uint g = seed + (2654435761u * ((uint)memory + 1));
            for (int i = 0; i < content.Length; i++, g += 2246822519u)
                content[i] = (byte)(((g ^ (g >> 15)) * 739982445u) >> 24);
        }

        return content;
    }
}
