using Hil.Contract;

namespace Hil.Models.Graphs;

/// <summary>Turns the values of a mask tensor into one bit a key, as SOFTMAX reads it (docs/numerics.md §7).</summary>
public static class MaskBits
{
    internal const float CountsAbove = -1e-3f;
    private const float MaskedFrom = -1000;

    /// <summary>Bytes of the bits of so many keys: whole entries of 64.</summary>
    public static int Bytes(int keys) => (keys + 63) / 64 * 8;

    /// <summary>Whether an element lets its key count.</summary>
    public static bool Counts(float value, MaskMeaning meaning) => meaning switch
    {
        MaskMeaning.Additive => value > CountsAbove,
        MaskMeaning.Keeps => value != 0,
        _ => value == 0,
    };

    /// <summary>
    /// The keys that count, bit c of the little-endian bytes for key c. Values of several rows must say the same in every row, below the diagonal of a causal mask. Throws <see cref="HilException"/> (Unsupported) for a mask that bits cannot say.
    /// </summary>
    public static byte[] Pack(MaskInput mask, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var keys = mask.Keys;
        if (values.Length == 0 || values.Length % keys != 0)
        {
            throw new ArgumentException($"{values.Length} values are no rows of {keys} keys.", nameof(values));
        }

        var bits = new byte[Bytes(keys)];
        var rows = values.Length / keys;
        for (var i = 0; i < values.Length; i++)
        {
            if (mask.Meaning == MaskMeaning.Additive && !(Math.Abs(values[i]) <= -CountsAbove || values[i] <= MaskedFrom))
            {
                throw Bad(mask, $"it adds {values[i]} to scores, which is neither 0 nor below {MaskedFrom}.");
            }

            var (row, key) = (i / keys, i % keys);
            var counts = Counts(values[i], mask.Meaning);
            if (row == rows - 1 && counts)
            {
                bits[key / 8] |= (byte)(1 << (key % 8));
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            var expected = (bits[i % keys / 8] >> (i % keys % 8) & 1) != 0 && (!mask.Causal || i % keys <= i / keys);
            if (rows > 1 && Counts(values[i], mask.Meaning) != expected)
            {
                throw Bad(mask, $"row {i / keys} leaves out other keys than the last row, and the mask was not found causal.");
            }
        }

        return bits;
    }

    /// <summary>The same as a number a key: 1 for each that counts.</summary>
    public static int[] Keys(MaskInput mask, ReadOnlySpan<float> values)
    {
        var bits = Pack(mask, values);
        return [.. Enumerable.Range(0, mask.Keys).Select(k => (bits[k / 8] >> (k % 8)) & 1)];
    }

    private static HilException Bad(MaskInput mask, string what) =>
        new(ExitKind.Unsupported, what, $"mask '{mask.Tensor}'", "Use a mask that is the same for all queries, or a causal one with it.");
}
