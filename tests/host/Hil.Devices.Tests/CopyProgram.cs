using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Devices.Tests;

/// <summary>A program for the icebreaker that copies eight int16 by MAP.</summary>
internal static class CopyProgram
{
    public static readonly Machine Machine = MachineFile.Bundled("icebreaker");

    public static readonly TensorPlace Input = Place("x", 0);

    public static readonly TensorPlace Output = Place("y", 65536);

    public static ProgramImage Make()
    {
        Instruction[] code =
        [
            Instruction.Of(LoadParameters.Definition, new ValueTuple<Field, uint>[] { (LoadParameters.Main, 4096), (LoadParameters.Count, 2) })
                .WithTokens(UnitSet.None, UnitSet.Vector),
            Instruction.Of(Map.Definition, new ValueTuple<Field, uint>[]
            {
                (Map.Output, 65536), (Map.Rows, 1), (Map.Columns, 8), (Map.WideSource, 1), (Map.WideOutput, 1),
            }).WithTokens(UnitSet.Load, UnitSet.None),
            Instruction.Of(End.Definition),
        ];
        var image = new byte[4096 + 16];
        for (int i = 0; i < code.Length; i++) code[i].WriteTo(image.AsSpan(i * Instruction.Bytes));
        image[4096 + 4] = 1;
        return ProgramFile.Bind(
            new ProgramImage(
                "copy", "", "", "", 0, image, 0, code.Length, [Input], [Output], [Output],
                [new ProgramLayer("copy", "Map", 0, code.Length, 0, 0)], [], new Dictionary<string, string>()),
            Machine);
    }

    private static TensorPlace Place(string name, int address) =>
        new(name, Space.Scratchpad, address, 0, 1, 8, 16, ElementType.Int16, 0.5, 0, 0);
}
