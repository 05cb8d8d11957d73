using System.Globalization;
using System.Text;
using Hil.Contract.Microcode;

namespace Hil.Contract.Emit;

/// <summary>Writes the serial vector unit's microcode as a list to read.</summary>
public static class MicrocodeDocument
{
    public const string Path = "docs/microcode-listing.md";

    public static string Emit()
    {
        Assembler code = SerialVector.Code();
        IReadOnlyList<IReadOnlyDictionary<Field, int>> words = code.Words();
        var text = new StringBuilder();
        text.Append("# The serial vector unit's microcode\n\nGenerated from `host/Hil.Contract/Microcode`; do not edit. What the fields mean stands in [microcode.md](microcode.md).\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{words.Count} words of {Field.Bits} bits. Fields that are 0 are left out; `Address` of a constant and of a field as it is encoded.\n\n```\n");
        for (int i = 0; i < words.Count; i++)
        {
            if (code.Comments[i].Length > 0) text.Append(CultureInfo.InvariantCulture, $"\n      ; {code.Comments[i]}\n");
            text.Append(CultureInfo.InvariantCulture, $"{i,4}  {string.Join(' ', words[i].Where(p => p.Value != 0).OrderBy(p => p.Key.Lsb).Select(p => Say(p.Key, p.Value, words[i])))}\n");
        }

        text.Append("```\n");
        return text.ToString();
    }

    private static string Say(Field field, int value, IReadOnlyDictionary<Field, int> word)
    {
        string said = field.Name switch
        {
            nameof(Field.Sequence) => $"{(Sequence)value}",
            nameof(Field.Operand) => $"{(Operand)value}",
            nameof(Field.A) => $"{(A)value}",
            nameof(Field.B) => $"{(B)value}",
            nameof(Field.Carry) => $"{(Carry)value}",
            nameof(Field.Immediate) when word.GetValueOrDefault(Field.Sequence) != 0 => value.ToString(CultureInfo.InvariantCulture),
            nameof(Field.Immediate) when value >= 192 => string.Create(CultureInfo.InvariantCulture, $"f{value - 192}?"),
            nameof(Field.Immediate) when value >= 128 => string.Create(CultureInfo.InvariantCulture, $"f{value - 128}"),
            nameof(Field.Immediate) => $"{(Misc)value}",
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
        return $"{field.Name}={said}";
    }
}
