using Hil.Contract.Isa;

namespace Hil.Emulator.Tests;

internal static class Code
{
    /// <summary>An instruction from plain integers.</summary>
    public static Instruction Of(InstructionDefinition definition, params (Field Field, int Value)[] values) =>
        Instruction.Of(definition, values.Select(v => (v.Field, (uint)v.Value)).ToArray());
}
