using System.Buffers.Binary;
using System.Numerics;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Numerics;
using Hil.Contract.Timing;

namespace Hil.Contract.Registers;

/// <summary>The registers that say which core a device has: docs/registers.md, offsets 0 to 0x7F, as one built for a machine by this contract gives them.</summary>
public static class IdentityRegisters
{
    /// <summary>The bytes of a core of this machine; those without a register are 0.</summary>
    public static byte[] Of(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        byte[] bytes = new byte[RegisterMap.IdentityBytes];
        Convert.FromHexString(Identity.ContractHash).CopyTo(bytes, RegisterMap.Named("CONTRACT_HASH").Offset);
        Convert.FromHexString(MachineFile.Hash(machine)).CopyTo(bytes, RegisterMap.Named("MACHINE_HASH").Offset);
        foreach (Register register in Words)
        {
            uint word = register.Fields.Count == 0
                ? unchecked((uint)Value(machine, register.Name, ""))
                : register.Fields.Aggregate(0u, (all, f) => all | (unchecked((uint)Value(machine, register.Name, f.Name)) & Mask(f)) << f.Lsb);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(register.Offset), word);
        }

        return bytes;
    }

    /// <summary>What differs between what a device gave and what it should, register by register and field by field; empty if nothing does.</summary>
    /// <param name="actual"><see cref="RegisterMap.IdentityBytes"/> bytes.</param>
    /// <param name="expected">Likewise.</param>
    public static IReadOnlyList<string> Differences(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        List<string> differences = [];
        foreach (string hash in new[] { "CONTRACT_HASH", "MACHINE_HASH" })
        {
            Register register = RegisterMap.Named(hash);
            string given = Hex(actual, register), due = Hex(expected, register);
            if (given != due) differences.Add($"{hash} is {given[..16]}..., not {due[..16]}...");
        }

        foreach (Register register in Words)
        {
            uint given = BinaryPrimitives.ReadUInt32LittleEndian(actual[register.Offset..]), due = BinaryPrimitives.ReadUInt32LittleEndian(expected[register.Offset..]);
            if (given == due) continue;
            if (register.Fields.Count == 0) differences.Add($"{register.Name} is {given}, not {due}");
            foreach (RegisterField f in register.Fields)
            {
                uint part = given >> f.Lsb & Mask(f), partDue = due >> f.Lsb & Mask(f);
                if (part != partDue) differences.Add($"{register.Name}.{f.Name} is {part}, not {partDue}");
            }
        }

        return differences;
    }

    /// <summary>What the register CLOCK_HZ says of a machine: hertz, 0 where the clock is faster than it can say.</summary>
    public static long ClockHz(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine.ClockHz <= int.MaxValue ? machine.ClockHz : 0;
    }

    private static IEnumerable<Register> Words => RegisterMap.All.Where(r => r.Offset < RegisterMap.IdentityBytes && r.Words == 1);

    private static uint Mask(RegisterField field) => field.Width == 32 ? uint.MaxValue : (1u << field.Width) - 1;

    private static string Hex(ReadOnlySpan<byte> bytes, Register register) => Convert.ToHexStringLower(bytes.Slice(register.Offset, 4 * register.Words));

    private static long Value(Machine m, string register, string field) => (register, field) switch
    {
        ("MAGIC", _) => RegisterMap.Magic,
        ("VERSIONS", "isa") => InstructionSet.Version,
        ("VERSIONS", "numerics") => ConstantTables.Version,
        ("VERSIONS", "timing") => TimingConstants.Version,
        ("VERSIONS", "registers") => RegisterMap.Version,
        ("CLOCK_HZ", _) => ClockHz(m),
        ("SHAPE", "rows") => m.Rows,
        ("SHAPE", "columns") => m.Columns,
        ("SHAPE", "lanes") => m.Lanes,
        ("SHAPE", "word") => m.WordBytes,
        ("SCRATCHPAD", "banks") => m.Scratchpad.Banks,
        ("SCRATCHPAD", "bank") => BitOperations.Log2((uint)m.Scratchpad.BankBytes),
        ("ACCUMULATOR", "rows") => m.AccumulatorRows,
        ("ACCUMULATOR", "tiles") => m.WeightTiles,
        ("PARAMETERS", "entries") => m.ParameterEntries,
        ("PARAMETERS", "rowScales") => m.RowScaleEntries,
        ("ISSUE", "queueDepth") => m.Issue.QueueDepth,
        ("ISSUE", "fetchInstructions") => m.Issue.FetchInstructions,
        ("ISSUE", "dispatchCycles") => m.Issue.DispatchCycles,
        ("ISSUE", "tableSlots") => m.TableSlots,
        ("VECTOR", "normCycles") => m.Vector.NormCycles,
        ("VECTOR", "divideCycles") => m.Vector.DivideCycles,
        ("DEADLOCK_CYCLES", _) => m.Issue.DeadlockCycles,
        ("VECTOR_SLOT", "roundCycles") => m.Vector.RoundCycles,
        ("VECTOR_SLOT", "statisticsCycles") => m.Vector.StatisticsCycles,
        ("VECTOR_SLOT", "lineCycles") => m.Vector.LineCycles,
        ("VECTOR_SLOT", "startCycles") => m.Vector.StartCycles,
        _ => throw new ArgumentException($"{register}.{field} says nothing of a machine.", nameof(register)),
    };
}
