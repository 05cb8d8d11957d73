using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Specification.Numerics;
using Hil.Specification.Programs;

namespace Hil.Specification.Comparison;

/// <summary>
/// Where a device first differs from the specification: the instruction, found by running ever longer beginnings of the program on both, and the
/// tile, row and column in what it writes.
/// </summary>
public sealed record Divergence(int Instruction, string What)
{
    /// <summary>Null if all memories are equal at the end.</summary>
    /// <param name="run">Runs a program on the device under test, from the same poison and with the same host writes.</param>
    public static Divergence? Find(GeneratedProgram generated, Func<GeneratedProgram, MemorySnapshot> run)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(run);
        if (Specify(generated).FirstDifference(run(generated)) is null)
        {
            return null;
        }

        for (int count = 1; count < generated.Program.InstructionCount; count++)
        {
            GeneratedProgram beginning = Beginning(generated, count, generated.Program[count - 1]);
            if (Specify(beginning).FirstDifference(run(beginning)) is { } difference)
            {
                return new Divergence(count - 1, Describe(generated, count - 1, difference, run));
            }
        }

        return new Divergence(generated.Program.InstructionCount - 1, $"{generated}: only the whole program differs, none of its beginnings.");
    }

    /// <summary>Memories after the program, by the specification.</summary>
    public static MemorySnapshot Specify(GeneratedProgram generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        var state = new DeviceState(generated.Machine, generated.PoisonSeed);
        foreach (HostWrite write in generated.HostWrites)
        {
            state.Main.Write(write.Address, write.Bytes);
        }

        new Executor(state).Run(generated.Program);
        return MemorySnapshot.Of(state, generated.HostWrites);
    }

    /// <summary>The first instructions, the last of them replaced, and END.</summary>
    private static GeneratedProgram Beginning(GeneratedProgram generated, int count, Instruction last)
    {
        ProgramImage program = generated.Program;
        byte[] image = program.Image.ToArray();
        int first = checked((int)(program.Entry - program.ImageBase));
        last.WriteTo(image.AsSpan(first + ((count - 1) * Contract.Isa.Instruction.Bytes)));
        Contract.Isa.Instruction.Of(End.Definition).WriteTo(image.AsSpan(first + (count * Contract.Isa.Instruction.Bytes)));
        return generated with
        {
            Program = program with
            {
                Image = image,
                InstructionCount = count + 1,
                Layers = [new ProgramLayer("beginning", "", 0, count + 1, 0, 0)],
            },
        };
    }

    private static string Describe(
        GeneratedProgram generated,
        int index,
        (string Memory, int Offset, byte Expected, byte Actual) difference,
        Func<GeneratedProgram, MemorySnapshot> run)
    {
        Instruction instruction = generated.Program[index];
        string tile = instruction.Opcode == Opcode.Compute ? $", {FirstTile(generated, index, run)}" : "";
        return $"{generated}: instruction {index} ({Print(instruction)}){tile}, {difference.Memory} byte {difference.Offset}"
            + $"{Position(generated.Machine, instruction, difference.Memory, difference.Offset)}: "
            + $"expected 0x{difference.Expected:X2}, got 0x{difference.Actual:X2}.";
    }

    private static string FirstTile(GeneratedProgram generated, int index, Func<GeneratedProgram, MemorySnapshot> run)
    {
        Instruction instruction = generated.Program[index];
        for (uint tiles = 0; tiles < instruction[Compute.Tiles]; tiles++)
        {
            GeneratedProgram fewer = Beginning(generated, index + 1, instruction.With(Compute.Tiles, tiles));
            if (Specify(fewer).FirstDifference(run(fewer)) is not null)
            {
                return tiles == 0 ? "before the first tile" : $"tile {tiles - 1}";
            }
        }

        return instruction[Compute.Tiles] == 0 ? "no tiles" : $"tile {instruction[Compute.Tiles] - 1}";
    }

    private static string Position(Machine machine, Instruction i, string memory, int offset)
    {
        if (memory == "accumulators")
        {
            int value = offset / sizeof(int);
            int half = machine.AccumulatorRows * machine.Columns;
            return $" (half {value / half}, row {value % half / machine.Columns}, column {value % machine.Columns})";
        }

        if (memory == "scratchpad" && Output(machine, i, offset) is { } output)
        {
            long row = output.StrideBytes == 0 ? 0 : (offset - output.Address) / output.StrideBytes;
            long column = (offset - output.Address - (row * output.StrideBytes)) / output.ElementBytes;
            return $" (row {row}, column {column})";
        }

        return memory switch
        {
            "parameters" => $" (entry {offset / 8})",
            "tables" => $" (table {offset / 256}, index {offset % 256})",
            "row scales" => $" (row scale {offset / 4})",
            _ => "",
        };
    }

    private static (long Address, long StrideBytes, int ElementBytes)? Output(Machine machine, Instruction i, int offset)
    {
        long word = machine.WordBytes;
        long Dense(Field columns, int bytes) => ((i[columns] * bytes) + word - 1) / word * word;
        bool inNarrow = i.Opcode == Opcode.LayerNorm && i.Flag(LayerNorm.Write8)
            && offset >= i[LayerNorm.Output8] && offset < i[LayerNorm.Output8] + (i[LayerNorm.Rows] * Dense(LayerNorm.Columns, 1));
        return i.Opcode switch
        {
            Opcode.Load => (i[Load.Scratch], i[Load.Stride] * word, 1),
            Opcode.Requantize => (i[Requantize.Output], i[Requantize.Stride] * word, i.Flag(Requantize.Wide) ? 2 : 1),
            Opcode.LayerNorm when inNarrow => (i[LayerNorm.Output8], Dense(LayerNorm.Columns, 1), 1),
            Opcode.LayerNorm => (i[LayerNorm.Output16], Dense(LayerNorm.Columns, 2), 2),
            Opcode.Softmax => (i[Softmax.Output], Dense(Softmax.Columns, 1), 1),
            Opcode.Map => (i[Map.Output], i[Map.OutputStride] * word, i.Flag(Map.WideOutput) ? 2 : 1),
            Opcode.Add => (i[Add.Output], Dense(Add.Columns, 2), 2),
            _ => null,
        };
    }

    private static string Print(Instruction i) =>
        InstructionSet.Find(i.Opcode) is not { } definition
            ? $"opcode 0x{(int)i.Opcode:X2}"
            : $"{definition.Name} {string.Join(' ', definition.Fields.Select(f => $"{f.Name}={i[f]}"))}";
}
