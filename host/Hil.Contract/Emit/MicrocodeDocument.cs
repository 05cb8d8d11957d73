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
        var store = new ControlStore(words);
        var text = new StringBuilder();
        text.Append("# The serial vector unit's microcode\n\nGenerated from `host/Hil.Contract/Microcode`; do not edit. What the fields mean stands in [microcode.md](microcode.md).\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{words.Count} words of {ControlStore.WordBits} bits, {store.Controls.Count} control words of {Field.ControlBits}. Fields that are 0 are left out.\n\n```\n");
        for (int i = 0; i < words.Count; i++)
        {
            if (code.Comments[i].Length > 0) text.Append(CultureInfo.InvariantCulture, $"\n      ; {code.Comments[i]}\n");
            text.Append(CultureInfo.InvariantCulture, $"{i,4}  {string.Join(' ', words[i].Where(p => p.Value != 0).OrderBy(p => _order.IndexOf(p.Key)).Select(p => Say(p.Key, p.Value)))}\n");
        }

        text.Append("```\n");
        return text.ToString();
    }

    private static readonly List<Field> _order = [Field.Branch, Field.Target, Field.Step, .. Field.All];

    private static string Say(Field field, int value)
    {
        string said = field.Name switch
        {
            nameof(Field.Branch) => $"{(Branch)value}",
            nameof(Field.Operand) => $"{(Operand)value}",
            nameof(Field.A) => $"{(A)value}",
            nameof(Field.B) => $"{(B)value}",
            nameof(Field.Carry) => $"{(Carry)value}",
            nameof(Field.Step) when value >= 96 => string.Create(CultureInfo.InvariantCulture, $"f{value - 64}?"),
            nameof(Field.Step) when value >= 32 => string.Create(CultureInfo.InvariantCulture, $"f{value - 32}"),
            nameof(Field.Step) => $"{(Misc)value}",
            nameof(Field.Read) when value >= 64 => string.Create(CultureInfo.InvariantCulture, $"f{value - 64}"),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
        return $"{field.Name}={said}";
    }
}
