using System.Security.Cryptography;
using System.Text;
using Hil.Contract.Isa;
using Hil.Contract.Numerics;
using Hil.Contract.Registers;
using Hil.Contract.Timing;

namespace Hil.Contract;

/// <summary>What program, device, firmware and calibration compare before anything runs.</summary>
public static class Identity
{
    /// <summary>SHA-256, lower-case hexadecimal, of everything in the contract that two parties must agree on; prose is not part of it.</summary>
    public static string ContractHash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ContractText())));

    /// <summary>What the contract hash is taken of, a fact a line.</summary>
    public static string ContractText()
    {
        var text = new StringBuilder();
        text.Append($"isa {InstructionSet.Version}\nnumerics {ConstantTables.Version}\ntiming {TimingConstants.Version}\nregisters {RegisterMap.Version}\n");
        foreach (InstructionDefinition definition in InstructionSet.All.OrderBy(d => d.Code))
        {
            text.Append($"instruction {(int)definition.Code} {definition.Name} {definition.Unit}\n");
            foreach (Field field in definition.Fields) text.Append($"field {field.Name} {field.Lsb} {field.Width}\n");
            foreach (FormRule rule in FormRules.Of(definition.Code)) text.Append($"rule {(int)rule.Reason} {rule.Text}\n");
        }

        foreach (TrapReason reason in Enum.GetValues<TrapReason>()) text.Append($"trap {(int)reason} {reason}\n");
        foreach ((string name, int value) in TimingConstants.All) text.Append($"timing {name} {value}\n");
        text.Append($"exponentials {string.Join(' ', ConstantTables.Exponentials)}\n");
        text.Append($"seeds {string.Join(' ', ConstantTables.ReciprocalRootSeeds)}\n");
        foreach (Register register in RegisterMap.All)
        {
            text.Append($"register {register.Name} {register.Offset} {register.Words} {register.Access}\n");
            foreach (RegisterField field in register.Fields) text.Append($"bits {field.Name} {field.Lsb} {field.Width}\n");
        }

        return text.ToString();
    }
}
