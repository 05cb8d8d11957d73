namespace Hil.Specification.Programs;

/// <summary>Seeded choices that favour edges.</summary>
public sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>low ... high, both included.</summary>
    public int Between(int low, int high) => (int)_random.NextInt64(low, high + 1L);

    public long Between(long low, long high) => _random.NextInt64(low, high + 1);

    public bool OneIn(int chances) => _random.Next(chances) == 0;

    public uint Flag() => (uint)_random.Next(2);

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>1 ... most: often 1, the most, or a small number.</summary>
    public int Size(int most) => _random.Next(8) switch
    {
        0 => 1,
        1 or 2 => most,
        3 => Math.Max(1, most - 1),
        4 or 5 => Between(1, Math.Min(most, 9)),
        _ => Between(1, most),
    };

    /// <summary>A multiple of step, 0 ... most.</summary>
    public long Aligned(long most, long step) => _random.NextInt64((most / step) + 1) * step;

    public int PowerOfTwo(int lowExponent, int highExponent) => 1 << Between(lowExponent, highExponent);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
