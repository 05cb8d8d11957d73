using System.Globalization;
using System.Text;

namespace Hil.Contract.Isa;

/// <summary>
/// One instruction as text: <c>NAME field=value … wait=Unit,Unit post=Unit</c>. Fields that are zero are left out; values are decimal or 0x….
/// A word that is no instruction is <c>.word 0x…</c>.
/// </summary>
public static class InstructionText
{
    private static readonly Dictionary<string, InstructionDefinition> ByName = InstructionSet.All.ToDictionary(d => d.Name, StringComparer.Ordinal);

    public static string Print(Instruction instruction)
    {
        InstructionDefinition? definition = InstructionSet.Find(instruction.Opcode);
        if (definition is null || (instruction.Word & ~definition.UsedBits) != UInt128.Zero) return $".word 0x{instruction.Word:x32}";
        var text = new StringBuilder(definition.Name);
        foreach (Field field in definition.Fields)
        {
            uint value = instruction[field];
            if (value == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $" {field.Name}=");
            if (IsAddress(field)) text.Append(CultureInfo.InvariantCulture, $"0x{value:x}");
            else text.Append(value);
        }

        Units(text, "wait", instruction.Wait);
        Units(text, "post", instruction.Post);
        return text.ToString();
    }

    /// <exception cref="EncodingException">The line is no instruction.</exception>
    public static Instruction Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new EncodingException("The line is empty.");
        if (words[0] == ".word")
        {
            return words.Length == 2 && words[1].StartsWith("0x", StringComparison.Ordinal) && words[1].Length <= 34
                && UInt128.TryParse(words[1].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 word)
                ? new Instruction(word)
                : throw new EncodingException(".word takes one number of at most 128 bits, 0x….");
        }

        if (!ByName.TryGetValue(words[0], out InstructionDefinition? definition)) throw new EncodingException($"There is no instruction {words[0]}.");
        Instruction instruction = Instruction.Of(definition);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in words[1..])
        {
            string[] parts = word.Split('=');
            if (parts.Length != 2) throw new EncodingException($"{word} is not of the form field=value.");
            if (!given.Add(parts[0])) throw new EncodingException($"{parts[0]} is given twice.");
            instruction = parts[0] switch
            {
                "wait" => instruction.With(Common.Wait, (uint)UnitsOf(parts[1])),
                "post" => instruction.With(Common.Post, (uint)UnitsOf(parts[1])),
                _ => instruction.With(definition.FieldNamed(parts[0]), Number(parts[1])),
            };
        }

        return instruction;
    }

    // 24 bits and more are addresses; shorter fields are counts, indices and flags.
    private static bool IsAddress(Field field) => field.Width >= 24;

    private static void Units(StringBuilder text, string name, UnitSet units)
    {
        if (units == UnitSet.None) return;
        text.Append(' ').Append(name).Append('=').AppendJoin(',', Isa.Units.Executing.Where(u => ((int)units & (1 << (int)u)) != 0));
    }

    private static UnitSet UnitsOf(string text)
    {
        UnitSet units = UnitSet.None;
        foreach (string name in text.Split(','))
        {
            Unit unit = Isa.Units.Executing.FirstOrDefault(u => u.ToString() == name, Unit.Control);
            if (unit == Unit.Control) throw new EncodingException($"There is no unit {name}.");
            units |= (UnitSet)(1 << (int)unit);
        }

        return units;
    }

    private static uint Number(string text)
    {
        bool hex = text.StartsWith("0x", StringComparison.Ordinal);
        return uint.TryParse(
            hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw new EncodingException($"{text} is not a number of at most 32 bits.");
    }
}
