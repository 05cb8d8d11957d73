using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Numerics;
using Hil.Contract.Registers;
using Hil.Contract.Timing;

namespace Hil.Contract.Emit;

/// <summary>Writes the contract as a SystemVerilog package of constants, in the subset that Verilator and every Yosys read alike.</summary>
public static class SystemVerilogPackage
{
    public const string Path = "fpga/rtl/generated/hil_contract_pkg.sv";

    public static string Emit()
    {
        var text = new StringBuilder();
        text.Append("// The contract as constants: instruction set, traps, timing, registers, tables.\n// Generated from host/Hil.Contract; do not edit.\n\n// Each user takes only some of the constants.\n/* verilator lint_off UNUSEDPARAM */\npackage hil_contract_pkg;\n\n");
        Whole(text, "IsaVersion", InstructionSet.Version);
        Whole(text, "NumericsVersion", ConstantTables.Version);
        Whole(text, "TimingVersion", TimingConstants.Version);
        Whole(text, "RegistersVersion", RegisterMap.Version);
        text.Append($"  // SHA-256 of the contract; its first byte is the lowest.\n  localparam logic [255:0] ContractHash =\n      256'h{Reversed(Identity.ContractHash)};\n");

        text.Append("\n  // Units, in the order of their token bits.\n");
        Whole(text, "UnitCount", Units.Count);
        foreach (Unit unit in Units.Executing) Whole(text, $"Unit{unit}", (int)unit);

        text.Append("\n  // Fields that every instruction has.\n");
        Whole(text, "InstructionBits", Instruction.Bits);
        Whole(text, "InstructionBytes", Instruction.Bytes);
        foreach (Field field in new[] { Common.Opcode, Common.Wait, Common.Post }) Range(text, "", field);

        foreach (InstructionDefinition definition in InstructionSet.All)
        {
            string name = Names.Pascal(definition.Name);
            text.Append($"\n  // {definition.Name}\n");
            text.Append($"  localparam logic [5:0] Op{name} = 6'h{(int)definition.Code:x2};\n");
            foreach (Field field in definition.Fields) Range(text, name, field);
            text.Append($"  localparam logic [127:0] {name}UsedBits = 128'h{definition.UsedBits:x32};\n");
            Whole(text, $"{name}UsedCount", definition.UsedCount);
        }

        text.Append("\n  // Why a segment stopped.\n");
        Whole(text, "TrapReasonWidth", 4);
        foreach (TrapReason reason in Enum.GetValues<TrapReason>())
            text.Append($"  localparam logic [3:0] Trap{reason} = 4'd{(int)reason};\n");

        text.Append("\n  // Form rules.\n");
        Whole(text, "LayerNormMaxColumns", FormRules.LayerNormMaxColumns);
        Whole(text, "MainAlignmentBytes", FormRules.MainAlignmentBytes);

        text.Append("\n  // Timing.\n");
        foreach ((string name, int value) in TimingConstants.All) Whole(text, name, value);

        text.Append("\n  // Registers, by byte offset.\n");
        text.Append($"  localparam logic [31:0] Magic = 32'h{RegisterMap.Magic:x8};\n");
        foreach (Register register in RegisterMap.All)
        {
            string name = Names.Pascal(register.Name);
            text.Append($"  localparam logic [11:0] Reg{name} = 12'h{register.Offset:x3};\n");
            foreach (RegisterField field in register.Fields)
            {
                Whole(text, $"Reg{name}{Names.Pascal(field.Name)}Lsb", field.Lsb);
                Whole(text, $"Reg{name}{Names.Pascal(field.Name)}Width", field.Width);
            }
        }

        text.Append("\n  // The identity: bytes from offset 0 on, and where the core's port for counters gives it.\n");
        Whole(text, "IdentityBytes", RegisterMap.IdentityBytes);
        Whole(text, "IdentitySelect", RegisterMap.IdentitySelect);
        text.Append("\n  // Counters, by index; counter n is the register pair RegCounterBase + 8n.\n");
        text.Append($"  localparam logic [11:0] RegCounterBase = 12'h{RegisterMap.CounterBase:x3};\n");
        Whole(text, "CounterCount", RegisterMap.CounterNames.Count);
        for (int i = 0; i < RegisterMap.CounterNames.Count; i++)
            Whole(text, $"Counter{Names.Pascal(RegisterMap.CounterNames[i])}", i);

        text.Append("\n  // Tables of the vector unit.\n");
        Function(text, "exponential", 8, 15, ConstantTables.Exponentials);
        Function(text, "reciprocal_root_seed", 7, 9, ConstantTables.ReciprocalRootSeeds);
        text.Append("endpackage\n/* verilator lint_on UNUSEDPARAM */\n");
        return text.ToString();
    }

    /// <summary>A hash as a hexadecimal literal whose lowest byte is the hash's first.</summary>
    internal static string Reversed(string hash) =>
        Convert.ToHexStringLower([.. Convert.FromHexString(hash).Reverse()]);

    internal static void Whole(StringBuilder text, string name, long value) =>
        text.Append($"  localparam int unsigned {name} = {value};\n");

    private static void Range(StringBuilder text, string instruction, Field field)
    {
        Whole(text, $"{instruction}{Names.Pascal(field.Name)}Lsb", field.Lsb);
        Whole(text, $"{instruction}{Names.Pascal(field.Name)}Width", field.Width);
    }

    private static void Function(StringBuilder text, string name, int indexWidth, int width, IReadOnlyList<ushort> values)
    {
        text.Append($"  function automatic logic [{width - 1}:0] {name}(input logic [{indexWidth - 1}:0] index);\n    case (index)\n");
        for (int i = 0; i < values.Count; i++) text.Append($"      {indexWidth}'d{i}: {name} = {width}'d{values[i]};\n");
        text.Append($"      default: {name} = {width}'d0;\n    endcase\n  endfunction\n\n");
    }
}
