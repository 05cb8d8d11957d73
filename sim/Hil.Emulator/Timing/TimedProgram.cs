using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Timing;

/// <summary>What the timing pass needs of one instruction.</summary>
public readonly record struct TimedInstruction(
    Unit Unit, byte Wait, byte Post, TrapReason Illegal, long Duration, long PortAddress, long PortBytes, int Tiles, int Rows);

/// <summary>The instructions of a program, decoded once for the timing pass.</summary>
public static class TimedProgram
{
    public static TimedInstruction[] Decode(Machine machine, ProgramImage program, TimingRules rules)
    {
        var result = new TimedInstruction[program.InstructionCount];
        for (int i = 0; i < result.Length; i++) result[i] = Decode(machine, program[i], rules);
        return result;
    }

    /// <exception cref="HilException">The instruction names main memory that the machine does not have.</exception>
    public static MemoryRegion Region(Machine machine, long address, long bytes) =>
        machine.RegionOf(address, bytes) ?? throw new HilException(
            ExitKind.BadInput,
            $"An instruction touches {bytes} bytes at 0x{address:X}, where the machine {machine.Name} has no memory.",
            "program", "Compile it for this machine, and verify it.");

    private static TimedInstruction Decode(Machine machine, Instruction i, TimingRules rules)
    {
        TrapReason illegal = FormRules.Check(i, machine);
        if (illegal != TrapReason.None)
            return new(InstructionSet.Find(i.Opcode)?.Unit ?? Unit.Control, 0, 0, illegal, 0, 0, 0, 0, 0);
        Unit unit = InstructionSet.Find(i.Opcode)!.Unit;
        if (unit == Unit.Control) return new(unit, 0, 0, TrapReason.None, 0, 0, 0, 0, 0);
        long bytes = rules.PortBytes(i);
        bool compute = i.Opcode == Opcode.Compute;
        return new(
            unit, (byte)i.Wait, (byte)i.Post, TrapReason.None,
            bytes == 0 ? rules.Duration(i) : 0,
            bytes == 0 ? 0 : TimingRules.PortAddress(i),
            bytes,
            compute ? (int)i[Compute.Tiles] : 0,
            compute ? (int)i[Compute.Rows] : 0);
    }
}
