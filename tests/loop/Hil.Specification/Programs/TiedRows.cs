using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Specification.Programs;

/// <summary>
/// LAYER_NORM of rows whose normalised values lie half way between two integers, which random rows hardly ever do: two elements that differ by a
/// power of two, so that a tie needs only four trailing zeros in the reciprocal root, which the epsilon varies.
/// </summary>
public static class TiedRows
{
    private const int Rows = 14;

    public static GeneratedProgram Make(uint epsilon)
    {
        var machine = new Machine(
            "tied-rows", "", true, 1_000_000, new ArrayShape(4, 2), new ScratchpadShape(2, 1024, 4), 16, 4, 16, 1, 4,
            new VectorShape(1, 0, 0, 0, 8, 10, 10), new IssueShape(2, 4, 1, 1000),
            [new MemoryRegion("flash", 0, 65536, false, 16, 0, 1, 2, 256, 0, 0, "none: a test")], CounterSet.Full,
            new EnergyModel(0, 0, 0, 0, 0, "none: a test"));
        const uint dataAt = 64;
        const int codeAt = 128;
        Instruction[] code =
        [
            Instruction.Of(LoadParameters.Definition, (LoadParameters.Count, 4u)),
            Instruction.Of(Load.Definition, (Load.Main, dataAt), (Load.Rows, (uint)Rows), (Load.RowWords, 1u), (Load.Stride, 1u))
                .WithTokens(UnitSet.None, UnitSet.Vector),
            Instruction.Of(
                LayerNorm.Definition, (LayerNorm.Output16, 1024u), (LayerNorm.Rows, (uint)Rows), (LayerNorm.Columns, 2u), (LayerNorm.Write16, 1u))
                .WithTokens(UnitSet.Load, UnitSet.None),
            Instruction.Of(End.Definition),
        ];
        var image = new byte[codeAt + (code.Length * Instruction.Bytes)];
        for (int c = 0; c < 2; c++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan((8 * c) + 4), 1);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(16), epsilon);
        for (int row = 0; row < Rows; row++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan((int)dataAt + (4 * row)), (short)(1 << row));
        }

        for (int i = 0; i < code.Length; i++)
        {
            code[i].WriteTo(image.AsSpan(codeAt + (i * Instruction.Bytes)));
        }

        var program = new ProgramImage(
            $"tied-rows-{epsilon}", machine.Name, "", "", 0, image, codeAt, code.Length, [], [], [],
            [new ProgramLayer("all", "", 0, code.Length, 0, 0)], [], new Dictionary<string, string>());
        return new GeneratedProgram(unchecked((int)epsilon), machine, program, [], 1);
    }
}
