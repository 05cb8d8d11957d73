using System.Text;
using Hil.Contract.Numerics;

namespace Hil.Contract.Emit;

/// <summary>Writes docs/numerics-tables.md.</summary>
public static class TablesDocument
{
    public const string Path = "docs/numerics-tables.md";

    private const int PerLine = 16;

    public static string Emit()
    {
        var text = new StringBuilder("# Tables of the numerics contract\n\nGenerated from `Hil.Contract.Numerics.ConstantTables`; do not edit. ");
        text.Append("A test checks every entry against its formula in exact integer arithmetic.\n\n");
        Table(text, "Exponentials: T[i] = round(127·2^(8 − i/256)), 15 bits (numerics, section 7)", ConstantTables.Exponentials);
        Table(text, "Seeds: seed[i] = round(2¹⁵·(1/√(512(i+32)) + 1/√(512(i+33) − 1))), 9 bits (numerics, section 6)", ConstantTables.ReciprocalRootSeeds);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<ushort> values)
    {
        text.Append($"## {title}\n\n| i | {string.Join(" | ", Enumerable.Range(0, PerLine).Select(i => $"+{i}"))} |\n|{string.Concat(Enumerable.Repeat("---|", PerLine + 1))}\n");
        for (int i = 0; i < values.Count; i += PerLine) text.Append($"| {i} | {string.Join(" | ", values.Skip(i).Take(PerLine))} |\n");
        text.Append('\n');
    }
}
