using System.Globalization;
using System.Numerics;
using System.Text;
using Hil.Contract.Microcode;

namespace Hil.Contract.Emit;

/// <summary>Writes the serial vector unit's microcode and constants as a SystemVerilog package.</summary>
public static class SystemVerilogMicrocode
{
    public const string Path = "fpga/rtl/generated/hil_vector_code_pkg.sv";

    public static string Emit()
    {
        Assembler code = SerialVector.Code();
        var store = new ControlStore(code.Words());

        var text = new StringBuilder();
        text.Append("// The serial vector unit's microcode: words, control words, what their fields say, and the constants behind the parameters.\n// Generated from host/Hil.Contract/Microcode; do not edit.\n\n// Each user takes only some of the constants.\n/* verilator lint_off UNUSEDPARAM */\npackage hil_vector_code_pkg;\n\n");
        SystemVerilogPackage.Whole(text, "Bits", Field.Bits);
        SystemVerilogPackage.Whole(text, "RoundCycles", SerialVector.RoundCycles);
        SystemVerilogPackage.Whole(text, "StatisticsCycles", SerialVector.StatisticsCycles);
        SystemVerilogPackage.Whole(text, "LineCycles", SerialVector.LineCycles);
        SystemVerilogPackage.Whole(text, "StartCycles", SerialVector.StartCycles);
        SystemVerilogPackage.Whole(text, "NormCycles", SerialVector.NormCycles);
        SystemVerilogPackage.Whole(text, "DivideCycles", SerialVector.DivideCycles);
        SystemVerilogPackage.Whole(text, "Entries", Constants.Entries);
        SystemVerilogPackage.Whole(text, "RowScales", SerialVector.RowScales);
        SystemVerilogPackage.Whole(text, "WordBits", ControlStore.WordBits);
        SystemVerilogPackage.Whole(text, "WordAddrW", int.Log2(ControlStore.MostWords));
        SystemVerilogPackage.Whole(text, "ControlBits", Field.ControlBits);
        SystemVerilogPackage.Whole(text, "ControlAddrW", int.Log2(ControlStore.MostControls));
        text.Append("\n  // Fields of a word.\n");
        SystemVerilogPackage.Whole(text, "BranchBit", ControlStore.BranchBit);
        foreach (Field field in (Field[])[Field.Step, Field.Branch, Field.Target])
        {
            SystemVerilogPackage.Whole(text, $"{field.Name}Lsb", field.Lsb);
            SystemVerilogPackage.Whole(text, $"{field.Name}Width", field.Width);
        }

        text.Append("\n  // Fields of a control word, its groups taken apart.\n");
        foreach (Field field in Field.All)
        {
            SystemVerilogPackage.Whole(text, $"{field.Name}Lsb", field.Lsb);
            SystemVerilogPackage.Whole(text, $"{field.Name}Width", field.Width);
        }

        Values<Branch>(text, Field.Branch.Width);
        Values<Operand>(text, Field.Operand.Width);
        Values<Misc>(text, 5);
        Table(text, "code", int.Log2(ControlStore.MostWords), ControlStore.WordBits, [.. store.Words.Select(w => (BigInteger)w)], code.Comments);
        Table(text, "control", int.Log2(ControlStore.MostControls), Field.ControlBits, [.. store.Controls.Select(w => (BigInteger)w)], []);
        Fields(text, store);
        Table(text, "constant", int.Log2(Constants.Words), 16, [.. Constants.All().Select(w => (BigInteger)w)], []);
        text.Append("endpackage\n/* verilator lint_on UNUSEDPARAM */\n");
        return text.ToString();
    }

    /// <summary>The fields of a control word: those of no group as they are, then each group's number looked up.</summary>
    private static void Fields(StringBuilder text, ControlStore store)
    {
        var parts = new List<string> { $"word[{Field.PlainBits - 1}:0]" };
        for (int g = 0; g < Field.Groups.Count; g++)
        {
            string name = Field.Groups[g].Name;
            Table(text, name, Field.GroupBits, Field.Groups[g].Fields.Sum(f => f.Width), [.. store.Groups[g].Select(v => (BigInteger)v)], []);
            parts.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{name}(word[{Field.PlainBits + (Field.GroupBits * g)}+:{Field.GroupBits}])"));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n  function automatic logic [{Field.Bits - 1}:0] fields(input logic [{Field.ControlBits - 1}:0] word);\n    fields = {{{string.Join(", ", parts)}}};\n  endfunction\n");
    }

    private static void Values<T>(StringBuilder text, int width)
        where T : struct, Enum
    {
        text.Append(CultureInfo.InvariantCulture, $"\n  // {typeof(T).Name}\n");
        foreach (T value in Enum.GetValues<T>())
            text.Append(CultureInfo.InvariantCulture, $"  localparam logic [{width - 1}:0] {typeof(T).Name}{value} = {width}'d{Convert.ToInt32(value, CultureInfo.InvariantCulture)};\n");
    }

    private static void Table(StringBuilder text, string name, int indexWidth, int width, IReadOnlyList<BigInteger> values, IReadOnlyList<string> comments)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n  function automatic logic [{width - 1}:0] {name}(input logic [{indexWidth - 1}:0] index);\n    case (index)\n");
        for (int i = 0; i < values.Count; i++)
        {
            string comment = i < comments.Count && comments[i].Length > 0 ? $"  // {comments[i]}" : "";
            if (values[i].IsZero && comment.Length == 0) continue;
            string digits = values[i].ToString($"x{(width + 3) / 4}", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"      {indexWidth}'d{i}: {name} = {width}'h{digits[^((width + 3) / 4)..]};{comment}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"      default: {name} = {width}'d0;\n    endcase\n  endfunction\n");
    }
}
