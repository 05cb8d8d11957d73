using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Numerics;
using Hil.Contract.Registers;
using Hil.Contract.Timing;

namespace Hil.Contract.Emit;

/// <summary>Writes what the firmware needs of the contract as a C header.</summary>
public static class CHeader
{
    public const string Path = "firmware/link/hil_contract.h";

    public static string Emit()
    {
        var text = new StringBuilder();
        text.Append("/* The contract as constants: registers, counters, traps, identity.\n * Generated from host/Hil.Contract; do not edit. */\n");
        text.Append("#ifndef HIL_CONTRACT_H\n#define HIL_CONTRACT_H\n\n");
        Define(text, "HIL_ISA_VERSION", InstructionSet.Version);
        Define(text, "HIL_NUMERICS_VERSION", ConstantTables.Version);
        Define(text, "HIL_TIMING_VERSION", TimingConstants.Version);
        Define(text, "HIL_REGISTERS_VERSION", RegisterMap.Version);
        Define(text, "HIL_INSTRUCTION_BYTES", Instruction.Bytes);
        text.Append($"\n/* SHA-256 of the contract, first byte first. */\n#define HIL_CONTRACT_HASH_BYTES \\\n  {{{Bytes(Identity.ContractHash)}}}\n");

        text.Append("\n/* Why a segment stopped. */\n");
        foreach (TrapReason reason in Enum.GetValues<TrapReason>()) Define(text, $"HIL_TRAP_{Names.Upper(reason.ToString())}", (int)reason);

        text.Append("\n/* Registers, by byte offset; fields by lowest bit and mask in place. */\n");
        text.Append($"#define HIL_MAGIC 0x{RegisterMap.Magic:X8}u\n");
        foreach (Register register in RegisterMap.All)
        {
            text.Append($"#define HIL_REG_{register.Name} 0x{register.Offset:X3}u\n");
            foreach (RegisterField field in register.Fields)
            {
                string name = $"HIL_REG_{register.Name}_{Names.Upper(field.Name)}";
                Define(text, $"{name}_LSB", field.Lsb);
                text.Append($"#define {name}_MASK 0x{((1UL << field.Width) - 1) << field.Lsb:X8}u\n");
            }
        }

        text.Append("\n/* The identity: bytes from offset 0 on, and where the core's port for counters gives it. */\n");
        Define(text, "HIL_IDENTITY_BYTES", RegisterMap.IdentityBytes);
        Define(text, "HIL_IDENTITY_SELECT", RegisterMap.IdentitySelect);
        text.Append("\n/* Counters, by index; counter n is the pair of registers at HIL_COUNTER_BASE + 8n, low word first. */\n");
        text.Append($"#define HIL_COUNTER_BASE 0x{RegisterMap.CounterBase:X3}u\n");
        Define(text, "HIL_COUNTER_COUNT", RegisterMap.CounterNames.Count);
        for (int i = 0; i < RegisterMap.CounterNames.Count; i++)
            Define(text, $"HIL_COUNTER_{Names.Upper(RegisterMap.CounterNames[i])}", i);
        text.Append("\n#endif\n");
        return text.ToString();
    }

    private static void Define(StringBuilder text, string name, int value) => text.Append($"#define {name} {value}u\n");

    private static string Bytes(string hash) =>
        string.Join(", \\\n   ", Convert.FromHexString(hash).Chunk(8).Select(line => string.Join(", ", line.Select(b => $"0x{b:x2}"))));
}
