using Hil.Contract.Isa;
using Hil.Contract.Numerics;

namespace Hil.Contract.Microcode;

/// <summary>
/// What lies behind the parameters in their memory: how each instruction's fields are found, numbers, seeds of the root, exponentials.
/// </summary>
internal static class Constants
{
    /// <summary>Parameter entries that there is room for.</summary>
    public const int Entries = 136;

    /// <summary>Words of 16 bits.</summary>
    public const int Words = 1024;

    /// <summary>Fields that are taken out of each instruction, and the loop's iterations for them.</summary>
    public const int Fields = 7;

    private const int Lists = 4 * Entries;
    private const int ListWords = 16;
    private const int MostNumbers = 32;
    private const int Numbers = 640;
    private const int Seeds = 640;
    private const int Exponentials = 768;

    private static readonly List<int> _numbers = [];

    /// <summary>Where a number lies, counted from the first number.</summary>
    public static int Place(int value)
    {
        if (!_numbers.Contains(value))
        {
            if (_numbers.Count == MostNumbers) throw new InvalidOperationException("Too many constants.");
            _numbers.Add(value);
        }

        return _numbers.IndexOf(value);
    }

    /// <summary>All words; those of parameters are 0.</summary>
    public static int[] All()
    {
        var words = new int[Words];
        foreach ((Opcode code, (int lsb, int bits)[] list) in FieldLists)
        {
            int at = Lists + (ListWords * ((int)code & 7));
            for (int i = 0; i <= list.Length; i++)
            {
                // How far it is shifted and the first of its two words; what is left out of the field before.
                if (i < list.Length) words[at + i] = (list[i].lsb % 16) | ((list[i].lsb - 1) / 16 << 8);
                if (i > 0) words[at + i] |= list[i - 1].bits << 11;
            }
        }

        for (int i = 0; i < _numbers.Count; i++) words[Numbers + i] = _numbers[i];
        for (int i = 0; i < ConstantTables.ReciprocalRootSeeds.Count; i++) words[Seeds + 32 + i] = ConstantTables.ReciprocalRootSeeds[i] << 7;
        for (int i = 0; i < ConstantTables.Exponentials.Count; i++) words[Exponentials + i] = ConstantTables.Exponentials[i];
        return words;
    }

    // Left out, from the lowest: bits 1:0, 10:7, 11, 13:12, 15:14.
    private const int None = 0;
    private const int Twelve = 0b11000;
    private const int Eleven = 0b11100;
    private const int Seven = 0b11110;
    private const int TwelveWords = 0b10001;
    private const int TenWords = 0b11001;
    private const int Entry = 0b00001;

    private static IReadOnlyDictionary<Opcode, (int Lsb, int Bits)[]> FieldLists => new Dictionary<Opcode, (int, int)[]>
    {
        [Opcode.Requantize] =
        [
            (Requantize.Output.Lsb, None), (Requantize.Stride.Lsb - 2, TwelveWords), (Requantize.Rows.Lsb, Twelve), (Requantize.Columns.Lsb, Seven),
            (Requantize.Shift.Lsb, None), (Requantize.Index.Lsb - 2, Entry),
        ],
        [Opcode.Map] =
        [
            (Map.Source.Lsb, None), (Map.Output.Lsb, None), (Map.SourceStride.Lsb - 2, TenWords), (Map.OutputStride.Lsb - 2, TenWords), (Map.Rows.Lsb, Twelve),
            (Map.Columns.Lsb, Twelve), (Map.Index.Lsb - 2, Entry),
        ],
        [Opcode.Add] =
        [
            (Add.A.Lsb, None), (Add.B.Lsb, None), (Add.Output.Lsb, None), (Add.Rows.Lsb, Twelve), (Add.Columns.Lsb, Twelve), (Add.Index.Lsb - 2, Entry),
        ],
        [Opcode.Softmax] =
        [
            (Softmax.Source.Lsb, None), (Softmax.Output.Lsb, None), (Softmax.Rows.Lsb, Twelve), (Softmax.Columns.Lsb, Twelve), (Softmax.Length0.Lsb, Twelve),
            (Softmax.Index.Lsb - 2, Entry), (Softmax.RowScale.Lsb - 2, Entry),
        ],
        [Opcode.LayerNorm] =
        [
            (LayerNorm.Source.Lsb, None), (LayerNorm.Output8.Lsb, None), (LayerNorm.Output16.Lsb, None), (LayerNorm.Rows.Lsb, Twelve),
            (LayerNorm.Columns.Lsb, Eleven), (LayerNorm.Index.Lsb - 2, Entry),
        ],
    };
}
